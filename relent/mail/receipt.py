"""Receipts: message disposition notifications (RFC 8098), also called read receipts."""

import re
from dataclasses import dataclass

from relent.mail import message_ids
from relent.mail.bounces import delivery_status, dsn, mail_systems
from relent.mail.bounces.dsn import Report
from relent.mail.message import Message
from relent.terms.events import Failure

_PART = ("message/disposition-notification", "message/global-disposition-notification")
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. ``refusal`` is set where it is really a refusal: filters reject with a receipt that says
    "automatically deleted" (RFC 5429 section 2.1.2), and so do some servers whose mailbox is full. ``disposition`` is
    what became of the mail (RFC 8098 section 3.2.6.2): ``displayed``, ``relayed``, or ``deleted`` unread; else empty.
    ``original_ids`` are those of the mail it is about (section 3.2.5)."""

    refusal: Report | None
    disposition: str
    seen: tuple[str, ...]
    original_ids: tuple[str, ...] = ()


def read(message: Message) -> Receipt | None:
    """Return the receipt that ``message`` is, or ``None`` (RFC 8098 section 3; of certified mail RFC 6109)."""
    certified = message.header("x-ricevuta")
    if certified and certified.text.strip().lower() == mail_systems.CERTIFIED_DELIVERY:
        about = message_ids.parse(message.first("x-riferimento-message-id"))
        return Receipt(None, "delivered", (certified.line,), about)
    part = message.part(*_PART)
    report_type = message.parts[0].parameters.get("report-type", "").lower()
    if part is None and report_type != "disposition-notification":
        return None
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(part.text(16384) if part else ""):
        fields.setdefault(name.lower(), value.strip())
    header, disposition = message.header("content-type"), fields.get("disposition", "")
    lines = (header.line if header else "", f"Disposition: {disposition}"[:300] if disposition else "")
    seen = tuple(line for line in lines if line)
    became = disposition.rpartition(";")[2].partition("/")[0].strip().lower()
    ids = message_ids.parse(fields.get("original-message-id", ""))
    return Receipt(_refusal(message, fields, seen), _BECAME.get(became, ""), seen, ids)


# Those of RFC 3798 and its predecessor too, which some programs still write.
_BECAME = {
    "displayed": "displayed",
    "dispatched": "relayed",  # sent on without being shown
    "processed": "displayed",
    "deleted": "deleted",
    "denied": "",  # its recipient does not wish to say
    "failed": "",
}


def _refusal(message: Message, fields: dict[str, str], seen: tuple[str, ...]) -> Report | None:
    disposition = fields.get("disposition", "").lower().replace(" ", "")
    if not disposition.startswith("automatic-action") or ";deleted" not in disposition:
        return None
    kind = delivery_status.witness(message.text[:4000])
    if kind is None:
        return None  # deleted unread, which refuses nothing
    address = dsn.address_in(fields.get("original-recipient", "")) or dsn.address_in(fields.get("final-recipient", ""))
    ids, to = dsn.returned(message)
    words = " ".join(message.text.split())[:500]
    status = delivery_status.status_in(message.text)
    failure = Failure(address=address, kind=kind, status=status, diagnostic=words)
    ids = ids or message_ids.parse(fields.get("original-message-id", ""))
    return Report((failure,), ids, to, seen)
