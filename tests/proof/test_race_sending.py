"""A reason to stop against the hand-over of the mail: exactly one wins, whatever the moment."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from relent.flows import apply, inbound, outbound, pausing, rendering, scope, sessions, unenrolling, unsubscribing
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import UnenrolledByHand
from relent.terms.states import DeliveryState, EnrollmentState
from tests.cast import Cast
from tests.proof import rounds
from tests.proof.rounds import Race, Round

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TIGHT_ROUNDS, WHOLE_ROUNDS = 1000, 40
RELATED = ("enrollment__version", "enrollment__contact", "enrollment__mailbox__user", "mailbox", "step")
LIVE = {DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING}


def faults(cast: Cast, prepared: list[Round], stopped: DeliveryState, ended: EnrollmentState) -> list[str]:
    """Return every round that did not end in one of the two allowed ways: sent and in the world, or stopped and not."""
    left = Counter(mail.recipient for mail in cast.world.sent)
    rows = dict(models.Delivery.objects.values_list("pk", "state"))
    enrollments = dict(models.Enrollment.objects.values_list("pk", "state"))
    found = []
    for each in prepared:
        outcome = (rows[each.delivery.pk], left[rounds.address(each.number)])
        if outcome not in {(DeliveryState.SENT, 1), (stopped, 0)} or enrollments[each.enrollment.pk] != ended:
            found.append(f"round {each.number}: {outcome}, {enrollments[each.enrollment.pk]}")
    found += [f"delivery {pk} is still {state}" for pk, state in rows.items() if state in LIVE]
    # Only an ending that moved the row writes when it ended: a mail that has both was moved by both sides.
    both = models.Delivery.objects.filter(state=DeliveryState.SENT, ended_at__isnull=False)
    return found + [f"delivery {pk} was cancelled, and sent" for pk in both.values_list("pk", flat=True)]


# The two steps that compete, alone: what stands around them would only make the rounds longer.


def begin_and_hand_over(each: Round) -> bool:
    """Commit the row as sending and let the mail into the world, if that was won."""
    mail = rendering.Rendered(
        message_id=f"{each.number}@us.example", subject="Hello", recipient=rounds.address(each.number), raw=b"Hello"
    )
    if not outbound._begin(each.delivery, mail, scope.Scope([each.delivery.mailbox]), each.now):
        return False
    with sessions.sender(each.delivery.mailbox) as sender:
        sender.send("dana@us.example", mail.recipient, mail.raw)
    return True


def unenroll(cast: Cast, each: Round) -> None:
    event = UnenrolledByHand(at=each.now, enrollment_id=each.enrollment.pk, user_id=cast.dana.pk, surface="record")
    apply.direct(each.delivery.enrollment, Cause(event=event, actor=cast.dana), each.now)


def meet_tightly(cast: Cast, count: int, begin: int = 0) -> tuple[list[Round], Race]:
    """Let the two steps meet in so many rounds, and mark what was sent as sent."""
    prepared = rounds.prepare(cast, count, begin)
    rows = models.Delivery.objects.select_related(*RELATED).in_bulk([each.delivery.pk for each in prepared])
    for each in prepared:
        each.delivery = rows[each.delivery.pk]
    race = Race(begin_and_hand_over, lambda each: unenroll(cast, each))
    race.run(prepared)
    models.Delivery.objects.filter(state=DeliveryState.SENDING).update(state=DeliveryState.SENT)
    return prepared, race


def test_over_thousands_of_rounds_no_mail_is_both_sent_and_cancelled(cast: Cast) -> None:
    cast.world.server_copies = False
    prepared, race = meet_tightly(cast, TIGHT_ROUNDS)
    assert faults(cast, prepared, DeliveryState.CANCELLED, EnrollmentState.UNENROLLED) == []
    assert race.is_even


def begin_across_a_relation(delivery: models.Delivery, mail: rendering.Rendered, read: object, now: object) -> bool:
    """The mistake that this race is for: a conditional UPDATE that filters across a relation."""
    moving = models.Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.CLAIMED, enrollment__state=EnrollmentState.ACTIVE
    )
    return bool(moving.update(state=DeliveryState.SENDING, message_id=mail.message_id, sending_at=now))


def test_the_race_would_find_an_update_that_filters_across_a_relation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.world.server_copies = False
    monkeypatch.setattr(outbound, "_begin", begin_across_a_relation)
    found: list[str] = []
    # SQLite lets one writer in at a time, and so hides the mistake; PostgreSQL does not, sooner or later.
    at_most, at_once = (3000, 300) if connection.vendor == "postgresql" else (100, 100)
    for begin in range(0, at_most, at_once):
        prepared, _ = meet_tightly(cast, at_once, begin)
        found = faults(cast, prepared, DeliveryState.CANCELLED, EnrollmentState.UNENROLLED)
        if found:
            break
    assert bool(found) == (connection.vendor == "postgresql")


# The whole of both flows, in fewer rounds.


def by_hand(cast: Cast, each: Round) -> None:
    unenrolling.by_hand(each.enrollment.pk, cast.dana, each.now)


def by_link(cast: Cast, each: Round) -> None:
    unsubscribing.unsubscribe(each.enrollment, "link", each.now)


def by_reply(cast: Cast, each: Round) -> None:
    mail = cast.write(rounds.address(each.number), Subject=f"About {each.number}")
    cast.world.deliver("dana@us.example", mail.as_bytes(), each.now)
    inbound.read(models.Mailbox.objects.get(pk=cast.mailbox.pk), each.clock)


def by_pause(cast: Cast, each: Round) -> None:
    pausing.pause(each.enrollment.pk, cast.dana, each.now)


def meet(cast: Cast, stop: Callable[[Cast, Round], object]) -> tuple[list[Round], Race]:
    """Let a worker that has claimed and read meet ``stop``, each round at its own time."""

    def send(each: Round) -> bool:
        outbound.process([each.delivery], rounds.SENDER, each.clock)
        sent = rounds.state_of(each) == DeliveryState.SENT
        following = prepared[each.number + 1 : each.number + 2]
        for after in following:
            rounds.make_fresh(after)
        return sent

    cast.world.server_copies, cast.world.now = False, cast.clock
    prepared = rounds.prepare(cast, WHOLE_ROUNDS)
    rounds.make_fresh(prepared[0])
    race = Race(send, lambda each: stop(cast, each))
    race.run(prepared)
    return prepared, race


@pytest.mark.parametrize("stop", [by_hand, by_link, by_reply])
def test_no_mail_is_both_sent_and_stopped_by_an_ending(cast: Cast, stop: Callable[[Cast, Round], object]) -> None:
    prepared, race = meet(cast, stop)
    assert faults(cast, prepared, DeliveryState.CANCELLED, EnrollmentState.UNENROLLED) == []
    assert race.is_even


def test_no_mail_is_both_sent_and_parked_by_a_pause(cast: Cast) -> None:
    prepared, race = meet(cast, by_pause)
    assert faults(cast, prepared, DeliveryState.PARKED, EnrollmentState.PAUSED) == []
    assert race.is_even
