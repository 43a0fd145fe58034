"""Bounces that are no delivery status notifications: what mail servers wrote before RFC 3464, and some still write.

There is no standard to hold on to, so two witnesses must meet: a mark of a mail system (``mail_systems``), and words
that say that a mail did not arrive. The weaker the mark, the more must stand beside it: a subject, a sentence, a
recipient with a reason, the returned mail. What such a text says of the mail it concerns is a claim like any other;
matching it to a mail of ours is for others to do.
"""

import re

from relent.mail import phrases
from relent.mail.bounces import bounce_recipients, bounce_words, challenge_report, delivery_status, dsn, mail_systems
from relent.mail.bounces.bounce_recipients import Told
from relent.mail.bounces.dsn import Report
from relent.mail.bounces.mail_systems import Mark
from relent.mail.message import Message
from relent.terms.events import BounceKind, Failure

_MOST_RECIPIENTS = 20
_MOST_WORDS = 8000
_SUBJECT_LINE = re.compile(r"^[> \t]*subject\s*:[^\n]*", re.IGNORECASE | re.MULTILINE)
_LIST_HEADERS = ("list-unsubscribe", "list-id")

# Where the returned mail begins; nothing after it says why.
_RETURNED = phrases.Listed(
    r"(?m:^[> \t]*[-=_*]{2,}[^\n]{0,40}(?:copy of|original|returned|unsent|undelivered|message (?:follows|header)|"
    r"header of|below this line|start of|headers|nachricht folgt|d'origine|元の|原始|原邮件|원본|исходн)[^\n]{0,70}$)",
    r"(?m:^[^\n]{0,40}(?:original (?:message|mail) (?:as received |as |text )?(?:follows|is)|old message|"
    r"(?:message|mail) (?:header|text)s? follow|copy of (?:your|the) (?:original )?(?:message|mail|headers)|"
    r"original message headers|returned message (?:follows|below)|message headers? (?:is|are|follow)|"
    r"content of your message|заголовки (?:письма|сообщения)|ヘッダー?情報|исходные заголовки)[^\n]{0,80}$)",
    r"(?m:^[^\n]{0,20}this (?:e-?mail|message)[^\n]{0,20} (?:has been|was) (?:scanned|checked)[^\n]*$)",
    r"(?m:^>?(?:Received|Return-Path|Message-ID|X-[\w-]{1,40}): )",
)
_CODE = re.compile(
    r"(?<![\d.])(?:[45]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}|55[0-4][ -][^\W\d])|#[45]\.\d\.\d|<<< ?[45]\d\d"
)
# People greet, and quote; a gateway comes to the point.
_GREETING = re.compile(
    r"\s*(?:>|dear (?!sender|user|customer|sir|recipient)|h(?:i|ello|ey|allo)\b|good (?:morning|"
    r"afternoon)|guten |liebe|sehr geehrte|"
    r"bonjour|salut|hola|buen|ol[aá]\b|bom |boa |ciao|gentil|beste |geachte|hej|hei\b|cze[sś][cć]|"
    r"dzie[nń] dobry|dobr[yý] |"
    r"merhaba|здравствуйте|добр|уважаем|お世話|[^\n]{1,20}(?:様|さん)[\s、，]|您好|你好|안녕)",
    re.IGNORECASE,
)
_FULL_CODE = re.compile(r"(?<![\d.])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}(?![\d.])")


def read(message: Message) -> Report | None:
    """Return what a bounce outside RFC 3464 tells, or ``None`` where the mail is none."""
    text = message.text
    mark = mail_systems.mark(message, text)
    if mark is None and not _nameless(message):
        return None
    text = text or _loose_text(message)
    reason, rest = _parted(text)
    told = bounce_recipients.read(message, reason)
    said = bounce_words.BODY.search(reason[:_MOST_WORDS])
    proven = _proven(message, mark, reason, told, said is not None) or (mark is not None and _arrived(message, reason))
    if not proven or challenge_report.asks(message):
        return None
    ids, to = dsn.returned(message)
    to = to or dsn.recipients_in(rest)
    ids = tuple(dict.fromkeys(ids + dsn.identifiers_in(rest or text)))
    line = mark.line if mark else f"Subject: {message.subject}"[:300]
    words = _words(reason, said.span() if said else None) if text is message.text else ()
    if _arrived(message, reason):
        return Report((), ids, to, (line,), words, became="relayed" if "relay" in reason.lower() else "delivered")
    failures = _failures(message, reason, told if told.addresses else _sole(message, to))
    return Report(failures, ids, to, (line,), words, confidence=_confidence(mark, failures))


