"""Which event unenrolls which enrollment, and why: one ``match``, first fit wins.

Read it from the top as a manager would. Mail that nobody wrote (our own copies, receipts, calendar and list mail,
automatic replies) never ends an enrollment, but for the note that the contact has left. Reports about a mail count only
where they name a mail of ours, so that a forged report cannot switch a sequence off. What a person wrote stops the
sequence: surest where it names our mail, then where it comes from the contact. A doubtful sign of a person holds it and
asks. A colleague's reply and a meeting stop it by rules of their own. Orders of the contact and of a user, and what
happens to the records, are obeyed without a question.

Of two reasons the one that *happened* first stays, whichever was read first; what comes later becomes evidence.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from relent.decide import colleagues, matching, meetings, removals
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import Connection, Known
from relent.decide.policy import Policy
from relent.decide.verdicts import Verdict
from relent.terms.events import (
    AnyEvent,
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    ContactDeleted,
    ContactMerged,
    CreatorRemoved,
    EnrollerRemoved,
    ListMailed,
    MailEvent,
    MeetingBooked,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    SendFailed,
    SequenceDeleted,
    UnenrolledByHand,
    UnenrolledByWorkflow,
    Unsubscribed,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.reviews import ReviewKind
from relent.terms.states import ENDED
from relent.terms.steps import Trigger

# How long the next mail waits after a notice that the last one is late: by then it has arrived or failed (RFC 5321
# section 4.5.4.1 lets a server try for days; three are what most of them make of it).
DELAY_PATIENCE = timedelta(hours=72)
# From this many deliveries that failed for passing reasons, a person looks at the address.
SOFT_BOUNCES_TO_HOLD = 3
# What the contact's own mail is: where the address bounces all the same, a person looks before it is given up.
_PROOF_OF_LIFE = {EndReason.REPLY, EndReason.THREAD_REPLY, EndReason.ALIAS, EndReason.OFF_SEQUENCE_MAIL}
_SATURDAY = 5
# What is still worth asking once the enrollment is over.
_ASKED_AFTER_THE_END = {
    ReviewKind.ADDRESS_CHANGED,
    ReviewKind.ASKED_TO_STOP,
    ReviewKind.BOUNCE_DOUBTED,
    ReviewKind.NEW_ADDRESS,
    ReviewKind.REPLACEMENT,
    ReviewKind.MERGED,
}


def decide(  # noqa: C901 -- one table is read more easily than four that call each other
    event: AnyEvent, connection: Connection, enrollment: EnrollmentFacts, policy: Policy
) -> Verdict:
    """Return what ``event`` means for ``enrollment`` under ``policy``, given how the two belong together."""
    match event:
        case OwnCopySeen():
            verdict = _own_mail(event, connection, enrollment, policy)
        case Bounced():
            verdict = _bounced(event, connection, enrollment)
        case Complained() if not connection.is_the_contacts:
            verdict = _keep(KeepReason.COMPLAINT_UNCLEAR, "complaint.unclear")
        case Complained():
            verdict = _end(EndReason.SPAM_COMPLAINT, "complaint", suppress=Refusal.MARKED_AS_SPAM)
        case ReceiptReturned():
            verdict = _keep(KeepReason.RECEIPT, "receipt")
        case CalendarMailed(method="REQUEST" | "COUNTER") if connection.is_the_contacts and not _is_older(
            event, connection, enrollment
        ):
            verdict = _person_wrote(event, connection, enrollment, policy)
        case CalendarMailed():
            verdict = _keep(KeepReason.CALENDAR_MAIL, "calendar_mail")
        case ListMailed():
            verdict = _keep(KeepReason.LIST_MAIL, "list_mail")
        case AutoReplied() | PersonWrote() | PersonForwarded() if _is_older(event, connection, enrollment):
            verdict = _keep(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")
        case AutoReplied() if _is_taken_for_a_reply(event, policy):
            verdict = _person_wrote(event, connection, enrollment, policy)
        case AutoReplied():
            verdict = _auto_replied(event, connection, enrollment, policy)
        case PersonWrote() if connection.colleague is not None:
            reached = _reached_somebody_in_scope(event, enrollment, policy)
            verdict = colleagues.decide(event, connection.colleague, enrollment, reached=reached)
        case PersonWrote() if connection.same_domain:
            verdict = _wrote_from_the_domain(event, enrollment, policy)
        case PersonWrote():
            verdict = _person_wrote(event, connection, enrollment, policy)
        case PersonForwarded():
            verdict = _hold(HoldReason.FORWARDED, "mail.forwarded", ReviewKind.FORWARDED)
        case MeetingBooked():
            verdict = meetings.decide(event, connection, enrollment, policy)
        case Unsubscribed():
            verdict = _unsubscribed(event, policy)
        case UnenrolledByHand():
            verdict = _end(EndReason.MANUAL, f"manual.{event.surface}")
        case UnenrolledByWorkflow(embedded=True):
            verdict = _end(EndReason.AUTOMATION_TRIGGER, "workflow.embedded")
        case UnenrolledByWorkflow():
            verdict = _end(EndReason.WORKFLOW, "workflow")
        case SequenceDeleted() | CreatorRemoved() | EnrollerRemoved() | ContactDeleted() | ContactMerged():
            verdict = removals.decide(event, policy)
        case SendFailed():
            verdict = _send_failed(event, policy)
        case _:
            assert_never(event)
    return replace(
        verdict,
        review=_worth_asking(verdict.review, enrollment),
        evidence=(*event.evidence, *connection.evidence, *verdict.evidence),
    )


def _worth_asking(review: ReviewKind | None, enrollment: EnrollmentFacts) -> ReviewKind | None:
    return None if enrollment.state in ENDED and review not in _ASKED_AFTER_THE_END else review


def _own_mail(event: OwnCopySeen, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    """What the rep writes in the thread by hand is a conversation; the sequence should not talk into it."""
    if not event.by_hand or connection.answers is None or not matching.is_to_the_contact(event, enrollment):
        return _keep(KeepReason.OWN_COPY, "own_copy")
    if enrollment.mail_task_open:
        return _keep(KeepReason.OWN_COPY, "own_copy.mail_task")
    if policy["sender_follow_up"] == "stays":
        return _keep(KeepReason.SENDER_WROTE, "sender_follow_up.stays")
    return Verdict(
        action=Action.PAUSE,
        reason=PauseReason.SENDER_FOLLOW_UP,
        rule="sender_follow_up.pause",
        review=ReviewKind.SENDER_FOLLOW_UP,
    )


def _is_older(event: MailEvent, connection: Connection, enrollment: EnrollmentFacts) -> bool:
    """Mail from before the enrollment, or from the same second, is contact made before, unless it names a mail of it:
    then the clocks differ. A mail of the enrollment that this one took up again could be answered before its end."""
    named = connection.answers is not None and not connection.answers.inherited
    return not named and event.at <= enrollment.enrolled_at


def _bounced(event: Bounced, connection: Connection, enrollment: EnrollmentFacts) -> Verdict:
    """A report that names no mail of ours is backscatter; one about another recipient is not about the contact."""
    if connection.answers is None:
        return _keep(KeepReason.UNCORRELATED_BOUNCE, "bounce.uncorrelated")
    if not matching.is_for(event.failed_recipient, connection.answers):
        return _keep(KeepReason.OTHER_RECIPIENT, "bounce.other_recipient")
    match event.kind:
        case BounceKind.HARD if enrollment.ended_for in _PROOF_OF_LIFE:
            replied_first = enrollment.reason_at is None or enrollment.reason_at <= event.at
            verdict = _end(
                EndReason.BOUNCED,
                "bounce.hard.after_a_reply" if replied_first else "bounce.hard",
                suppress=None if replied_first else Refusal.PREVIOUSLY_BOUNCED,
            )
            return replace(verdict, review=ReviewKind.BOUNCE_DOUBTED)
        case BounceKind.HARD:
            return _end(EndReason.BOUNCED, "bounce.hard", suppress=Refusal.PREVIOUSLY_BOUNCED)
        case BounceKind.DELAYED:
            return replace(_keep(KeepReason.DELAYED, "bounce.delayed"), no_mail_before=event.at + DELAY_PATIENCE)
        case BounceKind.POLICY:
            return _hold(HoldReason.SENDER_REFUSED, "bounce.policy")
        case BounceKind.SOFT if enrollment.soft_bounces + 1 >= SOFT_BOUNCES_TO_HOLD:
            return _hold(HoldReason.SOFT_BOUNCES, "bounce.soft.repeated", ReviewKind.SOFT_BOUNCES)
        case BounceKind.SOFT:
            return _keep(KeepReason.SOFT_BOUNCE, "bounce.soft")


def _is_taken_for_a_reply(event: AutoReplied, policy: Policy) -> bool:
    """Gmail's note in an Outlook inbox: the one pair that is known not to be recognized where the letter is kept."""
    unrecognized = event.dialect == "gmail" and event.read_at_provider == "microsoft"
    return unrecognized and policy["gmail_ooo_in_outlook"] == "unenrolls"


