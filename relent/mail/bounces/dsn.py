"""Delivery status notifications (RFC 3464): which recipients a mail did not reach, and which mail it was.

Read by structure, never by subject: subjects are translated, and a report carries ``Auto-Submitted`` like any automatic
reply. Broken reports are read as far as they go: without the multipart around them, as plain text, inside another mail
of the mail system, with the blank lines between their groups missing or doubled, with the returned mail cut off.
"""

import re
from dataclasses import dataclass

from relent.mail import address_lists, message_ids, phrases
from relent.mail.bounces import bounce_words, challenge_report, delivery_status, mail_systems
from relent.mail.message import Message, head, once, parse
from relent.mail.structure import Part
from relent.terms import addresses
from relent.terms.events import BounceKind, Failure

MOST_RECIPIENTS = 100
_MOST_BYTES = 256 * 1024
_DEEPEST_RETURNED = 3
_GROUP_END = re.compile(r"\n[ \t]*\n")
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
_INLINE = phrases.any_of(r"(?m:^(?:Final|Original)-Recipient[ \t]*:[^\n]*@)")
_MARKUP = re.compile(r"[<>\"'()\[\],]")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_EMBEDDED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_OF_RECIPIENT = {"Final-Recipient", "Original-Recipient", "Action", "Status"}
_NAMES = {"Final-Recipient", "Original-Recipient"}
_BAD = ("failed", "delayed")
_GOOD = ("delivered", "relayed", "expanded")


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report. ``failures`` is empty where it only tells of success; then ``became`` is ``delivered`` or
    ``relayed``, where it says so. ``original_ids`` are the returned mail's Message-ID and then what it answered;
    ``seen`` the lines the reading rests on, and ``words`` what it rests on in the text of the mail: the words, and
    where they begin and end there. ``confidence`` is below 1 where the form of a report does not prove it."""

    failures: tuple[Failure, ...]
    original_ids: tuple[str, ...]
    original_to: tuple[str, ...]
    seen: tuple[str, ...]
    words: tuple[tuple[str, int, int], ...] = ()
    became: str = ""
    confidence: float = 1.0


@once
def read(message: Message) -> Report | None:
    """Return the delivery report in ``message``, or ``None`` where it holds none that names a recipient, where a person
    passes a report on, and where it really asks its reader to prove himself (``challenge_report``)."""
    groups = _reported(message)
    if not groups:
        return _within(message)
    if mail_systems.passed_on(message):
        return None
    ids, to = returned(message)
    ids = ids or identifiers_in(message.text)
    failures = [failure for group in groups if (failure := _failure(group, message.text, to)) is not None]
    waits = all(".7." in one.status or not one.status for one in failures)
    if failures and waits and challenge_report.asks(message):
        return None
    became = "" if failures else _became(groups)
    return Report(tuple(failures), ids, to, _seen(message, groups), _words(message, failures), became)


@once
def returned(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Message-IDs and the recipients of the mail that a report returns (RFC 6522 section 3)."""
    for part in reversed(message.parts):
        if part.content_type in mail_systems.RETURNED_TYPES and part.depth > 0:
            ids, to = _original(part)
            if ids or to:
                return ids, to
    return (), ()


