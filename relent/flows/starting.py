"""What keeps a new enrollment from starting at once, though it may be enrolled."""

from dataclasses import replace
from datetime import datetime

from relent.decide import matching
from relent.flows import apply, meetings
from relent.flows.concerns import Concern
from relent.flows.ledger import Cause
from relent.records import connections, enrollment_facts, facts, models
from relent.terms.reasons import HoldReason


def hold_what_must_wait(enrollment: models.Enrollment, now: datetime) -> None:
    """Hold a new enrollment whose mailbox's mails are refused, or whose contact has a meeting still to come. The first
    step is planned by then, and parked by this."""
    if enrollment.mailbox.refused_since is not None:
        apply.hold(enrollment, HoldReason.SENDER_REFUSED)
    ahead = meetings.planned_for(enrollment.contact, now)
    if not ahead:
        return
    known = enrollment_facts.of(enrollment, now)
    policy = facts.policy_at(now)
    for meeting in ahead:
        event = replace(meetings.event_of(meeting), at=known.enrolled_at)
        connection = matching.connect_meeting(event, known, connections.actor_of_meeting(event), policy)
        if apply.event(Concern(enrollment, known, connection), Cause(event=event), now):
            return  # one question is enough
