"""One reply that takes out all the colleagues: blocked first, then worked off, whoever does it, however many."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from relent.flows import company_wide, inbound, turn
from relent.records import models
from relent.terms.reasons import WaitReason
from relent.terms.states import DeliveryState
from relent.terms.steps import Trigger
from tests import cast as people
from tests.cast import Cast, state
from tests.crowd import colleagues, reply_of_ann


def not_now(now: object) -> int:
    """A worker that dies before it begins."""
    return 0


@pytest.fixture
def widely(cast: Cast) -> Cast:
    """The cast, with a sequence whose reply trigger takes out everybody of the company."""
    cast.sequence = people.sequence(cast.dana, reply_trigger=Trigger.COMPANY)
    models.Mailbox.objects.update(spacing=0, minute_limit=1000)
    cast.mailbox.refresh_from_db()
    return cast


def states(rows: list[models.Enrollment]) -> list[tuple[str, str]]:
    return list(models.Enrollment.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", "reason"))


def deliver(cast: Cast, mail: EmailMessage) -> None:
    cast.clock.ahead(minutes=1)
    cast.deliver(mail)


def test_everything_is_blocked_before_the_first_colleague_is_unenrolled(
    widely: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, crowd = reply_of_ann(widely), colleagues(widely, 5)
    monkeypatch.setattr(company_wide, "work_off", not_now)
    deliver(widely, reply)
    inbound.read(widely.mailbox, widely.clock)
    assert set(states(crowd)) == {("active", "")}
    theirs = models.Delivery.objects.filter(enrollment__in=crowd)
    assert set(theirs.values_list("state", flat=True)) == {DeliveryState.PARKED}
    assert models.CompanyStop.objects.under_way().count() == 1


def test_what_a_worker_that_died_has_left_is_done_by_the_next_turn(
    widely: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, crowd = reply_of_ann(widely), colleagues(widely, 25)
    with monkeypatch.context() as dying:
        dying.setattr(company_wide, "_BATCH", 10)
        dying.setattr(company_wide, "work_off", first_batch)
        deliver(widely, reply)
        inbound.read(widely.mailbox, widely.clock)
    assert states(crowd).count(("unenrolled", "account_reply")) == 10
    widely.clock.ahead(days=9)
    widely.turn()
    assert states(crowd) == [("unenrolled", "account_reply")] * 25
    assert [mail.recipient for mail in widely.world.sent] == ["ann@acme.example"]


def first_batch(now: datetime) -> int:
    """A worker that dies behind the first batch."""
    return sum(company_wide._take_batch(stop, now) for stop in models.CompanyStop.objects.under_way())


def one_stop() -> models.CompanyStop:
    return models.CompanyStop.objects.get()


def test_four_hundred_colleagues_leave_by_one_reply_each_once(widely: Cast, django_assert_max_num_queries: Any) -> None:
    reply, crowd = reply_of_ann(widely), colleagues(widely, 400)
    deliver(widely, reply)
    with django_assert_max_num_queries(150):  # it grows with the batches, not with the colleagues
        inbound.read(widely.mailbox, widely.clock)
    assert states(crowd) == [("unenrolled", "account_reply")] * 400
    lines = models.Decision.objects.filter(enrollment__in=crowd, applied=True)
    assert lines.count() == 400 == lines.values("enrollment").distinct().count()
    entries = models.TimelineEntry.objects.filter(enrollment__in=crowd, kind="unenrolled")
    assert entries.count() == 400
    assert set(models.Delivery.objects.filter(enrollment__in=crowd).values_list("state", flat=True)) == {"cancelled"}


def test_each_user_whose_contacts_left_is_told_once(widely: Cast) -> None:
    reply, _ = reply_of_ann(widely), [colleagues(widely, 4), colleagues(widely, 3, begin=4, by=widely.eli)]
    deliver(widely, reply)
    inbound.read(widely.mailbox, widely.clock)
    told = models.Notification.objects.order_by("user_id").values_list("user_id", "code", "contact_id")
    assert list(told) == [(user.pk, "account_reply", widely.ann.pk) for user in (widely.dana, widely.eli)]


def test_nobody_is_told_of_a_reply_that_took_out_nobody(widely: Cast) -> None:
    deliver(widely, reply_of_ann(widely))
    inbound.read(widely.mailbox, widely.clock)
    assert not models.Notification.objects.exists()


def test_those_whom_it_does_not_concern_go_on(widely: Cast) -> None:
    reply = reply_of_ann(widely)
    happened = widely.clock.ahead(minutes=1)
    widely.clock.ahead(minutes=1)
    later = colleagues(widely, 3)  # enrolled after the reply came, and before it is read
    widely.world.deliver("dana@us.example", reply.as_bytes(), happened)
    widely.turn()
    assert set(states(later)) == {("active", "")}
    assert one_stop().kept == 3
    widely.clock.ahead(days=3)
    while turn.take(widely.mailbox.pk, widely.clock, "test").executed:
        pass
    assert len(widely.world.sent) == 4


def test_colleagues_of_another_company_and_of_another_sequence_stay(widely: Cast) -> None:
    reply = reply_of_ann(widely)
    elsewhere = widely.enroll(widely.cora)
    widely.sequence = people.sequence(widely.dana)
    other = widely.enroll(widely.bob)
    deliver(widely, reply)
    inbound.read(widely.mailbox, widely.clock)
    assert (state(elsewhere), state(other)) == (("active", ""), ("active", ""))


def test_no_mail_leaves_to_a_colleague_while_the_stop_is_under_way(
    widely: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, _ = reply_of_ann(widely), colleagues(widely, 1)
    deliver(widely, reply)
    with monkeypatch.context() as slow:
        slow.setattr(company_wide, "work_off", not_now)
        inbound.read(widely.mailbox, widely.clock)
        new = widely.enroll(widely.bob)
        widely.turn()
    delivery = new.deliveries.get(position=1)
    assert (delivery.state, delivery.waits_for) == (DeliveryState.PLANNED, WaitReason.COMPANY_STOP)
    assert delivery.due_at - widely.clock() == timedelta(seconds=5)


def test_a_colleagues_new_mail_begins_no_stop(widely: Cast) -> None:
    reply_of_ann(widely)
    crowd = colleagues(widely, 2)
    deliver(widely, widely.write())
    inbound.read(widely.mailbox, widely.clock)
    assert set(states(crowd)) == {("active", "")}
    assert not models.CompanyStop.objects.exists()
