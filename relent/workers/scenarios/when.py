"""The grammar of ``when``: what happens, and at which instant."""

from datetime import datetime
from typing import Any

from relent.terms.reasons import Refusal
from relent.workers.scenarios import given, nodes
from relent.workers.scenarios.names import Names
from relent.workers.scenarios.nodes import Shape, Value
from relent.workers.scenarios.nodes import fields as shape_of
from relent.workers.scenarios.story import Event

# Codes that an event may be refused with beyond those that a flow can give today (behavior of mail providers).
_FOREIGN_CODES = ("BLOCKED_DOMAIN", "RECIPIENT_PREVIOUSLY_BOUNCED_GLOBALLY")
_SURFACES = ("record", "summary", "scheduled", "gmail", "outlook", "api")


def events(value: Value, names: Names) -> tuple[Event, ...]:
    """Read the whole of ``when``: events in the order of time, each with its instant worked out."""
    found: list[Event] = []
    shapes = _shapes(names)
    for number, item in enumerate(nodes.items(value), start=1):
        found.append(_event(item, number, found[-1].at if found else None, shapes))
    if not found:
        raise value.fault("needs at least one event")
    return tuple(found)


def _event(item: Value, number: int, before: datetime | None, shapes: dict[str, Shape]) -> Event:
    given_keys = nodes.entries(item)
    if "at" not in given_keys:
        raise Value(item.node, "at", item.file).fault("is missing")
    kinds = [key for key in given_keys if key not in ("at", "refused")]
    for key in kinds:
        if key not in shapes:
            raise given_keys[key].fault(f"unknown key; events are: {', '.join(shapes)}")
    if len(kinds) != 1:
        raise item.fault(f"one event each; this line has {len(kinds)}")
    codes = nodes.one_of(*dict.fromkeys((*Refusal, *_FOREIGN_CODES)))
    return Event(
        number=number,
        at=_moment(given_keys["at"], before),
        kind=kinds[0],
        fields=shapes[kinds[0]](given_keys[kinds[0]]),
        refused=codes(given_keys["refused"]) if "refused" in given_keys else None,
        line=item.line,
    )


def _moment(value: Value, before: datetime | None) -> datetime:
    if not value.written.startswith("+"):
        moment: datetime = nodes.instant(value)
    elif before is None:
        raise value.fault("the first event needs an instant: there is none before it")
    else:
        moment = before + nodes.elapsed(value)
    if before is not None and moment < before:
        raise value.fault("lies before the event above it")
    return moment


def _shapes(names: Names) -> dict[str, Shape]:
    return {**_mail(names), **_meetings(names), **_hands(names), **_account(names), **_machine(names)}


def _mail(names: Names) -> dict[str, Shape]:
    part = shape_of({"type": nodes.text}, {"text": nodes.text, "params": nodes.mapping(lambda value: value.written)})
    letter = {"subject": nodes.text, "text": nodes.text, "received_at": nodes.instant}
    mail = {
        "cc": nodes.one_or_more(names.party),
        "delivered_to": nodes.one_or_more(names.party),
        "answers": names.mail,
        "references_only": names.mail,
        "thread": names.mail,
        "html": nodes.text,
        "headers": nodes.mapping(lambda value: value.written),
        "date": nodes.instant,
        "folder": nodes.text,
        "authentication": nodes.one_of("pass", "fail", "none"),
        "parts": nodes.sequence(part),
    }
    styles = nodes.one_of("gmail", "exchange", "exchange_null_sender", "rfc3834", "subject_only", "plain")
    vias = nodes.one_of("link_opened", "link_confirmed", "one_click", "mailto", "elsewhere")
    to = nodes.one_or_more(names.party)
    return {
        "mail": shape_of({"from": names.party, "to": to}, {**letter, **mail}),
        "raw_mail": shape_of({"file": _beside, "to": to}, {"answers": names.mail}),
        "auto_reply": shape_of({"from": names.party, "to": to, "style": styles}, {"answers": names.mail, **letter}),
        "bounce": _bounce(names, to),
        "smtp_refusal": shape_of({"contact": names.shape("contacts")}, {"code": _smtp_code, "status": _status}),
        "unsubscribe": shape_of({"contact": names.shape("contacts"), "via": vias}, {"step": nodes.whole(1)}),
        "complaint": shape_of({"answers": names.mail}, {"redacted": nodes.flag}),
    }


def _bounce(names: Names, to: Shape) -> Shape:
    optional = {
        "answers": names.mail,
        "received_at": nodes.instant,
        "status": _status,
        "action": nodes.one_of("failed", "delayed"),
        "final_recipient": nodes.address,
        "original_recipient": nodes.address,
        "correlated": nodes.flag,
    }

    def read(value: Value) -> dict[str, Any]:
        found: dict[str, Any] = shape_of({"to": to}, optional)(value)
        if "answers" not in found and found.get("correlated", True):
            raise Value(value.node, "answers", value.file).fault("is missing: a correlated bounce names a mail")
        return found

    return read


