"""What the person wrote in a mail, without what the mail program quoted, and without the signature.

There is no standard for quoting but the leading ``>`` (RFC 3676 section 4.5); the rest are the habits of mail programs.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from relent.mail import phrases

# "On Monday, Ann wrote:" in the languages met; the line after which a program puts the quoted mail.
_ATTRIBUTION = phrases.any_of(
    r"^on .{1,300}(?:wrote|writes|said)\s*:\s*$",
    r"^.{1,200}(?:wrote|writes) on .{1,100}:\s*$",
    r"^am .{1,300}schrieb.{0,200}:\s*$",
    r"^le .{1,300}a [ée]crit\s*:\s*$",
    r"^el .{1,300}escribi[óo]\s*:\s*$",
    r"^il .{1,300}ha scritto\s*:\s*$",
    r"^em .{1,300}escreveu\s*:\s*$",
    r"^op .{1,300}schreef.{0,200}:\s*$",
    r"^den .{1,300}skrev.{0,200}:\s*$",
    r"^\d{4}年\d{1,2}月\d{1,2}日.{0,300}[:：]\s*$",
    r"^\d{4}[/-]\d{1,2}[/-]\d{1,2}.{0,200}<[^<>]{3,200}@[^<>]{3,200}>[^<>]{0,20}[:：]?\s*$",
    r"^.{0,200}(?:さん|様)は書きました[:：]?\s*$",
    r"^.{0,200}wrote:\s*$",
)
# A line after which everything is the other mail.
_CUT = re.compile(
    r"-{2,}\s*(?:original (?:message|appointment)|forwarded message|reply message|ursprüngliche nachricht|"
    r"weitergeleitete nachricht|message d'origine|mensaje original|messaggio originale|元のメッセージ|"
    r"転送メッセージ|転送されたメッセージ).{0,40}$|"
    r"begin forwarded message\s*:",
    re.IGNORECASE,
)
# The headers that Outlook copies above a quoted mail: two of them in a row make a quotation.
_COPIED_HEADER = re.compile(
    r"^[*> ]*(?:from|sent|to|cc|date|subject|von|gesendet|an|betreff|de|envoyé|à|objet|enviado|para|asunto|"
    r"差出人|送信日時|宛先|件名|日時)\s*\*?\s*[:：]\s*\*?\s*\S",
    re.IGNORECASE,
)
_FIRST_COPIED = re.compile(r"^[*> ]*(?:from|von|de|差出人|送信者)\s*\*?\s*[:：]", re.IGNORECASE)
_SENT_FROM = re.compile(
    r"(?:sent|get|gesendet|envoyé|enviado|inviato) (?:from|mit|von|depuis|desde|da|outlook|using)\b.{0,80}$|"
    r".{0,20}(?:iPhone|iPad|Android|スマートフォン)から送信.{0,20}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^_{10,}\s*$")
_MOST_LINES = 5000  # of a text that are looked at


def written(text: str) -> str:
    """Return the lines a person wrote. Answers between quoted lines are kept; all quotation gives ``""``."""
    return "\n".join(text[start:end] for start, end in own(text).spans).strip()


@dataclass(frozen=True, slots=True)
class Own:
    """Where the lines stand that a person wrote: from the first character to after the last of each. ``quotes``:
    another mail is quoted besides, ``below`` them all or between."""

    spans: tuple[tuple[int, int], ...]
    quotes: bool


def own(text: str) -> Own:
    """Find the lines that a person wrote."""
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    kept: list[int] = []
    quotes, index = False, 0
    while index < len(lines):
        line = lines[index].strip()
        if line.startswith(">"):
            quotes = True
        elif line in ("--", "-- "):  # RFC 3676 section 4.3: a signature follows
            break
        elif cuts(lines, index):
            quotes = True
            break
        elif skipped := attribution(lines, index):
            quotes = True
            if not _quoted_below(lines, index + skipped):
                break  # what follows is the quoted mail, not marked line by line
            index += skipped - 1
        elif not _SENT_FROM.match(line):
            kept.append(index)
        index += 1
    return Own(tuple((starts[one], starts[one] + len(lines[one])) for one in kept), quotes)


def cuts(lines: list[str], index: int) -> bool:
    """Whether the line at ``index`` is one below which everything is another mail."""
    line = lines[index].strip()
    if len(line) > 400:
        return False
    if _RULE.match(line):
        return any(_FIRST_COPIED.match(below) for below in lines[index + 1 : index + 4])
    if _FIRST_COPIED.match(line):
        below = [following for following in lines[index + 1 : index + 8] if following.strip()][:4]
        return sum(bool(_COPIED_HEADER.match(following)) for following in below) >= 2
    return _CUT.match(line) is not None


def attribution(lines: list[str], index: int) -> int:
    """Return over how many lines an attribution ("Ann wrote:") runs from ``index``, 0 where there is none."""
    if not lines[index].strip():
        return 0
    for count in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[index : index + count])
        if len(joined) < 600 and joined.endswith((":", "：", ">")) and _ATTRIBUTION.match(joined):
            return count
        if joined.endswith((".", "。", "!", "?")):
            break
    return 0


def _quoted_below(lines: list[str], index: int) -> bool:
    below = next((line for line in lines[index : index + 4] if line.strip()), "")
    return below.lstrip().startswith(">")
