"""Beginning a company-wide stop: every mail to the colleagues is blocked before the first of them is unenrolled.

The block and the record of what is still to be done are written in the transaction of the reply or meeting itself; the
colleagues are then dealt with in batches (``company_wide``), however many they are and whichever worker survives.
"""

import dataclasses
from datetime import datetime
from typing import Any

from django.db.models import Q

from relent.decide import colleagues as rules
from relent.decide.facts import ActorFacts, Workplaces
from relent.decide.policy import Policy
from relent.flows.ledger import Cause
from relent.records import connections, facts, models
from relent.terms.events import Evidence, MeetingBooked, PersonWrote
from relent.terms.meetings import MeetingSource
from relent.terms.states import DeliveryState
from relent.terms.steps import Trigger

_INSTANTS = {"at", "logged_at", "starts"}
_BLOCKED = [DeliveryState.PLANNED, DeliveryState.CLAIMED]


def begin(
    event: PersonWrote | MeetingBooked, actor: ActorFacts, cause: Cause, now: datetime, policy: Policy | None = None
) -> bool:
    """Block what is planned for the colleagues whom ``event`` may take out. Return whether there are any. ``policy``:
    the account's when it happened, where it is at hand.

    Where nothing could follow (no company, a new mail, a sender who failed authentication, no sequence with such a
    setting) it costs a query or two.
    """
    if not may_stop_colleagues(event, actor):
        return False
    sequences = sequences_to_look_in(event, actor)
    policy = policy or facts.policy_at(event.at)
    colleagues = connections.colleagues_of(actor, sequences, event.at, policy)
    if not sequences or not colleagues.exists():
        return False
    stop = models.CompanyStop.objects.create(
        actor_id=min(actor.contact_ids),
        item=cause.item,
        meeting_id=event.meeting_id if isinstance(event, MeetingBooked) else None,
        event={
            "sequences": sequences,
            "actor": _packed(actor),
            "event": _packed(event),
            "overrule": cause.overrule.pk if cause.overrule else None,
        },
        event_at=event.at,
        begun_at=now,
    )
    stop.companies.set(actor.workplaces.every if policy["company_scope"] == "any" else actor.workplaces.primary)
    models.Delivery.objects.filter(state__in=_BLOCKED, enrollment_id__in=colleagues.values("pk")).update(
        state=DeliveryState.PARKED, waits_for=""
    )
    return True


def unpacked(stop: models.CompanyStop) -> tuple[PersonWrote | MeetingBooked, ActorFacts, list[int]]:
    """Return what a stop was begun with: the event, who acted, and the sequences to look in."""
    actor = stop.event["actor"]
    acted = ActorFacts(
        contact_ids=frozenset(actor["contact_ids"]),
        workplaces=Workplaces(**{name: frozenset(ids) for name, ids in actor["workplaces"].items()}),
        sequence_ids=frozenset(actor["sequence_ids"]),
    )
    kind, container = (PersonWrote, tuple) if stop.meeting_id is None else (MeetingBooked, frozenset)
    fields: dict[str, Any] = {
        name: container(value) if isinstance(value, list) else value for name, value in stop.event["event"].items()
    }
    fields["evidence"] = tuple(Evidence(**one) for one in fields["evidence"])
    for name in _INSTANTS & fields.keys():
        fields[name] = datetime.fromisoformat(fields[name])
    if "source" in fields:
        fields["source"] = MeetingSource(fields["source"])
    return kind(**fields), acted, stop.event["sequences"]


def may_stop_colleagues(event: PersonWrote | MeetingBooked, actor: ActorFacts) -> bool:
    """Whether there is anything to look for: a known actor with a company, and no mere new or doubtful mail."""
    if not actor.contact_ids or not actor.workplaces.every:
        return False
    if isinstance(event, MeetingBooked):
        return True
    return rules.is_answer(event, actor) and event.authenticated is not False


def sequences_to_look_in(event: PersonWrote | MeetingBooked, actor: ActorFacts) -> list[int]:
    """The sequences whose settings, when it happened, could take out a colleague. What exactly follows is decided for
    each enrollment; this only leaves out what cannot."""
    ever_wide = Q(same_company=True) | Q(reply_trigger=Trigger.COMPANY) | Q(meeting_trigger=Trigger.COMPANY)
    in_question = models.SequenceVersion.objects.filter(ever_wide).values("sequence_id")
    saved = models.SequenceVersion.objects.filter(saved_at__lte=event.at, sequence_id__in=in_question)
    latest = {version.sequence_id: version for version in saved.order_by("saved_at", "number")}
    return sorted(pk for pk, version in latest.items() if _is_wide(version, event))


def _is_wide(version: models.SequenceVersion, event: PersonWrote | MeetingBooked) -> bool:
    if isinstance(event, MeetingBooked):
        return version.meeting_trigger == Trigger.COMPANY
    # Also where another sequence's mail was answered: the ledger says that the colleagues there stay, and why.
    return version.same_company or version.reply_trigger == Trigger.COMPANY


def _packed(value: Any) -> Any:
    """The fields of a dataclass as JSON holds them."""
    if dataclasses.is_dataclass(value):
        return {field.name: _packed(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | tuple | list):
        return [_packed(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
    return value
