"""Does this meeting unenroll this contact?

There is one rule, whatever told us of the meeting. A booking through a link counts where that link stood in a mail that
was *sent to this contact* and the contact booked it, whoever the host is. Every other meeting counts only with the user
who originally enrolled the contact (by default also with the one whose mailbox sends), and only where the contact is
invited to it or associated with it. A colleague's counts where the trigger says ``company``: in the sequences in which
it ended the colleague's own enrollment, or in every one where it ended none. The time at which it was logged decides,
not the time at which it takes place; that it is cancelled later starts nothing again. One that is still to come when
the contact is enrolled holds the first step.
"""

from relent.decide.facts import ActorFacts, EnrollmentFacts
from relent.decide.matching import Connection
from relent.decide.policy import Policy
from relent.decide.verdicts import Verdict
from relent.terms.events import Evidence, MeetingBooked
from relent.terms.evidence import EvidenceKind
from relent.terms.history import Action
from relent.terms.meetings import CALENDARS, MeetingSource
from relent.terms.reasons import EndReason, HoldReason, KeepReason
from relent.terms.reviews import ReviewKind
from relent.terms.steps import Trigger


def decide(event: MeetingBooked, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    """Return what a meeting means for ``enrollment``."""
    if event.logged_at <= enrollment.enrolled_at or event.at <= enrollment.enrolled_at:
        if event.at == enrollment.enrolled_at and _is_planned(event, enrollment, policy):
            return Verdict(
                action=Action.HOLD,
                reason=HoldReason.PLANNED_MEETING,
                rule="meeting.planned_before",
                review=ReviewKind.PLANNED_MEETING,
            )
        return _keep(KeepReason.MEETING_LOGGED_BEFORE, "meeting.logged_before")
    if enrollment.meeting_trigger is Trigger.OFF:
        return _keep(KeepReason.TRIGGER_OFF, "meeting.trigger_off")
    if enrollment.meeting_trigger is Trigger.COMPANY and connection.colleague and connection.colleague.sequence_ids:
        return _counted_for_colleague(enrollment, connection.colleague)
    verdict = _through_link(event, enrollment, policy) or _with_host(event, connection, enrollment, policy)
    if connection.is_the_contacts or verdict.action is Action.KEEP:
        return verdict
    return _of_another(connection, enrollment)


def _is_planned(event: MeetingBooked, enrollment: EnrollmentFacts, policy: Policy) -> bool:
    """Whether it was known, and still to come, when the contact was enrolled: nobody wants the first mail then."""
    ahead = event.starts > enrollment.enrolled_at and policy["planned_meeting"] == "hold"
    return ahead and bool(_hosts_met(event, enrollment, policy))


def _counted_for_colleague(enrollment: EnrollmentFacts, colleague: ActorFacts) -> Verdict:
    """It ended enrollments of the colleague's: those of the company leave the same sequences, and no other."""
    if enrollment.sequence_id not in colleague.sequence_ids:
        return _keep(KeepReason.OTHER_SEQUENCE, "meeting.other_sequence")
    return _end(EndReason.ACCOUNT_MEETING, "meeting.same_company")


def _through_link(event: MeetingBooked, enrollment: EnrollmentFacts, policy: Policy) -> Verdict | None:
    """A link in a sent mail counts for the contact; one from elsewhere only with the right host, by the policy."""
    if event.source is not MeetingSource.LINK:
        return None
    for mail in enrollment.sent:
        if event.link in mail.links:
            seen = Evidence(EvidenceKind.LINK, f"step {mail.position}: {event.link}")
            return _end(EndReason.MEETING, "meeting.link_in_sent_mail", seen)
    if not _hosts_met(event, enrollment, policy):
        return _keep(KeepReason.MEETING_OTHER_LINK, "meeting.other_link")
    if policy["own_link_from_elsewhere"] == "stays":
        return _keep(KeepReason.MEETING_OTHER_LINK, "meeting.own_link_from_elsewhere")
    return _end(EndReason.MEETING, "meeting.own_link_from_elsewhere", Evidence(EvidenceKind.LINK, event.link))


def _with_host(event: MeetingBooked, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    if event.source in CALENDARS and event.source not in policy["calendars_that_count"].split(","):
        return _keep(KeepReason.MEETING_OTHER_CALENDAR, f"meeting.{event.source}")
    if not connection.is_the_contacts and connection.colleague is None:
        return _keep(KeepReason.MEETING_NOT_ASSOCIATED, "meeting.not_associated")
    if not _hosts_met(event, enrollment, policy):
        return _not_met(event, enrollment, policy)
    return _end(EndReason.MEETING, f"meeting.{event.source}")


def _not_met(event: MeetingBooked, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    """The host who would count is not there, or will not come: the second is worth a question."""
    if not event.declined & _hosts_that_count(enrollment, policy):
        return _keep(KeepReason.MEETING_OTHER_HOST, "meeting.other_host")
    review = ReviewKind.DECLINED_HOST if policy["declined_host"] == "review" else None
    return _keep(KeepReason.MEETING_DECLINED, "meeting.host_declined", review)


def _of_another(connection: Connection, enrollment: EnrollmentFacts) -> Verdict:
    """It would count for the contact, and somebody else made it."""
    if connection.colleague is not None and enrollment.meeting_trigger is Trigger.COMPANY:
        return _end(EndReason.ACCOUNT_MEETING, "meeting.same_company")
    near = connection.colleague is not None or connection.same_domain
    return _keep(
        KeepReason.MEETING_OTHER_PERSON, "meeting.other_person", ReviewKind.BOOKED_BY_ANOTHER if near else None
    )


def _hosts_that_count(enrollment: EnrollmentFacts, policy: Policy) -> frozenset[int]:
    hosts = {enrollment.enroller_id}
    if policy["meeting_hosts"] == "enroller_or_sender" and enrollment.sender_id is not None:
        hosts.add(enrollment.sender_id)
    return frozenset(hosts)


def _hosts_met(event: MeetingBooked, enrollment: EnrollmentFacts, policy: Policy) -> frozenset[int]:
    return (event.hosts - event.declined) & _hosts_that_count(enrollment, policy)


def _keep(reason: KeepReason, rule: str, review: ReviewKind | None = None) -> Verdict:
    return Verdict(action=Action.KEEP, reason=reason, rule=rule, review=review)


def _end(reason: EndReason, rule: str, *evidence: Evidence) -> Verdict:
    return Verdict(action=Action.UNENROLL, reason=reason, rule=rule, evidence=evidence)