def _original(part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    body, _ = part.content(_MOST_BYTES)
    for _ in range(_DEEPEST_RETURNED):
        original = head(body.lstrip())
        ids = (original.message_id, *original.in_reply_to, *original.references)
        to = tuple(one.address for one in original.addresses("to"))
        found = tuple(dict.fromkeys(identifier for identifier in ids if identifier))
        if found or to:
            return found, to
        # What was returned may be wrapped in headers that say nothing: a mail within a mail.
        _, blank, body = body.lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")
        if not blank:
            break
    return (), ()


def _reported(message: Message) -> list[dict[str, str]]:
    """Return the groups of fields about recipients, from the parts made for them, else from plain text that a mail
    system wrote: gateways that know no reports turn the part into text."""
    parts = [part for part in message.parts if part.content_type in mail_systems.STATUS_TYPES][:10]
    groups = [group for part in parts for group in _groups(part.text(_MOST_BYTES))]
    if not groups and (mail_systems.reports_delivery(message) or mail_systems.wrote(message)):
        texts = [part for part in message.parts if part.content_type.startswith("text/")][:10]
        texts = [part for part in texts if part.content_type not in mail_systems.RETURNED_TYPES]
        groups = [group for part in texts if _INLINE.search(text := part.text(_MOST_BYTES)) for group in _groups(text)]
    return groups[:MOST_RECIPIENTS]


def _within(message: Message) -> Report | None:
    """Return the report in a mail that a mail system wrapped whole into another of its own."""
    if not mail_systems.wrote(message):
        return None
    for part in message.parts[1:10]:
        if part.content_type == "message/rfc822":
            body, _ = part.content(_MOST_BYTES)
            inner = parse(body.lstrip())
            if mail_systems.reports_delivery(inner) and _reported(inner):
                found = read(inner)
                return found and Report(found.failures, found.original_ids, found.original_to, found.seen)
    return None


def _groups(text: str) -> list[dict[str, str]]:
    """Return the per-recipient groups of fields (RFC 3464 section 2.3); of each field the first."""
    groups: list[dict[str, str]] = []
    for block in _GROUP_END.split(text)[: MOST_RECIPIENTS * 2]:
        group: dict[str, str] = {}
        for name, value in _FIELD.findall(block):
            name = _spelled(name)
            if name == "Final-Recipient" and name in group:
                groups.append(group)  # the blank line between two recipients is missing
                group = {}
            group.setdefault(name, " ".join(value.split()))
        if (
            groups
            and _OF_RECIPIENT & groups[-1].keys()
            and not _NAMES & group.keys()
            and not group.keys() & groups[-1].keys()
        ):
            groups[-1].update(group)  # every line has become a paragraph
        else:
            groups.append(group)
    return [group for group in groups if len(_OF_RECIPIENT & group.keys()) > ("Status" in group)]


def _spelled(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


def _failure(group: dict[str, str], explanation: str, to: tuple[str, ...]) -> Failure | None:
    """Return what one group tells, or ``None`` where it tells of success."""
    action = _action(group)
    status = delivery_status.status_in(group.get("Status", ""))
    if action not in _BAD and (action in _GOOD or status.startswith("2")):
        return None
    if not action and not status.startswith("5") and bounce_words.DELAY.are_in(explanation[:2000]):
        action = "delayed"
    diagnostic = group.get("Diagnostic-Code", "")
    kind = delivery_status.kind(action, status, diagnostic)
    silent = delivery_status.witness(diagnostic) is None and delivery_status.says_nothing(status or diagnostic)
    if silent and kind is not BounceKind.DELAYED:
        # A report that gives no reason for the machine may give one for the reader.
        kind = delivery_status.kind(action, status, f"{diagnostic}\n{explanation[:2000]}")
    address = _recipient(group) or (to[0] if len(to) == 1 else "")
    status = status or delivery_status.status_in(diagnostic)
    return Failure(address=address, kind=kind, status=status, diagnostic=diagnostic[:500])


def _action(group: dict[str, str]) -> str:
    return group.get("Action", "").partition(" ")[0].strip(";,.").lower()


def _recipient(group: dict[str, str]) -> str:
    """Return the address the mail was sent to. It comes before a forwarding's target, which its sender does not know
    (RFC 3464 section 2.3.1)."""
    for name in ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient", "X-Original-Recipient"):
        if address := address_in(group.get(name, "")):
            return address
    return ""


def address_in(value: str) -> str:
    """Return the address of a ``type; address`` field (RFC 3464 section 2.1.2), canonical, or an empty string. The
    encodings of ``ORCPT`` (RFC 3461 section 4) and of addresses beyond ASCII (RFC 6533 section 3) are undone."""
    _, semicolon, address = value.partition(";")
    address = _EMBEDDED.sub(_character, (address if semicolon else value)[:2000])
    if "@" not in address or "+2B" in address or "+3D" in address:
        address = _XTEXT.sub(lambda code: chr(int(code[1], 16)), address)
    words = _MARKUP.sub(" ", address).split()
    return next((addresses.canonical(word) for word in words if "@" in word.strip("@") and len(word) <= 320), "")


def _character(code: re.Match[str]) -> str:
    number = int(code[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def _became(groups: list[dict[str, str]]) -> str:
    """Return what became of a mail that did not fail (RFC 3464 section 2.3.3): "expanded" is delivered to a list."""
    actions = {_action(group) for group in groups}
    return "relayed" if "relayed" in actions else "delivered" if actions & {"delivered", "expanded"} else ""


def _seen(message: Message, groups: list[dict[str, str]]) -> tuple[str, ...]:
    header = message.header("content-type")
    seen = [header.line] if header else []
    for group in groups[:3]:
        seen += [f"{name}: {group[name]}"[:300] for name in ("Final-Recipient", "Action", "Status") if name in group]
        seen += [f"Diagnostic-Code: {group['Diagnostic-Code']}"[:300]] if "Diagnostic-Code" in group else []
    return tuple(seen)


def _words(message: Message, failures: list[Failure]) -> tuple[tuple[str, int, int], ...]:
    """Return where the text told the reason, where the fields did not."""
    if not any(delivery_status.says_nothing(one.status) for one in failures):
        return ()
    span = delivery_status.reason(message.text[:2000])
    return ((message.text[slice(*span)][:300], *span),) if span else ()


def identifiers_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs that a returned mail's headers name within running text."""
    found: list[str] = []
    for name in ("message-id", "in-reply-to", "references"):
        for value in _LINES[name].findall(text)[:20]:
            found += message_ids.parse(value)
    return tuple(dict.fromkeys(found))[: message_ids.MOST]


def recipients_in(text: str) -> tuple[str, ...]:
    """Return whom a mail went to whose headers stand within running text."""
    line = _LINES["to"].search(text[:_MOST_BYTES])
    return tuple(one.address for one in address_lists.parse(line[1].encode(), MOST_RECIPIENTS)) if line else ()


_LINES = {
    name: re.compile(rf"^[> \t]*{name}:([^\n]*(?:\n[> \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
    for name in ("message-id", "in-reply-to", "references", "to")
}
