"""Replay: what past mails and meetings would mean today, by the rules of now and under other settings. It reads,
decides, and changes nothing. A mail whose original was dropped is judged by what is kept of it.

Each is decided as of its own time: against the enrollments that were open then, with the addresses, companies, triggers
and sent mails of then. What the ledger holds is what was decided; a line is told where that differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from relent.decide import matching, unenrollment
from relent.decide.facts import ActorFacts, EnrollmentFacts
from relent.decide.policy import Policy
from relent.decide.verdicts import Verdict
from relent.flows import company_stops, concerns, ledger, meetings, understanding
from relent.flows.concerns import Concern
from relent.records import connections, enrollment_facts, models
from relent.terms.events import CalendarMailed, MailEvent, MeetingBooked, PersonWrote, UnsubscribeMailed
from relent.terms.history import Action
from relent.terms.reasons import EndReason, KeepReason
from relent.terms.states import EnrollmentState

_AT_A_TIME = 200
_OWN = "own_copy_seen"  # of which nothing is kept once its original is dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One past event that would be decided differently. ``was`` and ``would_be`` are (verdict, reason); ``what`` is the
    mail's subject or the meeting's title."""

    at: datetime
    contact: str
    sequence: str
    what: str
    sender: str
    was: tuple[str, str]
    would_be: tuple[str, str]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """One past mail that the rules of now take for something else. ``was`` and ``would_be`` are (kind, subkind);
    ``said`` is a person's word on it, where one overruled the rules."""

    at: datetime
    what: str
    sender: str
    was: tuple[str, str]
    would_be: tuple[str, str]
    said: str


@dataclass(slots=True)
class Replayed:
    """What was looked at. ``dropped``: mails of which nothing is kept, and nothing can be said."""

    mails: int = 0
    meetings: int = 0
    dropped: int = 0
    rejudged: list[Rejudged] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def since(moment: datetime, policy: Policy) -> Replayed:
    """Decide everything that came after ``moment`` under ``policy``, and return what would differ."""
    replayed = Replayed()
    for item in _items(moment):
        event = understanding.again(item)
        if event is None:
            replayed.dropped += item.kind != _OWN
            continue
        replayed.mails += 1
        replayed.rejudged += _rejudged(item, event)
        replayed.differences += _of_item(item, event, policy)
    for meeting in models.Meeting.objects.filter(logged_at__gt=moment, item__isnull=True).order_by("logged_at", "pk"):
        replayed.meetings += 1
        met = meetings.event_of(meeting)
        replayed.differences += _differences(met, _decided_on(met, policy), None, str(meeting), met.booked_by)
    replayed.differences.sort(key=lambda difference: difference.at)
    return replayed


def _items(moment: datetime) -> Iterator[models.InboundItem]:
    """In slices by id, so that years of mail never lie in memory."""
    after = 0
    while True:
        rows = models.InboundItem.objects.filter(received_at__gt=moment, pk__gt=after).exclude(kind="unreadable")
        some = list(rows.select_related("mailbox__user").order_by("pk")[:_AT_A_TIME])
        if not some:
            return
        yield from some
        after = some[-1].pk


def _rejudged(item: models.InboundItem, event: MailEvent) -> list[Rejudged]:
    would_be = (ledger.event_name(event), understanding.subkind(event))
    if item.kind == would_be[0] and item.subkind in {would_be[1], ""}:  # subkinds were not always kept
        return []
    return [
        Rejudged(
            at=item.received_at,
            what=item.subject,
            sender=item.sender,
            was=(item.kind, item.subkind),
            would_be=would_be,
            said=item.said,
        )
    ]


def _of_item(item: models.InboundItem, event: MailEvent, policy: Policy) -> list[Difference]:
    if item.said:
        return []  # a person's word stands, whatever the rules and the settings say
    if isinstance(event, UnsubscribeMailed):
        return []  # the contact's own order: no setting changes it
    decided = _decided_by_mail(event, item, policy)
    return _differences(event, decided, item, item.subject, item.sender)


_Decided = list[tuple[Concern, Verdict]]


