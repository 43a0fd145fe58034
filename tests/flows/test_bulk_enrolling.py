"""Enrolling many at once."""

from datetime import timedelta

import pytest

from relent.flows import bulk_enrolling, enrolling
from relent.records import models
from tests.cast import Cast


def begun(cast: Cast, *contacts: models.Contact) -> models.EnrollBatch:
    wish = bulk_enrolling.Wish(sequence=cast.sequence, by=cast.dana)
    return bulk_enrolling.begin(wish, [contact.pk for contact in contacts], cast.clock())


def became(batch: models.EnrollBatch) -> list[str]:
    return list(batch.rows.order_by("pk").values_list("code", flat=True))


def test_each_row_is_for_itself_and_says_why_it_was_refused(cast: Cast) -> None:
    cast.enroll(cast.bob)
    batch = begun(cast, cast.ann, cast.bob, cast.cora)
    assert bulk_enrolling.work(batch, cast.clock())
    assert became(batch) == ["", "ALREADY_ENROLLED", ""]


def test_a_fault_of_ours_sets_one_row_aside(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    enroll = enrolling.enroll

    def faulty(request: enrolling.EnrollRequest, now: object) -> object:
        if request.contact == cast.bob:
            raise RuntimeError("a fault")
        return enroll(request, now)  # type: ignore[arg-type]

    monkeypatch.setattr(enrolling, "enroll", faulty)
    batch = begun(cast, cast.ann, cast.bob, cast.cora)
    bulk_enrolling.work(batch, cast.clock())
    assert became(batch) == ["", "CANNOT_BE_ENROLLED", ""]


def test_first_mails_are_three_a_minute_and_mailbox(cast: Cast) -> None:
    bulk_enrolling.work(begun(cast, cast.ann, cast.bob), cast.clock())
    bulk_enrolling.work(begun(cast, cast.cora), cast.clock())
    due = list(models.Delivery.objects.order_by("due_at").values_list("due_at", flat=True))
    assert due == [cast.clock() + timedelta(seconds=seconds) for seconds in (0, 20, 40)]


def test_a_paced_first_mail_is_not_bound_by_days_and_window(cast: Cast) -> None:
    cast.clock.ahead(days=5, hours=14)  # the night of a Saturday
    bulk_enrolling.work(begun(cast, cast.ann, cast.bob), cast.clock())
    cast.turn()
    cast.clock.ahead(minutes=1)
    cast.turn()
    assert models.Delivery.objects.filter(state="sent").count() == 2


def test_what_is_cut_short_goes_on_where_it_was_and_enrolls_nobody_twice(cast: Cast) -> None:
    batch = begun(cast, cast.ann, cast.bob, cast.cora)
    assert not bulk_enrolling.work(batch, cast.clock(), at_most=2)
    models.EnrollRow.objects.filter(contact=cast.bob).update(at=None, enrollment=None)  # died before it was noted
    assert bulk_enrolling.run_due(cast.clock())
    assert not bulk_enrolling.run_due(cast.clock())
    assert became(batch) == ["", "", ""]
    assert models.Enrollment.objects.count() == 3


def test_eli_enrolls_none_of_danas_contacts(cast: Cast) -> None:
    wish = bulk_enrolling.Wish(sequence=cast.sequence, by=cast.eli, mailbox=cast.mailbox)
    batch = bulk_enrolling.begin(wish, [cast.ann.pk], cast.clock())
    bulk_enrolling.work(batch, cast.clock())
    assert became(batch) == ["NOT_ALLOWED"]