def _meetings(names: Names) -> dict[str, Shape]:
    sources = nodes.one_of("link", "record", "google", "microsoft", "caldav", "imip", "import")
    optional = {
        "host": names.party,
        "hosts": nodes.sequence(names.party),
        "booked_by": names.party,
        "attendees": nodes.sequence(names.party),
        "link": nodes.text,
        "associated": nodes.sequence(names.contact_or_deal),
        "starts": nodes.instant,
        "logged_at": nodes.instant,
        "declined_by": nodes.sequence(nodes.address),
    }
    return {
        "meeting": shape_of({"id": names.new_meeting, "source": sources}, optional),
        "associate_meeting": shape_of({"id": names.meeting, "contact": names.shape("contacts")}),
        "cancel_meeting": shape_of({"id": names.meeting}),
    }


def _hands(names: Names) -> dict[str, Shape]:
    """Events by which a user acts on enrollments."""
    contact, sequence, user = names.shape("contacts"), names.shape("sequences"), names.shape("users")
    pair = {"contact": contact, "sequence": sequence}
    a_step = {**pair, "step": nodes.whole(1)}
    start = {"sender": user, "start_step": nodes.whole(1), "start_at": nodes.instant}
    surface = {"surface": nodes.one_of(*_SURFACES)}
    return {
        "enroll": shape_of({**pair, "by": user}, start),
        "unenroll": shape_of({**pair, "by": user}, surface),
        "bulk_unenroll": shape_of({"sequence": sequence, "contacts": nodes.sequence(contact), "by": user}),
        "undo": shape_of({**pair, "by": user}),
        "pause": _both_or_neither({"by": user}, pair),
        "resume": _both_or_neither({"by": user}, pair),
        "workflow": _one_of_keys({"unenroll": contact, "enroll": shape_of({**pair, "by": user})}),
        "complete_task": shape_of(a_step),
        "send_manual_email": shape_of(a_step),
        "rep_mail": shape_of({"by": user, "contact": contact}, {"answers": names.mail}),
        "opened": shape_of(a_step, {"by_scanner": nodes.flag}),
        "clicked": shape_of(a_step, {"by_scanner": nodes.flag}),
        "edit_pending": shape_of({**a_step, "body": nodes.text}),
    }


def _account(names: Names) -> dict[str, Shape]:
    """Events that change what there is."""
    contact, sequence, user = names.shape("contacts"), names.shape("sequences"), names.shape("users")
    pair_of = {part: _two(names.shape(part)) for part in ("contacts", "companies")}
    return {
        "set": _set(names),
        "delete": _one_of_keys({"sequence": sequence, "contact": contact, "user": user}, {"override": nodes.flag}),
        "restore": shape_of({"contact": contact}),
        "downgrade": shape_of({"user": user}),
        "transfer": shape_of({"sequence": sequence, "to": user}),
        "merge": _one_of_keys(pair_of),
    }


def _machine(names: Names) -> dict[str, Shape]:
    """Events that happen to the machines."""
    states = nodes.one_of("up", "down", "disconnected")
    return {
        "mailbox": shape_of({"user": names.shape("users"), "state": states}),
        "crash": shape_of({"during": nodes.one_of("send")}),
        "duplicate": shape_of({"last": nodes.whole(1)}),
        "tick": shape_of({}),
    }


def _set(names: Names) -> Shape:
    """Shape of ``set``: a target with fields as in ``given``, or the account's settings alone."""
    targets = {
        "contact": (
            names.shape("contacts"),
            {**dict.fromkeys(sorted(names.properties), nodes.anything), **given.contact(names)},
        ),
        "sequence": (names.shape("sequences"), given.sequence(names)),
        "company": (names.shape("companies"), given.company(names)),
    }

    def read(value: Value) -> dict[str, Any]:
        keys = nodes.entries(value)
        for target, (name, changes) in targets.items():
            if target in keys:
                return dict(shape_of({target: name}, {k: v for k, v in changes.items() if k != target})(value))
        return dict(shape_of({"settings": given.account_settings})(value))

    return read


def _one_of_keys(choices: dict[str, Shape], beside: dict[str, Shape] | None = None) -> Shape:
    def read(value: Value) -> dict[str, Any]:
        found: dict[str, Any] = shape_of({}, {**choices, **(beside or {})})(value)
        if len(set(found) & set(choices)) != 1:
            raise value.fault(f"takes exactly one of: {', '.join(choices)}")
        return found

    return read


def _both_or_neither(required: dict[str, Shape], pair: dict[str, Shape]) -> Shape:
    def read(value: Value) -> dict[str, Any]:
        found: dict[str, Any] = shape_of(required, pair)(value)
        if len(set(found) & set(pair)) == 1:
            raise value.fault(f"takes {' and '.join(pair)} together, or neither")
        return found

    return read


def _two(shape: Shape) -> Shape:
    def read(value: Value) -> list[str]:
        found: list[str] = nodes.sequence(shape)(value)
        if len(found) != 2 or found[0] == found[1]:
            raise value.fault("must be two different names: the survivor first")
        return found

    return read


def _beside(value: Value) -> str:
    if not (value.file.parent / nodes.text(value)).is_file():
        raise value.fault(f"there is no file {value.written!r} beside the scenario")
    return value.written


def _smtp_code(value: Value) -> int:
    code: int = nodes.whole(400)(value)
    if code > 599:
        raise value.fault("must be an SMTP code from 400 to 599")
    return code


def _status(value: Value) -> str:
    parts = nodes.text(value).split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or parts[0] not in ("2", "4", "5"):
        raise value.fault(f"{value.written!r} is not an enhanced status code such as 5.1.1")
    return value.written
