"""May this mail go now? Else later, else never, and why. The last gate before a mail server sees a mail.

First what forbids it for good, then what makes it wait for long, and last the reading: a mail that would wait for
another reason is not worth a reading.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from relent.decide import schedule
from relent.decide.facts import SendFacts
from relent.decide.policy import Policy
from relent.decide.verdicts import SendLater, SendNever, SendNow, SendVerdict
from relent.terms.reasons import Refusal, WaitReason

# A company-wide stop is worked off within seconds; a mail that meets one is looked at again then.
_COMPANY_STOP_TAKES = timedelta(seconds=5)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# Spacing varies by up to half, so that mails do not leave in the rhythm of a machine.
_JITTER = 0.5
# A new mailbox that sends hundreds of mails on its first day is taken for a spammer's. It starts with so many a day,
# and as many more every day: 20, 40, 60, … up to its limit; 400 a day is reached on the twentieth day.
WARM_UP_STEP = 20


def decide(facts: SendFacts, now: datetime) -> SendVerdict:
    """Return whether the claimed mail may be handed over at ``now``."""
    if facts.suppression is not None:
        return SendNever(facts.suppression)
    if facts.company_stop:
        return SendLater(now + _COMPANY_STOP_TAKES, WaitReason.COMPANY_STOP)
    if facts.no_mail_before and facts.no_mail_before > now:
        return SendLater(facts.no_mail_before, WaitReason.DELIVERY_DELAYED)
    if not facts.is_first and (opens := schedule.next_open(now, facts.calendar)) > now:
        return SendLater(opens, _closed(facts, now))
    if later := _over_a_limit(facts, now):
        return later
    if not is_fresh(facts.read_through, facts.claimed_at, now, facts.freshness):
        return SendLater(now, WaitReason.STALE)
    return SendNow()


def unreadable(policy: Policy, now: datetime, retry: timedelta) -> SendLater | SendNever:
    """Return what becomes of a due mail where a mailbox in scope cannot be read: by default it waits."""
    if policy["mailbox_down"] == "ends":
        return SendNever(Refusal.MAILBOX_DOWN)
    return SendLater(now + retry, WaitReason.MAILBOX_UNREADABLE)


def is_fresh(read_through: datetime | None, claimed_at: datetime, now: datetime, limit: timedelta) -> bool:
    """Whether every mailbox in scope was read after the claim, at most ``limit`` ago: the promise itself."""
    return read_through is not None and read_through >= claimed_at and now - read_through <= limit


def _closed(facts: SendFacts, now: datetime) -> WaitReason:
    if schedule.is_eligible_day(now, facts.calendar):
        return WaitReason.OUTSIDE_WINDOW
    return WaitReason.DAY_NOT_ELIGIBLE


def _over_a_limit(facts: SendFacts, now: datetime) -> SendLater | None:
    """Rolling 24 hours and clock minutes are two limits; spacing binds the mail before. A limit of 0 sends nothing."""
    if freed := free_again(facts.sent, facts.daily_limit, now, facts.warm_up_from):
        return SendLater(freed, WaitReason.DAILY_LIMIT)
    if facts.user_limit is not None and (freed := free_again(facts.user_sent, facts.user_limit, now)):
        return SendLater(freed, WaitReason.USER_LIMIT)
    minute = now.replace(second=0, microsecond=0)
    if len([sent for sent in facts.sent if sent >= minute]) >= facts.minute_limit:
        return SendLater(minute + _MINUTE, WaitReason.MINUTE_LIMIT)
    if facts.sent and (free := facts.sent[0] + _spacing(facts)) > now:
        return SendLater(free, WaitReason.SPACING)
    return None


def allowance(limit: int, warm_up_from: datetime | None, now: datetime) -> int:
    """Return how many mails a mailbox may send in 24 hours at ``now``: while it warms up, fewer than its ``limit``."""
    if warm_up_from is None:
        return limit
    days = max((now - warm_up_from) // _DAY, 0)
    return min(limit, WARM_UP_STEP * (days + 1))


def free_again(
    sent: Sequence[datetime], limit: int, now: datetime, warm_up_from: datetime | None = None
) -> datetime | None:
    """Return when one more mail may leave, where ``limit`` for 24 hours is reached; ``None`` where it is not.

    ``sent`` holds the latest mails, newest first. A limit that grows frees as soon as the first of two happens: a mail
    is a day old, or the limit has grown.
    """
    allowed = allowance(limit, warm_up_from, now)
    if not allowed:
        return now + _DAY
    in_day = [moment for moment in sent if moment > now - _DAY]
    if len(in_day) < allowed:
        return None
    freed = in_day[allowed - 1] + _DAY
    if warm_up_from is None or allowed >= limit:
        return freed
    grows = warm_up_from + _DAY * (max((now - warm_up_from) // _DAY, 0) + 1)
    return min(freed, grows)


def _spacing(facts: SendFacts) -> timedelta:
    """The spacing with its jitter, which the delivery's own number gives: the same at every look."""
    share = hashlib.sha256(str(facts.delivery_id).encode()).digest()[0] / 255
    return facts.spacing * (1 + _JITTER * share)
