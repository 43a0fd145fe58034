"""The grammar of ``given`` and of ``settings``: who and what there is when the story begins."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from relent.flows import profiles
from relent.terms.roles import Role
from relent.terms.steps import FollowUpDays, TaskKind, Trigger, ZoneOf
from relent.workers.scenarios import nodes
from relent.workers.scenarios.names import Names
from relent.workers.scenarios.nodes import Shape, Value
from relent.workers.scenarios.nodes import fields as shape_of

_CLOCK = re.compile(r"(\d\d):(\d\d)")
_DAY = 24 * 60


def whole_part(names: Names) -> Shape:
    """Shape of ``given``."""
    parts = {
        "users": shape_of({"email": nodes.address}, _user()),
        "shared_mailboxes": shape_of({"email": nodes.address}),
        "companies": shape_of({}, company(names)),
        "contacts": shape_of({}, contact(names)),
        "deals": shape_of({}, {"name": nodes.text, "contacts": nodes.sequence(names.shape("contacts"))}),
        "sequences": shape_of({"owner": names.shape("users"), "steps": steps}, sequence(names)),
        "workflows": _workflow(names),
    }
    return shape_of({}, {part: nodes.mapping(shape) for part, shape in parts.items()})


def company(names: Names) -> dict[str, Shape]:
    """The fields of a company."""
    return {"name": nodes.text, "domain": nodes.text, "parent": names.shape("companies")}


def contact(names: Names) -> dict[str, Shape]:
    """The fields of a contact. ``company`` becomes a list; the first is the primary one."""
    return {
        "email": nodes.address,
        "name": nodes.text,
        "company": nodes.one_or_more(names.shape("companies")),
        "additional_emails": nodes.sequence(nodes.address),
        "owner": names.shape("users"),
        "time_zone": time_zone,
        "opted_out": nodes.flag,
    }


def sequence(names: Names) -> dict[str, Shape]:
    """The fields of a sequence."""
    return {
        "owner": names.shape("users"),
        "shared_with": nodes.one_of("everyone", "private"),
        "steps": steps,
        "settings": _sequence_settings(),
    }


def steps(value: Value) -> list[dict[str, Any]]:
    """Shape of the steps of a sequence: at least one."""
    found = [_step(item) for item in nodes.items(value)]
    if not found:
        raise value.fault("needs at least one step")
    return found


def account_settings(value: Value) -> dict[str, Any]:
    """Shape of the account's settings that differ from the profile's."""
    found: dict[str, Any] = {}
    for name, entry in nodes.entries(value).items():
        found[name] = nodes.anything(entry)
        fault = profiles.fault(name, found[name])
        if not fault and isinstance(found[name], str) and found[name].isdecimal():
            fault = "must be a whole number, not a text"
        if fault:
            raise entry.fault(fault)
    return found


def time_zone(value: Value) -> str:
    """Shape of an IANA time zone."""
    try:
        return ZoneInfo(nodes.text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise value.fault(f"unknown name {value.written!r}: no such time zone") from None


def _user() -> dict[str, Shape]:
    return {
        "role": nodes.one_of(*Role),
        "mailbox": nodes.one_of("imap", "gmail", "microsoft", "none"),
        "aliases": nodes.sequence(nodes.address),
        "time_zone": time_zone,
        "calendar": nodes.one_of("google", "microsoft", "caldav", "none"),
        "meeting_link": nodes.text,
        "team": nodes.text,
    }


def _sequence_settings() -> Shape:
    return shape_of(
        {},
        {
            "follow_up_days": nodes.one_of(*FollowUpDays),
            "send_window": _window,
            "reply_trigger": nodes.one_of(*Trigger),
            "meeting_trigger": nodes.one_of(*Trigger),
            "same_company": nodes.flag,
            "time_zone": nodes.one_of(*ZoneOf),
        },
    )


def _step(value: Value) -> dict[str, Any]:
    mail = shape_of({}, {"subject": nodes.text, "body": nodes.text})
    task = shape_of({"type": nodes.one_of(*TaskKind)}, {"subject": nodes.text})
    read = shape_of(
        {}, {"after": nodes.duration, "email": mail, "thread": nodes.flag, "task": task, "wait": nodes.flag}
    )
    step: dict[str, Any] = read(value)
    if ("email" in step) == ("task" in step):
        raise value.fault("a step is either an email or a task")
    stray = "wait" if "email" in step else "thread"
    if stray in step:
        raise nodes.entries(value)[stray].fault(f"does not belong to this kind of step: {stray}")
    return {"after": timedelta(), **step}


def _window(value: Value) -> tuple[int, int]:
    minutes = []
    for item in nodes.items(value):
        found = _CLOCK.fullmatch(item.written)
        if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > _DAY:
            raise item.fault(f'{item.written!r} is not a time of day such as "09:00"')
        minutes.append(int(found[1]) * 60 + int(found[2]))
    if len(minutes) != 2 or minutes[0] >= minutes[1]:
        raise value.fault("must be two times of day, the earlier one first")
    return minutes[0], minutes[1]


def _workflow(names: Names) -> Shape:
    triggers = ("reply", "meeting", "bounce", "unsubscribed", "enrolled", "finished", "property")

    def action(value: Value) -> str | dict[str, Any]:
        if value.node.tag == "tag:yaml.org,2002:str":
            return str(nodes.one_of("unenroll")(value))
        return dict(shape_of({"enroll": names.shape("sequences")})(value))

    return shape_of({"on": nodes.one_of(*triggers), "do": action}, {"property": nodes.mapping(nodes.anything)})
