"""The worker is killed at random points around sending, over and over. No mail leaves twice, none is lost unseen, and
no answer is missed."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from relent.records import models
from relent.terms.states import DeliveryState, EnrollmentState
from tests.proof import killing, proofs
from tests.proof.killing import Clock, Field, TellingSink, Workers
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

KILLS = 120
LONGER_THAN_A_COPY_TAKES = timedelta(minutes=3)


@pytest.fixture(params=["server", "relent"])
def ground(request: pytest.FixtureRequest, dovecot: Dovecot, tmp_path: Path) -> Iterator[Field]:
    """The servers, and Dana's mailbox on them; the parameter says who files the copies of what was sent."""
    sink = TellingSink(dovecot, file_copies=request.param == "server")
    yield killing.prepare(dovecot, sink, Clock(tmp_path / "clock"), request.param)
    sink.stop()


def test_killed_workers_send_nothing_twice_lose_nothing_and_miss_no_answer(ground: Field) -> None:
    in_hand: Counter[str] = Counter()
    with Workers(ground.clock) as workers:
        kills = kill_many(ground, workers, in_hand)
        finish(ground, workers)
    print(f"{kills} workers killed; with mails in hand: {dict(in_hand)}; {outcome()}; {len(ground.replies)} answers")
    assert kills >= KILLS
    assert in_hand[DeliveryState.SENDING] > KILLS / 10, "too few were killed in the act of sending"
    assert twice(ground) == []
    assert wrongly_noted(ground) == []
    assert unanswered(ground) == []
    assert sent_against_a_known_answer(ground) == []
    assert left_over() == []


def kill_many(ground: Field, workers: Workers, in_hand: Counter[str]) -> int:
    kills = number = 0
    while kills < KILLS:
        number += 1
        ground.enroll(number)
        if random.random() < 0.4:
            ground.reply()
        kills += ground.kill_one(workers)
        in_hand.update(set(models.Delivery.objects.unfinished().values_list("state", flat=True)))
        if number % 4 == 0:
            ground.sink.settle()
            ground.clock.ahead(LONGER_THAN_A_COPY_TAKES)
    return kills


def finish(ground: Field, workers: Workers) -> None:
    """Let turns run, unkilled, until nothing is left that a turn could do."""
    ground.sink.settle()
    for _ in range(3):
        ground.clock.ahead(LONGER_THAN_A_COPY_TAKES)
        workers.start()
        assert workers.ended() == 0


def outcome() -> dict[str, int]:
    return dict(Counter(models.Delivery.objects.values_list("state", flat=True)))


def twice(ground: Field) -> list[object]:
    """Whatever the server took more than once: a Message-ID, or a step of an enrollment (a contact has one)."""
    ids = Counter(killing.message_id(mail) for mail in ground.sink.mails)
    steps = Counter((mail.recipient, killing.position(mail)) for mail in ground.sink.mails)
    return [thing for thing, count in [*ids.items(), *steps.items()] if count > 1]


def wrongly_noted(ground: Field) -> list[str]:
    """Mails that the server took, and that are noted as neither sent nor unknown; and those noted as sent that it never
    took."""
    taken = {(mail.recipient, killing.position(mail)) for mail in ground.sink.mails}
    rows = models.Delivery.objects.values_list("enrollment__address", "position", "state")
    known = {(address, position): state for address, position, state in rows}
    return [
        f"{step} is {known.get(step)}"
        for step in {*taken, *known}
        if (step in taken and known.get(step) not in {DeliveryState.SENT, DeliveryState.UNKNOWN})
        or (step not in taken and known[step] == DeliveryState.SENT)
    ]


def unanswered(ground: Field) -> list[str]:
    """Those who answered and were not understood, or whose enrollment goes on."""
    read = set(models.InboundItem.objects.filter(kind="person_wrote").values_list("sender", flat=True))
    ended = models.Enrollment.objects.exclude(state__in=[EnrollmentState.ACTIVE, EnrollmentState.HELD])
    stopped = set(ended.values_list("address", flat=True))
    return sorted(set(ground.replies) - (read & stopped))


def sent_against_a_known_answer(ground: Field) -> list[str]:
    """Sent mails without a reading after their claim, and those whose reading began when the answer was there."""
    found = proofs.broken()
    for row in models.Delivery.objects.filter(state=DeliveryState.SENT).select_related("enrollment"):
        began = min(datetime.fromisoformat(mailbox["read_through"]) for mailbox in row.proof["mailboxes"])
        answered = ground.replies.get(row.enrollment.address)
        if answered is not None and began >= answered:
            found.append(f"{row.enrollment.address}, mail {row.position}")
    return found


def left_over() -> list[str]:
    """What no turn can bring to an end any more: mails in hand, mailboxes in hand, mails due."""
    stuck = models.Delivery.objects.filter(state__in=["claimed", "sending", "planned"])
    held = models.Mailbox.objects.exclude(holder="")
    return [f"delivery {row.pk} is {row.state}" for row in stuck] + [f"{row} is held" for row in held]
