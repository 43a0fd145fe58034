"""What the person wrote in a mail, without what the mail program quoted, and without the signature.

There is no standard for quoting but the leading ``>`` (RFC 3676 section 4.5); the rest are the habits of mail programs,
whose words stand in ``quotation.toml``. Where it is in doubt a line is the person's: what is left out is not judged.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import accumulate, takewhile

from relent.mail import phrases, quote_marks

_MOST_LINES = 2000  # of a text that are looked at
_MOST_CANDIDATES = 300  # lines that end as an attribution may
_LONGEST_LINE = 400
_LONGEST_ATTRIBUTION = 600
_ATTRIBUTION_LINES = 4
_COLONS = (":", "：")
_ENDS = ":：>-"  # how the last line of an attribution may end
_TIME = re.compile(r"(?<![\d.])\d{1,2}\s?[:.h時]\s?\d{2}(?!\d|\.\d)")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}|\d{4}|\d{1,2}\.?\s[^\W\d_]|\d{1,2}[日일]")
_ADDRESS = re.compile(r"[<(\[]\s?(?:mailto:)?[^<>()\s@]{1,100}@[^<>()\s@]{1,200}\s?[>)\]]")
# Japanese and Chinese programs close the line with the address and no colon.
_DATED_ADDRESS = re.compile(r"^\d{4}[/年-]\d{1,2}[/月-]\d{1,2}.{0,200}<[^<>]{3,200}@[^<>]{3,200}>$")
_LONGEST_LABEL = 40
_BLANKS = re.compile(r"\s+")
_LONGEST_ADDED = 200
# A line that a program adds is no sentence: no comma in it, and nothing that ends one but at its own end.
_NO_SENTENCE = re.compile(r"[^.,!?。、！？]{0,100}[.。]?(?:<\S{0,300}>)?")
_BEGINS_ANOTHER = phrases.any_of(
    r"^(?:begin forwarded message|anfang der weitergeleiteten|début du message|inicio del mensaje reenviado|"
    r"inizio messaggio inoltrato|início da mensagem|begin doorgestuurd bericht|vidarebefordrat brev)\b.{0,40}$"
)
_LINE_DRAWN = re.compile(r"[_-]{10,}")
_ORNAMENT = re.compile(r"[-=*_~+#＝━─―═＊・♪◆◇□■☆★〓◎○●▼▲\s]{6,}")
_CONTACT = re.compile(
    r"(?:tel|fax|phone|mobile?|mail|url|web|電話|携帯|住所|전화|电话)\W{0,3}[:：.\s]|〒|☎|\+?\d[\d ()/.-]{7,}|"
    r"https?://|www\.|\S@\S",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 14
_SIGNATURE_WIDTH = 60
_SAYS = re.compile(r"[.!?。！？]$|\d{1,2}[/月]\s?\d{1,2}")  # a sentence, or a day


@dataclass(frozen=True, slots=True)
class Own:
    """Where the lines stand that a person wrote: from the first character to after the last of each. ``quotes``:
    another mail is quoted besides, below them all or between."""

    spans: tuple[tuple[int, int], ...]
    quotes: bool


def written(text: str) -> str:
    """Return the lines a person wrote. Answers between quoted lines are kept; all quotation gives ``""``."""
    return "\n".join(text[start:end] for start, end in own(text).spans).strip()


def own(text: str) -> Own:
    """Find the lines that a person wrote."""
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    kept, quotes = _kept(lines)
    return Own(tuple((starts[one], starts[one] + len(lines[one])) for one in kept), quotes)


def _kept(lines: list[str]) -> tuple[list[int], bool]:
    attributions = dict(_attributions(lines))
    kept: list[int] = []
    quotes, index = False, 0
    while index < len(lines):
        line = lines[index].strip()
        if not line:
            kept.append(index)
        elif line[0] == ">":
            quotes = True
        elif line in ("--", "—"):  # RFC 3676 section 4.3: a signature follows
            break
        elif index in attributions:
            quotes = True
            index += attributions[index]
            if not _quoted_below(lines, index):
                break  # what follows is the quoted mail, not marked line by line
            continue
        elif cuts(lines, index):
            quotes = True
            break
        elif (
            kept
            and (signature := _framed_signature(lines, index, line))
            and _only_quotation_follows(lines, index + signature, attributions)
        ):
            index += signature
            continue
        elif kept and not lines[index - 1].strip() and (small_print := _small_print(lines, index)):
            index += small_print
            continue
        elif not _sent_from(line):
            kept.append(index)
        index += 1
    return kept, quotes


def cuts(lines: list[str], index: int) -> bool:
    """Whether the line at ``index`` is one below which everything is another mail."""
    line = lines[index].strip()
    if len(line) > _LONGEST_LINE or not line:
        return False
    if line[0] in "-_*":
        if _LINE_DRAWN.fullmatch(line):
            below = next((one for one in lines[index + 1 : index + 4] if one.strip()), "")
            another = quote_marks.marks().dashes.match(below.strip()) is not None
            return another or "from" in _roles(below) or _headers_copied(lines, index + 1)
        if line[1:2] in "-_*" and quote_marks.marks().dashes.match(line):
            return True
    if ":" in line or "：" in line:
        if _headers_copied(lines, index):
            return True
        return line.endswith(_COLONS) and _BEGINS_ANOTHER.match(line) is not None
    return False


def attribution(lines: list[str], index: int) -> int:
    """Return over how many lines an attribution ("Ann wrote:") runs from ``index``, 0 where there is none."""
    window = lines[index : index + _ATTRIBUTION_LINES + 4]
    return dict(_attributions(window)).get(0, 0)


def _attributions(lines: list[str]) -> list[tuple[int, int]]:
    """Find the lines that say who wrote what is quoted below: where each begins, and over how many lines it runs."""
    found: list[tuple[int, int]] = []
    left = _MOST_CANDIDATES
    for last, line in enumerate(lines):
        ends = line.rstrip()[-1:]
        if ends not in _ENDS or not ends or line.startswith(">"):
            continue
        left -= 1
        if left < 0:
            break
        if (count := _attribution_above(lines, last, closed=ends in _COLONS)) > 0:
            found.append((last - count + 1, count))
    return found


def _attribution_above(lines: list[str], last: int, *, closed: bool) -> int:
    """Return how many lines the attribution has that ends with the line ``last``: as few as begin like one."""
    fewest, joined = 0, ""
    for count in range(1, min(_ATTRIBUTION_LINES, last + 1) + 1):
        line = lines[last - count + 1].strip()
        if not line or line.startswith(">") or len(joined) + len(line) > _LONGEST_ATTRIBUTION:
            break
        joined = f"{line} {joined}".rstrip()
        if not _attributes(joined, closed=closed, quoted=_quoted_below(lines, last + 1)):
            continue
        if _opens(joined) and not (count <= last and lines[last - count].rstrip().endswith(",")):
            return count
        fewest = fewest or count
    return fewest


def _attributes(joined: str, *, closed: bool, quoted: bool) -> bool:
    """Whether a line says that somebody wrote at some time. ``quoted``: marked lines stand below it. An address and a
    time say it in any language; so does a time above marked lines."""
    if not closed:
        # "-----Ann Smith/Acme wrote: -----" is Notes'.
        notes = joined.startswith("--") and joined.endswith("--") and ":" in joined
        return _DATED_ADDRESS.match(joined) is not None or (notes and _says_wrote(joined))
    addressed, timed = _ADDRESS.search(joined) is not None, _TIME.search(joined) is not None
    if (addressed or quoted) and timed and _DAY.search(joined) and _opens(joined):
        return True
    if not (addressed or timed or quoted or _DAY.search(joined)):
        return False
    return _says_wrote(joined) and (addressed or timed or quoted or (len(joined) < 120 and _opens(joined)))


def _says_wrote(joined: str) -> bool:
    return quote_marks.marks().wrote.search(joined.lower()) is not None


def _opens(joined: str) -> bool:
    return quote_marks.marks().opens.match(joined) is not None


def _quoted_below(lines: list[str], index: int) -> bool:
    below = next((line for line in lines[index : index + 4] if line.strip()), "")
    return below.lstrip().startswith(">")


def _headers_copied(lines: list[str], index: int) -> bool:
    """Whether the headers of another mail are copied from ``index`` on: whom it is from and two more, or the same in
    another order with its subject among them. Two labels alone are a person's: "From: Tokyo", "To: Osaka"."""
    if index >= len(lines):
        return False
    first = _roles(lines[index])
    if not first:
        below = [line for line in lines[index : index + 3] if line.strip()][:1]
        first = _roles(below[0]) if below and not lines[index].strip() else first
    if not first & {"from", "date", "to"}:
        return False
    near = [line for line in lines[index : index + 14] if line.strip()][:7]
    told = [roles for line in near if (roles := _roles(line))]
    seen = set().union(*told)
    if "from" not in seen or len(told) < 3 or len(seen) < 3:
        return False
    return "from" in first or "subject" in seen


