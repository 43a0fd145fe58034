"""A mail that passes on another one: as an attachment, or with its text set below a line that says so.

There is no standard for the second way; these are the habits of mail programs. A program that sets the same lines
above what it answers (Outlook) passes on only where the subject says so too. Whatever is quoted first decides: below an
answer to a mail, everything is quotation, the forwarded mail that may be in it too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from relent.mail import address_lists, phrases, quoting
from relent.mail import message as mail
from relent.mail.message import Message

_MOST_BYTES = 256 * 1024
_MOST_LINES = 3000
_LONGEST_LINE = 600
_HEADER_LINES = 14  # non-empty lines below the mark among which the copied headers stand

# The line that a program sets above a forwarded mail: within dashes, or by itself.
_WITHIN_DASHES = (
    r"forwarded (?:message|by)",
    r"weitergeleitete (?:nachricht|e-?mail)",
    r"message (?:transféré|réexpédié|transmis)",
    r"mensaje reenviado",
    r"messaggio (?:inoltrato|reindirizzato)",
    r"mensagem (?:re)?encaminhada",
    r"doorgestuurd bericht",
    r"vidarebefordrat meddelande",
    r"videresendt (?:melding|meddelelse)",
    r"välitetty viesti",
    r"wiadomość przekazana",
    r"přeposlaná zpráva",
    r"(?:пересылаемое|пересланное) сообщение",
    r"転送(?:メッセージ|メール|された(?:メッセージ|メール|電子メール))?",
    r"转发(?:的)?邮件",
    r"轉寄(?:的)?郵件",
    r"전달된 (?:메시지|메일)",
)
_BY_ITSELF = (
    r"begin forwarded message",
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)",
    r"début du message (?:réexpédié|transféré)",
    r"inicio del mensaje reenviado",
    r"inizio messaggio inoltrato",
    r"início da mensagem (?:re)?encaminhada",
    r"begin doorgestuurd bericht",
    r"vidarebefordrat brev",
    r"転送された(?:メッセージ|メール)",
    r"以下、?転送(?:メール|メッセージ|いたします|します)?(?:です)?",
    r"转发的邮件",
    r"轉寄的郵件",
    r"전달된 메시지",
)
_MARK = phrases.any_of(
    rf"^-{{2,}} ?(?:{'|'.join(_WITHIN_DASHES)})[^\n]{{0,200}}$",
    rf"^(?:{'|'.join(_BY_ITSELF)})\s*[:：.。]?\s*$",
)
# How the subject of a forwarded mail begins.
_SUBJECT = re.compile(
    r"^\s*(?:[\[(【]?(?:fwd?|fw|wg|tr|rv|i|enc|vs|vb|pd|doorst|转发|轉寄|転送|전달)\s*[:：]|[\[【(]転送[\]】)])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^[*>\s|]*(?P<name>[^\s*:：<>@][^*:：<>@]{0,24}?)\s*\*?\s*[:：]\s*\*?\s*(?P<value>.*)$", re.IGNORECASE
)
_FROM = frozenset(
    (
        *("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от"),
        *("差出人", "送信者", "送信元", "发件人", "寄件者", "寄件人", "보낸사람"),
    )
)
_SUBJECT_LABELS = frozenset(
    (
        *("subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp"),
        *("ämne", "emne", "aihe", "temat", "předmět", "тема", "件名", "主题", "主旨", "제목"),
    )
)
_SHAPE = re.compile(r"\[mailto:([^\]\s]{3,320})\]|<mailto:([^>\s]{3,320})>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What is known of the mail that was passed on. ``author`` is canonical; ``refers_to`` holds its own Message-ID,
    and then what it answered, as far as they came along."""

    author: str
    subject: str
    refers_to: tuple[str, ...]
    seen: tuple[str, ...]


def read(message: Message) -> Forwarded | None:
    """Return the mail that ``message`` passes on, or ``None`` where it passes on none whose author can be read."""
    if message.content_type == "multipart/report":
        return None  # what a report returns was not passed on by anybody
    return _attached(message) or _inline(message)


def _attached(message: Message) -> Forwarded | None:
    for part in message.parts[:200]:
        if part.content_type not in ("message/rfc822", "message/global") or not part.depth:
            continue
        original = mail.head(part.content(_MOST_BYTES)[0])
        if original.from_:
            author = original.from_[0].address
            ids = (original.message_id, *original.in_reply_to, *original.references)
            seen = (part.content_type, f"From: {author}")
            return Forwarded(author, original.subject, tuple(dict.fromkeys(one for one in ids if one)), seen)
    return None


def _inline(message: Message) -> Forwarded | None:
    says_so = _SUBJECT.match(message.subject[:300]) is not None
    lines = [line[:_LONGEST_LINE] for line in message.text.split("\n", _MOST_LINES)[:_MOST_LINES]]
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        if _MARK.match(stripped):
            return _below(message, lines, index + 1, stripped)
        if stripped.startswith(">") or quoting.attribution(lines, index):
            return None
        if quoting.cuts(lines, index):
            return _below(message, lines, index, message.subject[:200]) if says_so else None
    return None


def _below(message: Message, lines: list[str], index: int, mark: str) -> Forwarded | None:
    author, subject = "", ""
    for name, value, after in _copied(lines, index):
        if name in _FROM and not author:
            author = _address(value) or _address(after)
        elif name in _SUBJECT_LABELS and not subject:
            subject = value.strip(" *")
    if not author:
        return None
    # A forward made from within the thread names it, as an answer would.
    ids = tuple(dict.fromkeys((*message.in_reply_to, *message.references)))
    return Forwarded(author, subject or _SUBJECT.sub("", message.subject).strip(), ids, (mark, f"From: {author}"))


def _copied(lines: list[str], index: int) -> Iterator[tuple[str, str, str]]:
    """Yield the copied headers: name, value, and the line after it."""
    left = _HEADER_LINES
    for place in range(index, min(len(lines), index + 3 * _HEADER_LINES)):
        if not lines[place].strip(" >*|"):
            continue
        left -= 1
        if left < 0:
            return
        if found := _LABEL.match(lines[place]):
            following = next((line for line in lines[place + 1 : place + 3] if line.strip()), "")
            yield found["name"].replace(" ", "").lower(), found["value"], "" if _LABEL.match(following) else following


def _address(value: str) -> str:
    spelled = _SHAPE.sub(lambda found: f"<{found[1] or found[2]}>", value.replace("*", ""))
    found = address_lists.parse(spelled.lstrip(" >|").encode("utf-8", "replace"), 1)
    return found[0].address if found else ""
