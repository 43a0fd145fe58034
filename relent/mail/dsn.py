"""Delivery status notifications (RFC 3464): which recipients a mail did not reach, and which mail it was.

Read by structure, never by subject: subjects are translated, and a report carries ``Auto-Submitted`` like any automatic
reply. Broken reports are read as far as they go: without the multipart around them, with the blank lines between their
groups missing or doubled, with the returned mail cut off.
"""

import re
from dataclasses import dataclass

from relent.mail import delivery_status, message_ids
from relent.mail.message import Message, head
from relent.mail.structure import Part
from relent.terms import addresses
from relent.terms.events import BounceKind

MOST_RECIPIENTS = 100
_MOST_BYTES = 256 * 1024
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
# RFC 3462 section 2 and RFC 6522 section 3: the third part.
_RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/partial",
)
_GROUP_END = re.compile(r"\n[ \t]*\n")
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
_MARKUP = re.compile(r"[<>\"']")
_OF_RECIPIENT = {"Final-Recipient", "Original-Recipient", "Action", "Status"}
_BAD = ("failed", "delayed")


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient the mail did not reach, or has not yet. ``address`` is the one the mail was sent to, as far as the
    report knows it."""

    address: str
    kind: BounceKind
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report. ``failures`` is empty where it only tells of success. ``original_ids`` are the returned mail's
    Message-ID and then what it answered; ``seen`` the lines the reading rests on."""

    failures: tuple[Failure, ...]
    original_ids: tuple[str, ...]
    original_to: tuple[str, ...]
    seen: tuple[str, ...]


def read(message: Message) -> Report | None:
    """Return the delivery report in ``message``, or ``None`` where it holds none that names a recipient."""
    parts = [part for part in message.parts if part.content_type in _STATUS_TYPES][:10]
    groups = [group for part in parts for group in _groups(part.text(_MOST_BYTES))][:MOST_RECIPIENTS]
    if not groups:
        return None
    failures = [failure for group in groups if (failure := _failure(group, message.text)) is not None]
    ids, to = returned(message)
    header = message.header("content-type")
    seen = [header.line] if header else []
    for group in groups[:3]:
        seen += [f"{name}: {group[name]}"[:300] for name in ("Final-Recipient", "Action", "Status") if name in group]
        seen += [f"Diagnostic-Code: {group['Diagnostic-Code']}"[:300]] if "Diagnostic-Code" in group else []
    return Report(tuple(failures), ids, to, tuple(seen))


def looks_like_one(message: Message) -> bool:
    """Whether ``message`` has the form of a delivery report, whatever it then says (RFC 6522 section 3)."""
    report_type = message.parts[0].parameters.get("report-type", "").lower()
    return report_type == "delivery-status" or message.part(*_STATUS_TYPES) is not None


def returned(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Message-IDs and the recipients of the mail that a report returns (RFC 6522 section 3)."""
    for part in reversed(message.parts):
        if part.content_type in _RETURNED_TYPES and part.depth > 0:
            ids, to = _original(part)
            if ids or to:
                return ids, to
    return (), ()


def _original(part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    body, _ = part.content(_MOST_BYTES)
    original = head(body)
    ids = (original.message_id, *original.in_reply_to, *original.references)
    to = tuple(one.address for one in original.addresses("to"))
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier)), to


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
        groups.append(group)
    return [group for group in groups if _OF_RECIPIENT & group.keys()]


def _spelled(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


def _failure(group: dict[str, str], explanation: str) -> Failure | None:
    """Return what one group tells, or ``None`` where it tells of success or names nobody."""
    action = group.get("Action", "").partition(" ")[0].strip(";,.").lower()
    status = delivery_status.status_in(group.get("Status", ""))
    if action not in _BAD and (action in ("delivered", "relayed", "expanded") or status.startswith("2")):
        return None
    # The address that was written to comes first: a forwarding's target is not what the sender knows (section 2.3.1).
    address = address_in(group.get("Original-Recipient", "")) or address_in(group.get("Final-Recipient", ""))
    address = address or address_in(group.get("X-Actual-Recipient", ""))
    diagnostic = group.get("Diagnostic-Code", "")
    kind = delivery_status.kind(action, status, diagnostic)
    silent = delivery_status.witness(diagnostic) is None and delivery_status.says_nothing(status or diagnostic)
    if silent and kind is not BounceKind.DELAYED:
        # A report that gives no reason for the machine may give one for the reader.
        kind = delivery_status.kind(action, status, f"{diagnostic}\n{explanation[:2000]}")
    return Failure(address, kind, status or delivery_status.status_in(diagnostic), diagnostic[:500])


def address_in(value: str) -> str:
    """Return the address of a ``type; address`` field (section 2.1.2), canonical, or an empty string."""
    _, semicolon, address = value.partition(";")
    words = _MARKUP.sub(" ", address if semicolon else value).split()
    return next((addresses.canonical(word) for word in words if "@" in word and len(word) <= 320), "")


def identifiers_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs that a returned mail's headers name within running text."""
    found: list[str] = []
    for name in ("message-id", "in-reply-to", "references"):
        for value in _LINES[name].findall(text)[:20]:
            found += message_ids.parse(value)
    return tuple(dict.fromkeys(found))[: message_ids.MOST]


_LINES = {
    name: re.compile(rf"^[> \t]*{name}:([^\n]*(?:\n[> \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
    for name in ("message-id", "in-reply-to", "references")
}
