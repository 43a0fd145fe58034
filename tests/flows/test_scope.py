"""The mailboxes that must be read before a mail leaves."""

from datetime import datetime, timedelta

from django.conf import settings

from relent.flows import turn
from relent.records import models
from tests.cast import Cast


def elis_mailbox(cast: Cast) -> models.Mailbox:
    return models.Mailbox.objects.create(
        user=cast.eli, address="eli@us.example", kind="memory", connected_at=cast.clock(), state_since=cast.clock()
    )


def test_a_mailbox_known_to_be_unreadable_is_not_asked_before_its_next_try_is_due(cast: Cast) -> None:
    other = elis_mailbox(cast)
    models.Mailbox.objects.filter(pk=other.pk).update(
        state="unreadable", next_read_at=cast.clock() + timedelta(minutes=5), failures=3
    )
    cast.enrolled()
    other.refresh_from_db()
    assert cast.world.sent == []
    assert other.failures == 3


def test_a_reading_of_many_mailboxes_may_take_longer_than_the_freshness_limit(cast: Cast) -> None:
    elis_mailbox(cast)
    slowness = timedelta(seconds=settings.FRESHNESS_SECONDS)
    cast.enroll()

    def slow() -> datetime:
        cast.clock.moment += slowness  # each look at the clock finds it later: a reading looks several times
        return cast.clock.moment

    turn.take(cast.mailbox.pk, slow, "test")
    assert [mail.recipient for mail in cast.world.sent] == ["ann@acme.example"]
