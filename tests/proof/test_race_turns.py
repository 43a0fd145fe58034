"""Two that do the same at once: claim, enroll, read, take a turn. It happens once."""

import pytest
from django.db import OperationalError

from relent.flows import enrolling, inbound, outbound, turn
from relent.records import models
from relent.terms.states import DeliveryState, EnrollmentState
from tests.cast import MONDAY, Cast
from tests.proof import proofs, rounds
from tests.proof.rounds import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def limits_lifted(cast: Cast) -> models.Mailbox:
    models.Mailbox.objects.filter(pk=cast.mailbox.pk).update(spacing=0, daily_limit=10_000, minute_limit=10_000)
    return models.Mailbox.objects.get(pk=cast.mailbox.pk)


def test_no_delivery_is_claimed_twice(cast: Cast) -> None:
    mailbox = limits_lifted(cast)
    prepared = rounds.prepare(cast, 40)
    end = prepared[-1].now
    for _ in range(50):
        models.Delivery.objects.update(state=DeliveryState.PLANNED, claimed_by="")
        claims = together(*(lambda name=name: outbound.claim(mailbox, name, end) for name in ("w1", "w2", "w3")))
        claimed = [row.pk for taken in claims for row in taken]
        assert len(claimed) == len(set(claimed)) >= 20
        owners = dict(models.Delivery.objects.values_list("pk", "claimed_by"))
        assert all(owners[row.pk] == f"w{n}" for n, taken in enumerate(claims, 1) for row in taken)


def test_enrolling_twice_at_once_enrolls_once(cast: Cast) -> None:
    def enroll(contact: models.Contact) -> bool:
        try:
            cast.enroll(contact)
        except enrolling.EnrollmentRefused:
            return False
        return True

    for each in rounds.prepare(cast, 40):
        models.Enrollment.objects.filter(pk=each.enrollment.pk).update(state=EnrollmentState.FINISHED)
        assert sorted(together(*[lambda c=each.contact: enroll(c)] * 2)) == [False, True]
        assert models.Enrollment.objects.open().filter(contact=each.contact).count() == 1


def test_one_request_made_twice_at_once_is_one_enrollment(cast: Cast) -> None:
    for each in rounds.prepare(cast, 20):
        models.Enrollment.objects.filter(pk=each.enrollment.pk).update(state=EnrollmentState.FINISHED)
        ask = {"contact": each.contact, "request_id": f"request {each.number}"}
        first, second = together(*[lambda ask=ask: cast.enroll(**ask).pk] * 2)
        assert first == second


def test_two_readers_store_each_mail_once_and_act_on_it_once(cast: Cast) -> None:
    prepared = rounds.prepare(cast, 60)
    cast.clock.moment = prepared[-1].now
    for begin in range(0, 60, 3):
        for each in prepared[begin : begin + 3]:
            cast.deliver(cast.write(rounds.address(each.number), Subject=f"Answer {each.number}"))
        read = [lambda: inbound.read(models.Mailbox.objects.get(pk=cast.mailbox.pk), cast.clock)] * 2
        assert sum(together(*read)) == 3
    assert models.InboundItem.objects.filter(kind="person_wrote").count() == 60
    assert models.Decision.objects.count() == models.Decision.objects.filter(applied=True).count() == 60
    assert set(models.Enrollment.objects.values_list("state", flat=True)) == {EnrollmentState.UNENROLLED}


def test_two_mailboxes_that_hold_the_same_answers_in_another_order_lose_none(cast: Cast) -> None:
    prepared = rounds.prepare(cast, 48)
    cast.clock.moment = prepared[-1].now
    other = models.Mailbox.objects.create(
        user=cast.dana, address="sales@us.example", kind="memory", connected_at=MONDAY, state_since=MONDAY
    )
    for begin in range(0, 48, 8):
        mails = [cast.write(rounds.address(e.number), Subject=f"{e.number}") for e in prepared[begin : begin + 8]]
        for mail in mails:
            cast.world.deliver("dana@us.example", mail.as_bytes(), cast.clock())
        for mail in reversed(mails):
            cast.world.deliver("sales@us.example", mail.as_bytes(), cast.clock())
        read_both(cast, other)
    assert models.InboundItem.objects.filter(kind="person_wrote").count() == 96
    assert set(models.Enrollment.objects.values_list("state", flat=True)) == {EnrollmentState.UNENROLLED}


def read_both(cast: Cast, other: models.Mailbox) -> None:
    """Read both mailboxes at once. Where the database breaks a deadlock, one of them reads again, as an engine does."""

    def read(mailbox: models.Mailbox) -> bool:
        try:
            inbound.read(models.Mailbox.objects.get(pk=mailbox.pk), cast.clock)
        except OperationalError:
            return False
        return True

    done = together(lambda: read(cast.mailbox), lambda: read(other))
    for mailbox, was_read in zip((cast.mailbox, other), done, strict=True):
        if not was_read:
            assert read(mailbox)


def test_two_workers_at_one_mailbox_send_each_mail_once(cast: Cast) -> None:
    limits_lifted(cast)
    for each in (prepared := rounds.prepare(cast, 25)):
        cast.clock.moment = each.now
        models.Delivery.objects.filter(pk=each.delivery.pk).update(state=DeliveryState.PLANNED, claimed_by="")
        together(*(lambda name=name: turn.take(cast.mailbox.pk, cast.clock, name) for name in ("w1", "w2", "w3")))
        assert rounds.state_of(each) == DeliveryState.SENT
    first_mails = [mail.recipient for mail in cast.world.sent if b"Hi P" in mail.raw]
    assert proofs.broken() == []
    assert sorted(first_mails) == sorted(rounds.address(each.number) for each in prepared)
