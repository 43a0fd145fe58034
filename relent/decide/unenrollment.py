"""Which event unenrolls which enrollment, and why: one ``match``, first fit wins.

Read it from the top as a manager would. Mail that nobody wrote (our own copies, receipts, calendar and list mail,
automatic replies) never ends an enrollment. Reports about a mail count only where they name a mail of ours, so that a
forged report cannot switch a sequence off. What a person wrote stops the sequence: surest where it names our mail,
then where it comes from the contact. Orders of the contact and of a user are obeyed without a question. A second reason
never replaces the first: an ended enrollment keeps what it has, and the event becomes evidence.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from relent.decide import matching
from relent.decide.facts import EnrollmentFacts, SentMail
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
    ListMailed,
    OwnCopySeen,
    PersonWrote,
    ReceiptReturned,
    SendFailed,
    UnenrolledByHand,
    Unsubscribed,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.steps import Trigger

# How long the next mail waits after a notice that the last one is late: by then it has arrived or failed (RFC 5321
# section 4.5.4.1 lets a server try for days; three are what most of them make of it).
DELAY_PATIENCE = timedelta(hours=72)
# From this many deliveries that failed for passing reasons, a person looks at the address.
SOFT_BOUNCES_TO_HOLD = 3


def decide(  # noqa: C901 -- one table is read more easily than four that call each other
    event: AnyEvent, connection: Connection, enrollment: EnrollmentFacts, policy: Policy
) -> Verdict:
    """Return what ``event`` means for ``enrollment`` under ``policy``, given how the two belong together."""
    match event:
        case OwnCopySeen():
            verdict = _keep(KeepReason.OWN_COPY, "own_copy")
        case Bounced():
            verdict = _bounced(event, connection, enrollment)
        case Complained() if connection.answers is None:
            verdict = _keep(KeepReason.COMPLAINT_UNCLEAR, "complaint.unclear")
        case Complained():
            verdict = _end(EndReason.SPAM_COMPLAINT, "complaint", suppress=Refusal.MARKED_AS_SPAM)
        case ReceiptReturned():
            verdict = _keep(KeepReason.RECEIPT, "receipt")
        case CalendarMailed():
            verdict = _keep(KeepReason.CALENDAR_MAIL, "calendar_mail")
        case ListMailed():
            verdict = _keep(KeepReason.LIST_MAIL, "list_mail")
        case AutoReplied() | PersonWrote() if connection.answers is None and event.at <= enrollment.enrolled_at:
            verdict = _keep(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")
        case AutoReplied():
            verdict = _auto_replied(event, enrollment, policy)
        case PersonWrote() if enrollment.reply_trigger is Trigger.OFF:
            verdict = replace(
                _keep(KeepReason.TRIGGER_OFF, "reply.trigger_off"),
                credited_step=connection.answers.position if connection.answers else None,
            )
        case PersonWrote() if connection.answers is not None:
            verdict = _answered(connection.answers, connection.sender_known)
        case PersonWrote():
            verdict = _wrote_anew(event, connection, enrollment, policy)
        case Unsubscribed():
            verdict = _end(EndReason.UNSUBSCRIBED, f"unsubscribe.{event.via}", suppress=Refusal.UNSUBSCRIBED_PERSONAL)
        case UnenrolledByHand():
            verdict = _end(EndReason.MANUAL, f"manual.{event.surface}")
        case SendFailed():
            verdict = _send_failed(event, policy)
        case _:
            assert_never(event)
    return replace(verdict, evidence=(*event.evidence, *connection.evidence))


def _bounced(event: Bounced, connection: Connection, enrollment: EnrollmentFacts) -> Verdict:
    """A report that names no mail of ours is backscatter; one about another recipient is not about the contact."""
    if connection.answers is None:
        return _keep(KeepReason.UNCORRELATED_BOUNCE, "bounce.uncorrelated")
    if not matching.is_for(event.failed_recipient, connection.answers):
        return _keep(KeepReason.OTHER_RECIPIENT, "bounce.other_recipient")
    match event.kind:
        case BounceKind.HARD:
            return _end(EndReason.BOUNCED, "bounce.hard", suppress=Refusal.PREVIOUSLY_BOUNCED)
        case BounceKind.DELAYED:
            return replace(_keep(KeepReason.DELAYED, "bounce.delayed"), no_mail_before=event.at + DELAY_PATIENCE)
        case BounceKind.POLICY:
            return _keep(KeepReason.POLICY_BOUNCE, "bounce.policy")
        case BounceKind.SOFT if enrollment.soft_bounces + 1 >= SOFT_BOUNCES_TO_HOLD:
            return Verdict(action=Action.HOLD, reason=HoldReason.SOFT_BOUNCES, rule="bounce.soft.repeated")
        case BounceKind.SOFT:
            return _keep(KeepReason.SOFT_BOUNCE, "bounce.soft")


def _auto_replied(event: AutoReplied, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    if event.kind is not AutoReplyKind.OUT_OF_OFFICE or policy["ooo"] == "stays":
        return _keep(KeepReason.AUTOMATIC_REPLY, f"auto_reply.{event.kind}.stays")
    return Verdict(
        action=Action.PAUSE,
        reason=PauseReason.OUT_OF_OFFICE,
        rule=f"auto_reply.{event.kind}.pause",
        until=_return(event, enrollment, policy),
    )


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


def _answered(answers: SentMail, sender_known: Known | None) -> Verdict:
    if sender_known is None:
        return replace(_end(EndReason.THREAD_REPLY, "reply.in_thread.other_address"), credited_step=answers.position)
    return replace(_end(EndReason.REPLY, "reply.in_thread"), credited_step=answers.position)


def _wrote_anew(event: PersonWrote, connection: Connection, enrollment: EnrollmentFacts, policy: Policy) -> Verdict:
    """Outside the thread only the address joins mail and contact: it must reach somebody in scope, and be real."""
    if event.recipients and not matching.reached_somebody(event, identities_in_scope(enrollment, policy)):
        return _keep(KeepReason.NOT_CONCERNED, "mail.out_of_scope")
    if event.authenticated is False and policy["unauthenticated"] == "hold":
        return Verdict(
            action=Action.HOLD, reason=HoldReason.UNSURE_SENDER, rule="mail.unauthenticated", confidence="doubtful"
        )
    if connection.sender_known is Known.ENROLLED:
        return _end(EndReason.OFF_SEQUENCE_MAIL, "mail.enrolled_address")
    return _end(EndReason.ALIAS, f"mail.{connection.sender_known}")


def identities_in_scope(enrollment: EnrollmentFacts, policy: Policy) -> frozenset[str]:
    """Return the addresses that ``you`` means: mail of the contact to one of them counts."""
    match policy["you_scope"]:
        case "enroller":
            return enrollment.enroller_addresses
        case "sender_or_enroller":
            return enrollment.enroller_addresses | enrollment.sender_addresses
        case _:
            return enrollment.any_user_addresses | enrollment.enroller_addresses | enrollment.sender_addresses


def _send_failed(event: SendFailed, policy: Policy) -> Verdict:
    """An opt-out that is met only now was made elsewhere: its own word here would have ended the enrollment."""
    if event.bounce:
        return _end(EndReason.BOUNCED, "send.recipient_refused", suppress=Refusal.PREVIOUSLY_BOUNCED)
    opted_out = event.code in {Refusal.UNSUBSCRIBED, Refusal.UNSUBSCRIBED_PERSONAL}
    if opted_out and policy["unsubscribed_elsewhere"] == "unenrolls":
        return _end(EndReason.UNSUBSCRIBED, "send.suppressed")
    return _end(EndReason.ERROR, f"send.{event.code.lower()}")


def _keep(reason: KeepReason, rule: str) -> Verdict:
    return Verdict(action=Action.KEEP, reason=reason, rule=rule)


def _end(reason: EndReason, rule: str, suppress: Refusal | None = None) -> Verdict:
    return Verdict(action=Action.UNENROLL, reason=reason, rule=rule, suppress=suppress)
