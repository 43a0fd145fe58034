"""Which enrollments an event concerns, with what was true of each then."""

from dataclasses import dataclass

from relent.decide import matching
from relent.decide.facts import ActorFacts, EnrollmentFacts
from relent.decide.matching import Connection
from relent.decide.policy import Policy
from relent.records import connections, enrollment_facts, facts, models
from relent.terms.events import MailEvent, MeetingBooked


@dataclass(frozen=True, slots=True)
class Concern:
    """An enrollment that an event concerns: its row, what was true of it then, and how the two belong together."""

    enrollment: models.Enrollment
    known: EnrollmentFacts
    connection: Connection


def of_mail(event: MailEvent, actor: ActorFacts, policy: Policy | None = None) -> list[Concern]:
    """Return every enrollment that a mail concerns under ``policy`` (by default, the account's at that time),
    colleagues' apart: those are the company-wide stop's."""
    rows = connections.concerned_by(event, actor)
    if not rows:
        return []
    return among(rows, event, actor, facts.policy_at(event.at), policy)


def among(
    rows: list[models.Enrollment],
    event: MailEvent,
    actor: ActorFacts,
    in_force: Policy,
    policy: Policy | None = None,
) -> list[Concern]:
    """Return those of ``rows``, at least one, that a mail concerns; see ``of_mail``. ``in_force`` is the account's
    policy at that time."""
    policy = policy or in_force
    found: list[Concern] = []
    loaded = enrollment_facts.of_all(rows, event.at, event.recipients, in_force)
    for row, known in zip(rows, loaded, strict=True):
        connection = matching.connect(event, known, actor, policy)
        if connection is not None and connection.colleague is None:
            found.append(Concern(row, known, connection))
    return found


def of_meeting(
    event: MeetingBooked, actor: ActorFacts, policy: Policy | None = None, recipients: tuple[str, ...] = ()
) -> list[Concern]:
    """Return the enrollments of those whose meeting it is, and of those whose link somebody else used. ``recipients``
    are those of the mail that told of it, where one did: it may count by itself."""
    rows = [*connections.own_enrollments(event, actor), *connections.carrying_the_link(event, actor)]
    policy = policy or facts.policy_at(event.at)
    loaded = enrollment_facts.of_all(rows, event.at, recipients) if rows else []
    return [
        Concern(row, known, matching.connect_meeting(event, known, actor, policy))
        for row, known in zip(rows, loaded, strict=True)
    ]
