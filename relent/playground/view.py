"""What the guided page shows: both sides of one person, and how far the tour has come."""

from dataclasses import dataclass
from datetime import timedelta

from relent import clock
from relent.playground import maildirs, sample
from relent.playground.maildirs import Received
from relent.playground.sample import Person
from relent.records import models
from relent.terms.states import DeliveryState
from relent.web import rails

_LINES = 12  # entries of the timeline, and lines of the ledger


@dataclass(frozen=True)
class Side:
    """A person, what Relent knows (the newest enrollment, ``None`` before the first), and how many mails arrived."""

    person: Person
    contact: models.Contact
    enrollment: models.Enrollment | None
    mails: int


@dataclass(frozen=True)
class Chosen:
    """Both sides of the person whose buttons are shown, newest first."""

    side: Side
    rail: list[rails.Rung]
    timeline: list[models.TimelineEntry]
    decisions: list[models.Decision]
    inbox: list[Received]


@dataclass(frozen=True)
class Tour:
    """Which stops of the tour have been passed, in order."""

    enrolled: bool
    mailed: bool
    stopped: bool
    moved_on: bool

    @property
    def stop(self) -> int:
        """The number of the stop that comes next, from 1; 5 when the tour is over."""
        passed = (self.enrolled, self.mailed, self.stopped, self.moved_on)
        return next((number for number, done in enumerate(passed, 1) if not done), len(passed) + 1)


def sides() -> list[Side]:
    """Return everybody, in the sample's order; who was deleted from Relent is left out."""
    found: list[Side] = []
    for person in sample.PEOPLE:
        contact = contact_of(person)
        if contact is not None:
            newest = contact.enrollments.select_related("sequence", "version").order_by("-pk").first()
            found.append(Side(person, contact, newest, len(maildirs.mails(person.address))))
    return found


def contact_of(person: Person) -> models.Contact | None:
    """Return the person's contact."""
    having = models.Contact.objects.present().filter(addresses__address=person.address)
    return having.select_related("company").prefetch_related("addresses").first()


def chosen(side: Side) -> Chosen:
    """Return both sides of one person in full."""
    entries = side.contact.timeline.select_related("enrollment__sequence", "decision", "delivery", "item", "actor")
    decisions = models.Decision.objects.filter(enrollment__contact=side.contact).select_related("item", "enrollment")
    return Chosen(
        side=side,
        rail=rails.of(side.enrollment) if side.enrollment else [],
        timeline=list(entries.order_by("-at", "-pk")[:_LINES]),
        decisions=list(decisions.order_by("-pk")[:_LINES]),
        inbox=maildirs.mails(side.person.address),
    )


def tour() -> Tour:
    """Return how far the newcomer has come."""
    stopped = models.Decision.objects.filter(applied=True, verdict="unenroll").order_by("pk").first()
    moved_on = stopped is not None and clock.now() - stopped.decided_at > timedelta(hours=12)
    return Tour(
        enrolled=models.Enrollment.objects.exists(),
        mailed=models.Delivery.objects.filter(state=DeliveryState.SENT).exists(),
        stopped=stopped is not None,
        moved_on=moved_on,
    )
