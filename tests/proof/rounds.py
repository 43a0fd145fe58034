"""Rounds of a race: many mails that are about to leave, and two sides that meet on each of them."""

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connections

from relent.records import models
from relent.terms.states import DeliveryState, EnrollmentState, MailboxState
from tests.cast import MONDAY, Cast

SENDER = "sender"


def together(*sides: Callable[[], object]) -> list[object]:
    """Run the sides at the same time, each in a thread with a database connection of its own; return their results."""
    barrier = threading.Barrier(len(sides))

    def run(side: Callable[[], object]) -> object:
        try:
            barrier.wait(60)
            return side()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(sides)) as pool:
        return [future.result() for future in [pool.submit(run, side) for side in sides]]


@dataclass
class Round:
    """One mail that is claimed and may leave, and its own contact; ``now`` is the round's own time."""

    number: int
    now: datetime
    delivery: models.Delivery
    enrollment: models.Enrollment
    contact: models.Contact

    def clock(self) -> datetime:
        return self.now


@dataclass
class Race:
    """Two threads that meet in each round. ``first`` returns whether it won.

    ``lead`` is how long the second waits for the first, in seconds; it follows the outcomes, so that the two arrive
    together and each wins about half the rounds.
    """

    first: Callable[[Round], bool]
    second: Callable[[Round], object]
    lead: float = 0.0
    step: float = 0.004
    outcomes: list[bool] = field(default_factory=list)

    def run(self, rounds: list[Round]) -> None:
        """Run every round."""
        start, end = threading.Barrier(3), threading.Barrier(3)
        with often_switching(), ThreadPoolExecutor(2) as pool:
            sides = [pool.submit(self._side, index, rounds, start, end) for index in (0, 1)]
            try:
                for _ in rounds:
                    start.wait(120)
                    end.wait(120)
                    self._learn()
            except threading.BrokenBarrierError:
                pass  # a side broke: its own error is raised below
            for side in sides:
                side.result()

    @property
    def is_even(self) -> bool:
        """Whether each side won a good part of the rounds; else the two did not really meet."""
        return 0.15 < sum(self.outcomes) / len(self.outcomes) < 0.85

    def _side(self, index: int, rounds: list[Round], start: threading.Barrier, end: threading.Barrier) -> None:
        try:
            for each in rounds:
                start.wait(120)
                time.sleep(max(0.0, self.lead if index else -self.lead))
                if index:
                    self.second(each)
                else:
                    self.outcomes.append(self.first(each))
                end.wait(120)
        except BaseException:
            start.abort()
            end.abort()
            raise
        finally:
            connections.close_all()

    def _learn(self) -> None:
        """Move the meeting point towards the side that won, in smaller steps each time the winner changes."""
        turned = len(self.outcomes) > 1 and self.outcomes[-1] != self.outcomes[-2]
        # Far from the meeting point one side wins on and on: on a busy machine it may be seconds away.
        always = len(set(self.outcomes[-5:])) == 1 and len(self.outcomes) >= 5
        self.step = min(max(self.step * (0.6 if turned else 2.0 if always else 1.3), 0.0001), 0.5)
        self.lead += self.step * random.random() * (-1 if self.outcomes[-1] else 1)


@contextmanager
def often_switching() -> Iterator[None]:
    """Let the interpreter switch between threads often, so that they meet at more places."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def prepare(cast: Cast, count: int, begin: int = 0) -> list[Round]:
    """Create ``count`` contacts, each enrolled, with a first mail that is claimed.

    A round's time is two days after that of the round before: no limit of the mailbox binds, no reading serves twice.
    """
    version = cast.sequence.current
    step = version.steps.get(position=1)
    numbers = range(begin, begin + count)
    times = {n: MONDAY + timedelta(days=2 * n) for n in numbers}
    contacts = models.Contact.objects.bulk_create(
        models.Contact(first_name=f"P{n}", owner=cast.dana, created_at=MONDAY) for n in numbers
    )
    models.ContactAddress.objects.bulk_create(
        models.ContactAddress(contact=c, address=address(n), key=address(n), primary=True, since=MONDAY)
        for n, c in zip(numbers, contacts, strict=True)
    )
    enrollments = models.Enrollment.objects.bulk_create(
        models.Enrollment(
            contact=c,
            sequence=cast.sequence,
            version=version,
            enrolled_by=cast.dana,
            mailbox=cast.mailbox,
            address=address(n),
            address_key=address(n),
            enrolled_at=times[n] - timedelta(seconds=2),
            start_at=times[n] - timedelta(seconds=2),
            state=EnrollmentState.ACTIVE,
        )
        for n, c in zip(numbers, contacts, strict=True)
    )
    deliveries = models.Delivery.objects.bulk_create(
        models.Delivery(
            enrollment=enrollment,
            mailbox=cast.mailbox,
            step=step,
            position=1,
            kind=step.kind,
            state=DeliveryState.CLAIMED,
            claimed_by=SENDER,
            claimed_at=times[n] - timedelta(seconds=1),
            due_at=times[n] - timedelta(seconds=2),
        )
        for n, enrollment in zip(numbers, enrollments, strict=True)
    )
    return [Round(n, times[n], d, e, c) for n, d, e, c in zip(numbers, deliveries, enrollments, contacts, strict=True)]


def address(number: int) -> str:
    """Return the address of a round's contact."""
    return f"p{number}@acme.example"


def make_fresh(each: Round) -> None:
    """Have the mailbox read up to the round's time, and held by the sender, with its limits lifted."""
    models.Mailbox.objects.filter(pk=each.delivery.mailbox_id).update(
        state=MailboxState.CONNECTED,
        read_through=each.now,
        holder=SENDER,
        held_until=each.now + timedelta(minutes=10),
        daily_limit=10_000,
        minute_limit=10_000,
        spacing=0,
    )


def state_of(each: Round) -> str:
    """Return the state of the round's mail in the database."""
    return models.Delivery.objects.values_list("state", flat=True).get(pk=each.delivery.pk)