def _roles(line: str) -> frozenset[str]:
    """Return which headers the label of a line may name; none where there is no label or nothing after it."""
    label, colon, _ = line[:_LONGEST_LABEL].replace("：", ":").partition(":")
    if not colon:
        return frozenset()
    return quote_marks.marks().roles.get(_BLANKS.sub("", label.strip(" *>|\t")).lower(), frozenset())


def _sent_from(line: str) -> bool:
    """Whether a phone or an app added the line. It names the device where only its end is known: "… gesendet"."""
    if len(line) > _LONGEST_ADDED:
        return False
    marks = quote_marks.marks()
    lower = line.lower()
    begins = lower.startswith(marks.sent_from)
    if not begins and not lower.rstrip(".。").endswith(marks.sent_by):
        return False
    return _NO_SENTENCE.fullmatch(line) is not None and (begins or marks.device.search(lower) is not None)


def _only_quotation_follows(lines: list[str], index: int, attributions: Container[int]) -> bool:
    """Whether nothing but quotation follows from ``index`` on."""
    place = next((place for place in range(index, min(len(lines), index + 6)) if lines[place].strip()), -1)
    return place < 0 or lines[place].startswith(">") or place in attributions or cuts(lines, place)


def _small_print(lines: list[str], index: int) -> int:
    """Return over how many lines a paragraph runs that lawyers let stand below every mail: "This e-mail is confidential
    …"; 0 where it is none. What asks something is somebody's own."""
    paragraph = list(takewhile(lambda line: line.strip() and line[0] != ">", lines[index : index + _SMALL_PRINT_LINES]))
    text = " ".join(paragraph)[:_SMALL_PRINT_LENGTH].lower()
    return len(paragraph) if "?" not in text and quote_marks.marks().small_print.search(text) else 0


_SMALL_PRINT_LINES, _SMALL_PRINT_LENGTH = 20, 600


def _framed_signature(lines: list[str], index: int, line: str) -> int:
    """Return over how many lines a signature runs that stands below a row of ornaments, at the end or up to another
    row, as Japanese writers set it; 0 where there is none. It tells two ways or more to reach somebody, and no day:
    notes of absence are framed as well."""
    if len(line) < 6 or line[0].isalnum() or not _ORNAMENT.fullmatch(line):
        return 0
    block: list[str] = []
    closed = False
    for below in lines[index + 1 : index + 2 + _SIGNATURE_LINES]:
        stripped = below.strip()
        closed = len(stripped) >= 6 and _ORNAMENT.fullmatch(stripped) is not None
        if closed or stripped.startswith(">"):
            break
        block.append(stripped)
    if len(block) > _SIGNATURE_LINES:
        return 0
    ways = sum(_CONTACT.search(one) is not None for one in block)
    says = any(len(one) > _SIGNATURE_WIDTH or _SAYS.search(one) for one in block)
    return 1 + len(block) + closed if ways >= 2 and not says else 0