def _nameless(message: Message) -> bool:
    """Whether the mail may be a gateway's that signs as no mail system: a bare address or one that takes no answer, a
    subject that speaks of failure, and no mark of an answer or of a forwarding."""
    author = message.from_[0] if message.from_ else None
    if author is None or (not _by_machine(message) and (author.name or message.header("in-reply-to"))):
        return False
    subject = message.subject[:500]
    said = bounce_words.SUBJECT.search(subject)
    if said is None:
        return not subject.strip() and _by_machine(message)
    # "RE: our subject: not delivered" is a gateway's too: what it says comes after ours.
    return not mail_systems.answers_or_forwards(subject) or said.start() > len(subject) // 2


def _by_machine(message: Message) -> bool:
    """Whether a header says that no person sent the mail: it wants no bounce (RFC 5321 section 4.5.5) or no answer, or
    says so."""
    if message.first("return-path").strip() == "<>" or mail_systems.takes_no_answer(message.sender):
        return True
    return message.first("auto-submitted").lower() not in ("", "no")


def _proven(message: Message, mark: Mark | None, reason: str, told: Told, said: bool) -> bool:
    """Whether enough stands beside the mark to call the mail a bounce."""
    subject = message.subject[:500]
    about = bounce_words.SUBJECT.are_in(subject)
    back = _returns(message, reason)
    coded = _CODE.search(reason[:_MOST_WORDS]) is not None
    if not (mark and mark.strong) and _of_others(subject, reason, told):
        return False
    if not (about or back or coded) and bounce_words.OF_OTHERS.are_in(subject):
        return False
    if not (back or coded or told.listed) and bounce_words.OF_GOODS.are_in(f"{subject}\n{reason[:2000]}"):
        return False
    if mark is None:
        beginning = bounce_words.BODY.are_in(reason[:200]) and not _GREETING.match(reason)
        if told.listed or _FULL_CODE.search(reason[:_MOST_WORDS]):
            return beginning
        explained = about and _by_machine(message) and delivery_status.witness(reason[:2000]) is not None
        return beginning and explained and bool(told.addresses) and bounce_words.YOURS.are_in(reason[:2000])
    doubted = delivery_status.reason(reason[:2000]) is not None
    if mark.strong:
        late = bounce_words.DELAY.are_in(f"{subject}\n{reason[:2000]}")
        # In a language that is not read here, whom it names tells enough: it has no other reason to write of one.
        alone = len(told.addresses) == 1 and message.first("return-path").strip() == "<>"
        named = told.listed and (back or late or alone)
        return about or said or coded or named or bool(doubted and told.addresses)
    if any(message.header(name) for name in _LIST_HEADERS) and not (back or told.listed):
        return False
    if not (back or told.listed or _by_machine(message)) and _GREETING.match(reason):
        # Else it is a postmaster in person.
        return about and bool(told.addresses) and bounce_words.YOURS.are_in(reason[:2000])
    if mail_systems.answers_or_forwards(subject) and not (back or (coded and told.listed)):
        return message.first("return-path").strip() == "<>" and said and doubted and bool(coded or told.addresses)
    if about and not reason.strip():
        return True  # all that is left of it
    if back or about:
        return (about or said or doubted) and bool(back or coded or told.addresses or said)
    # Mail systems also speak of what happened to others.
    enough = (said and bool(told.addresses)) or ((said or doubted) and (coded or told.listed))
    return enough and (told.listed or bounce_words.YOURS.are_in(reason[:2000]))