def _auto_replied(event: AutoReplied, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    rule = f"auto_reply.{event.kind}"
    match event.kind:
        case AutoReplyKind.CHALLENGE:
            return replace(_keep(KeepReason.CHALLENGE, rule), task=KeepReason.CHALLENGE)
        case AutoReplyKind.LEFT_COMPANY if connection.sender_known is not None:
            if policy["left_company"] == "stays":
                return _keep(KeepReason.LEFT_COMPANY_STAYS, f"{rule}.stays")
            asked = ReviewKind.REPLACEMENT if event.replacement else None
            return replace(_end(EndReason.LEFT_COMPANY, rule), review=asked, proposal=event.replacement)
        case AutoReplyKind.OUT_OF_OFFICE if policy["ooo"] == "pause":
            return Verdict(
                action=Action.PAUSE,
                reason=PauseReason.OUT_OF_OFFICE,
                rule=f"{rule}.pause",
                until=_return(event, enrollment, policy),
                review=ReviewKind.RETURN_DATE if event.doubtful_return else None,
            )
        case AutoReplyKind.ADDRESS_CHANGED if connection.sender_known is not None and event.replacement:
            kept = _keep(KeepReason.AUTOMATIC_REPLY, f"{rule}.stays")
            return replace(kept, review=ReviewKind.ADDRESS_CHANGED, proposal=event.replacement)
        case _:
            return _keep(KeepReason.AUTOMATIC_REPLY, f"{rule}.stays")


def _return(event: AutoReplied, enrollment: EnrollmentFacts, policy: Policy) -> datetime:
    """The first moment of the stated day of return where the sequence keeps its time; else the account's days later.

    A day that is over says nothing, and a doubtful one may be a wrong guess: neither ends the pause before those days.
    """
    zone = ZoneInfo(enrollment.time_zone)
    fallback = event.at + timedelta(days=int(policy["ooo_pause_days"]))
    if event.returns_on is None or event.returns_on <= event.at.astimezone(zone).date():
        return fallback
    back = datetime.combine(event.returns_on, time(), zone).astimezone(UTC)
    return max(back, fallback) if event.doubtful_return else back


def _person_wrote(event: MailEvent, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    answers = connection.answers
    # An order is obeyed whatever the trigger says, and whoever of us it reaches.
    asks = isinstance(event, PersonWrote) and event.asks_to_stop and connection.sender_known is not None
    if enrollment.reply_trigger is Trigger.OFF and not asks:
        verdict = _keep(KeepReason.TRIGGER_OFF, "reply.trigger_off")
    elif answers is not None:
        verdict = _answered(event, connection)
    else:
        verdict = _wrote_anew(event, connection, enrollment, policy, asks=asks)
    if asks:
        # It ends what is open like any reply; an opt-out for good is a penalty that words alone do not earn.
        verdict = replace(verdict, review=verdict.review or ReviewKind.ASKED_TO_STOP)
    elif enrollment.ended_for is EndReason.BOUNCED and connection.sender_known is not None:
        verdict = replace(verdict, review=ReviewKind.BOUNCE_DOUBTED)
    return replace(verdict, credited_step=answers.position if answers else None)


def _answered(event: MailEvent, connection: Connection) -> Verdict:
    if connection.sender_known is not None:
        return _end(EndReason.REPLY, "reply.in_thread")
    verdict = _end(EndReason.THREAD_REPLY, "reply.in_thread.other_address")
    if connection.stranger:
        return replace(verdict, review=ReviewKind.NEW_ADDRESS, proposal=event.sender)
    return verdict


def _wrote_anew(
    event: MailEvent, connection: Connection, enrollment: EnrollmentFacts, policy: Policy, *, asks: bool
) -> Verdict:
    """Outside the thread only the address joins mail and contact: it must reach somebody in scope, unless it ``asks``
    for no more mail, and be real."""
    if not asks and not _reached_somebody_in_scope(event, enrollment, policy):
        shared = matching.reached_somebody(event, enrollment.shared_addresses)
        if shared and policy["shared_mailbox_mail"] == "hold":
            return _hold(HoldReason.SHARED_MAILBOX, "mail.shared_mailbox", ReviewKind.SHARED_MAILBOX)
        return _keep(KeepReason.NOT_CONCERNED, "mail.out_of_scope")
    if event.authenticated is False and policy["unauthenticated"] == "hold":
        return _hold(HoldReason.UNSURE_SENDER, "mail.unauthenticated", ReviewKind.UNSURE_SENDER)
    if connection.sender_known is Known.ENROLLED:
        return _end(EndReason.OFF_SEQUENCE_MAIL, "mail.enrolled_address")
    return _end(EndReason.ALIAS, f"mail.{connection.sender_known}")


def _wrote_from_the_domain(event: PersonWrote, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    """A domain is no association: nothing ends, but the next mail waits a working day for somebody to look."""
    if not _reached_somebody_in_scope(event, enrollment, policy) or event.at <= enrollment.enrolled_at:
        return _keep(KeepReason.NOT_CONCERNED, "mail.same_domain.out_of_scope")
    if policy["same_domain_review"] == "stays":
        return _keep(KeepReason.NOT_CONCERNED, "mail.same_domain.stays")
    held = _hold(HoldReason.SAME_DOMAIN, "mail.same_domain", ReviewKind.SAME_DOMAIN)
    return replace(held, until=a_working_day_after(event.at, enrollment.time_zone))


def a_working_day_after(at: datetime, time_zone: str) -> datetime:
    """Return the moment until which a mail from the contact's domain, come ``at``, holds the sequence."""
    day = at.astimezone(ZoneInfo(time_zone)) + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day.astimezone(UTC)


def _reached_somebody_in_scope(event: MailEvent, enrollment: EnrollmentFacts, policy: Policy) -> bool:
    return not event.recipients or matching.reached_somebody(event, identities_in_scope(enrollment, policy))


def identities_in_scope(enrollment: EnrollmentFacts, policy: Policy) -> frozenset[str]:
    """Return the addresses that ``you`` means: mail of the contact to one of them counts."""
    match policy["you_scope"]:
        case "enroller":
            return enrollment.enroller_addresses
        case "sender_or_enroller":
            return enrollment.enroller_addresses | enrollment.sender_addresses
        case _:
            every_user = enrollment.any_user_addresses | enrollment.shared_addresses
            return every_user | enrollment.enroller_addresses | enrollment.sender_addresses


def _unsubscribed(event: Unsubscribed, policy: Policy) -> Verdict:
    code = Refusal.UNSUBSCRIBED if event.everything or event.via == "elsewhere" else Refusal.UNSUBSCRIBED_PERSONAL
    if event.via == "elsewhere" and policy["unsubscribed_elsewhere"] == "refused_at_send":
        return replace(_keep(KeepReason.UNSUBSCRIBED_ELSEWHERE, "unsubscribe.elsewhere.refused_at_send"), suppress=code)
    return _end(EndReason.UNSUBSCRIBED, f"unsubscribe.{event.via}", suppress=code)


def _send_failed(event: SendFailed, policy: Policy) -> Verdict:
    """An opt-out that is met only now was made elsewhere: its own word here would have ended the enrollment."""
    if event.ours:
        return _hold(HoldReason.SENDER_REFUSED, "send.refused_for_our_sake")
    if event.bounce:
        return _end(EndReason.BOUNCED, "send.recipient_refused", suppress=Refusal.PREVIOUSLY_BOUNCED)
    opted_out = event.code in {Refusal.UNSUBSCRIBED, Refusal.UNSUBSCRIBED_PERSONAL}
    if opted_out and policy["unsubscribed_elsewhere"] == "unenrolls":
        return _end(EndReason.UNSUBSCRIBED, "send.suppressed")
    return _end(EndReason.ERROR, f"send.{event.code.lower()}")


def _keep(reason: KeepReason, rule: str) -> Verdict:
    return Verdict(action=Action.KEEP, reason=reason, rule=rule)


def _hold(reason: HoldReason, rule: str, review: ReviewKind | None = None) -> Verdict:
    return Verdict(action=Action.HOLD, reason=reason, rule=rule, confidence="doubtful", review=review)


def _end(reason: EndReason, rule: str, suppress: Refusal | None = None) -> Verdict:
    return Verdict(action=Action.UNENROLL, reason=reason, rule=rule, suppress=suppress)