def _decided_by_mail(event: MailEvent, item: models.InboundItem, policy: Policy) -> _Decided:
    told = item.meetings.first() if isinstance(event, CalendarMailed) else None
    if told is not None:
        return _decided_on(replace(meetings.event_of(told), at=event.at), policy, told_by=event)
    actor = connections.actor(event.sender, event.at, event.refers_to, event.thread)
    found = _decide_each(event, concerns.of_mail(event, actor, policy), policy)
    return found + (_colleagues(event, actor, policy) if isinstance(event, PersonWrote) else [])


def _decided_on(event: MeetingBooked, policy: Policy, told_by: MailEvent | None = None) -> _Decided:
    actor = connections.actor_of_meeting(event)
    found = concerns.of_meeting(event, actor, policy, told_by.recipients if told_by is not None else ())
    own = _decide_each(event, found, policy)
    if told_by is not None:  # where the meeting does not count, the mail that told of it may
        by_mail = _decide_each(told_by, found, policy)
        own = [
            one if one[1].action is not Action.KEEP or mail[1].action is Action.KEEP else mail
            for one, mail in zip(own, by_mail, strict=True)
        ]
    counted = frozenset(concern.known.sequence_id for concern, verdict in own if verdict.reason is EndReason.MEETING)
    return own + _colleagues(event, replace(actor, sequence_ids=counted), policy)


def _colleagues(event: PersonWrote | MeetingBooked, actor: ActorFacts, policy: Policy) -> _Decided:
    if not company_stops.may_stop_colleagues(event, actor):
        return []
    sequences = company_stops.sequences_to_look_in(event, actor)
    rows = connections.colleagues_of(actor, sequences, event.at, policy, then=True)
    rows_then = list(rows.select_related(*enrollment_facts.RELATED).order_by("pk"))
    if not rows_then:
        return []
    recipients = event.recipients if isinstance(event, PersonWrote) else ()
    found: list[Concern] = []
    for row, known in zip(rows_then, enrollment_facts.of_all(rows_then, event.at, recipients), strict=True):
        connection = matching.colleague(actor, known, policy)
        if connection is not None:
            found.append(Concern(row, known, connection))
    return _decide_each(event, found, policy)


def _decide_each(event: MailEvent | MeetingBooked, found: list[Concern], policy: Policy) -> _Decided:
    return [
        (concern, unenrollment.decide(event, concern.connection, _as_it_stood(concern, event.at), policy))  # type: ignore[arg-type]  # every mail event is one of the union
        for concern in found
    ]


def _as_it_stood(concern: Concern, moment: datetime) -> EnrollmentFacts:
    """Open, if it had not ended by then."""
    ended_at = concern.enrollment.ended_at
    if ended_at is not None and ended_at <= moment:
        return concern.known
    return replace(concern.known, state=EnrollmentState.ACTIVE, ended_for=None)


def _differences(
    event: MailEvent | MeetingBooked, decided: _Decided, item: models.InboundItem | None, what: str, sender: str
) -> list[Difference]:
    found: list[Difference] = []
    for concern, verdict in decided:
        would_be = (verdict.action.value, verdict.reason.value)
        was = _in_the_ledger(concern.enrollment, event, item)
        same_nothing = was is None and verdict.action is Action.KEEP
        if was == would_be or same_nothing:
            continue
        found.append(
            Difference(
                at=event.at,
                contact=str(concern.enrollment.contact),
                sequence=concern.enrollment.sequence.name,
                what=what,
                sender=sender,
                was=was or (Action.KEEP.value, KeepReason.NOT_CONCERNED.value),
                would_be=would_be,
                rule=verdict.rule,
            )
        )
    return found


def _in_the_ledger(
    enrollment: models.Enrollment, event: MailEvent | MeetingBooked, item: models.InboundItem | None
) -> tuple[str, str] | None:
    told = {"item": item} if item is not None else {"event": "meeting_booked", "event_at": event.at}
    lines = models.Decision.objects.filter(enrollment=enrollment, **told)
    return lines.order_by("pk").values_list("verdict", "reason").first()