def _arrived(message: Message, reason: str) -> bool:
    """Whether the mail system says that the mail did arrive, or was passed on."""
    if bounce_words.BODY.are_in(reason[:_MOST_WORDS]) or _CODE.search(reason[:_MOST_WORDS]):
        return False
    return bounce_words.ARRIVED.are_in(f"{message.subject[:500]}\n{reason[:2000]}")


def _of_others(subject: str, reason: str, told: Told) -> bool:
    """Whether the mail is about many mails, such as a digest of a quarantine, or about one that its reader was to get.
    Our own subject may stand in both."""
    listing = bounce_words.OF_OTHERS.are_in(_SUBJECT_LINE.sub("", reason[:1000]))
    return listing or (not told.listed and bounce_words.OF_OTHERS.are_in(subject))


def _confidence(mark: Mark | None, failures: tuple[Failure, ...]) -> float:
    """How sure the reading is: less without a mail system's mark, and where a failure is final for no reason given."""
    if mark is None:
        return 0.8
    no_reason = (not one.status and delivery_status.witness(one.diagnostic) is None for one in failures)
    if any(none and one.kind is BounceKind.HARD for none, one in zip(no_reason, failures, strict=True)):
        return 0.85
    return 0.98 if mark.strong else 0.95


def _returns(message: Message, reason: str) -> bool:
    """Whether the mail holds another one, as a part or in its text."""
    types = mail_systems.RETURNED_TYPES
    return len(reason) < len(message.text) or any(part.content_type in types and part.depth for part in message.parts)


def _parted(text: str) -> tuple[str, str]:
    """Part the mail system's own words from the mail it returns."""
    start = _RETURNED.search(text)
    return (text[: start.start()], text[start.start() :]) if start else (text, "")


def _loose_text(message: Message) -> str:
    """Return the text of a mail whose only parts are of odd types."""
    types = (*mail_systems.STATUS_TYPES, *mail_systems.RETURNED_TYPES)
    loose = [part for part in message.parts if not part.multipart]
    return next((part.text(65536) for part in sorted(loose, key=lambda part: part.content_type in types)), "")


def _sole(message: Message, to: tuple[str, ...]) -> Told:
    """Return as told the one whom the returned mail went to, where the mail system's words name nobody."""
    sole = to if len(to) == 1 and to[0] not in message.recipients else ()
    return Told(dict.fromkeys(sole, ""), False)


def _failures(message: Message, reason: str, told: Told) -> tuple[Failure, ...]:
    beginning = f"{message.subject}\n{reason[:4000]}"
    late = bounce_words.DELAY.are_in(beginning) and not bounce_words.GIVEN_UP.are_in(reason[:4000])
    failures = []
    for address, words in list(told.addresses.items())[:_MOST_RECIPIENTS] or [("", "")]:
        own = _telling(words)
        kind = BounceKind.DELAYED if late else delivery_status.kind("failed", "", own or f"{message.subject}\n{reason}")
        status = delivery_status.status_in(words) or (delivery_status.status_in(reason) if not own else "")
        diagnostic = " ".join((delivery_status.answer(own) or own or reason).split())[:500]
        failures.append(Failure(address=address, kind=kind, status=status, diagnostic=diagnostic))
    return tuple(failures)


def _telling(words: str) -> str:
    """Return the words beside an address that say why: its own paragraph, else all up to the next one, else none."""
    for candidate in (words.partition("\n\n")[0], words):
        if delivery_status.witness(candidate) or delivery_status.status_in(candidate):
            return candidate.strip(" \t\n>:")
    return ""


def _words(reason: str, said: tuple[int, int] | None) -> tuple[tuple[str, int, int], ...]:
    """Return the words by which the text says that, and why, and where they stand in it."""
    spans = dict.fromkeys(span for span in (said, delivery_status.reason(reason)) if span)
    return tuple((reason[start:end][:300], start, end) for start, end in spans)
