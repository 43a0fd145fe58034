"""A reply that takes out a whole company, against the hand-over of the colleagues' mails and a second worker."""

import time
from collections import Counter
from typing import Any

import pytest

from relent.flows import company_wide, inbound, lease, outbound
from relent.records import models
from relent.terms.states import DeliveryState, MailboxState
from relent.terms.steps import Trigger
from tests import cast as people
from tests.cast import Cast
from tests.crowd import colleagues, reply_of_ann
from tests.proof.rounds import SENDER, often_switching, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

COLLEAGUES, ROUNDS = 60, 4


def prepared(cast: Cast, number: int) -> list[models.Delivery]:
    """Colleagues of Ann's whose first mails are claimed, and her reply, delivered."""
    cast.world.server_copies = False
    cast.sequence = people.sequence(cast.dana, reply_trigger=Trigger.COMPANY)
    models.Mailbox.objects.update(spacing=0, minute_limit=10_000, daily_limit=10_000)
    cast.mailbox.refresh_from_db()
    reply = reply_of_ann(cast)
    cast.clock.ahead(minutes=1)
    crowd = colleagues(cast, COLLEAGUES, number * COLLEAGUES, delivery_state=DeliveryState.CLAIMED, claimed_by=SENDER)
    cast.clock.ahead(minutes=1)
    cast.deliver(reply)
    cast.clock.ahead(seconds=1)
    assert lease.take(cast.mailbox.pk, SENDER, cast.clock()) is not None
    models.Mailbox.objects.update(state=MailboxState.CONNECTED, read_through=cast.clock())
    return list(models.Delivery.objects.filter(enrollment__in=crowd).select_related("mailbox", "enrollment"))


def meet(cast: Cast, rows: list[models.Delivery], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a reader, a sender and a second worker meet; return every mail that began to leave after the stop began."""
    begun: list[float] = []
    late: list[str] = []
    work_off, begin = company_wide.work_off, outbound._begin

    def worked_off(now: Any) -> int:
        begun.append(time.monotonic())  # the reply and its stop are committed
        return work_off(now)

    def began(delivery: models.Delivery, *rest: Any) -> bool:
        after = bool(begun)
        won = begin(delivery, *rest)
        if won and after:
            late.append(delivery.enrollment.address)
        return won

    def help_out() -> None:
        while not begun:
            time.sleep(0.001)
        work_off(cast.clock())

    monkeypatch.setattr(inbound.company_wide, "work_off", worked_off)
    monkeypatch.setattr(outbound, "_begin", began)
    with often_switching():
        together(
            lambda: inbound.read(models.Mailbox.objects.get(pk=cast.mailbox.pk), cast.clock),
            lambda: outbound.process(rows, SENDER, cast.clock),
            help_out,
        )
    monkeypatch.undo()
    return late


def faults(cast: Cast, rows: list[models.Delivery]) -> list[str]:
    """Return every colleague who is not out by exactly one decision, with a mail that is sent or cancelled."""
    left = Counter(mail.recipient for mail in cast.world.sent)
    found = []
    for row in models.Delivery.objects.filter(pk__in=[row.pk for row in rows]).select_related("enrollment"):
        one = row.enrollment
        ended = (one.state, one.reason) == ("unenrolled", "account_reply")
        lines = one.decisions.filter(applied=True).count()
        told = models.TimelineEntry.objects.filter(enrollment=one, kind="unenrolled").count()
        if (
            not ended
            or (lines, told) != (1, 1)
            or (row.state, left[one.address]) not in {("sent", 1), ("cancelled", 0)}
        ):
            found.append(
                f"{one.address}: {one.state} {one.reason}, {row.state}, {lines} lines, {left[one.address]} mails"
            )
    return found


def test_no_mail_leaves_after_the_reply_was_read_and_nobody_is_unenrolled_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = cancelled = 0
    for number in range(ROUNDS):
        rows = prepared(cast, number)
        assert meet(cast, rows, monkeypatch) == []
        assert faults(cast, rows) == []
        counted = Counter(models.Delivery.objects.filter(pk__in=[r.pk for r in rows]).values_list("state", flat=True))
        sent, cancelled = sent + counted["sent"], cancelled + counted["cancelled"]
        lease.give_back(cast.mailbox.pk, SENDER)
    assert cancelled > 0
    assert models.CompanyStop.objects.under_way().count() == 0
    assert models.Notification.objects.count() == ROUNDS
