"""Meetings, whatever told us of them, and the pages on which they can be booked."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from relent.records.fields import CompressedField, SecretsField
from relent.records.models.contact import Contact
from relent.records.models.deal import Deal
from relent.records.models.inbound import InboundItem
from relent.records.models.mailbox import Mailbox
from relent.records.models.user import User
from relent.terms import addresses
from relent.terms.meetings import MeetingSource, SchedulerKind
from relent.terms.states import DeliveryState


class BookingPage(models.Model):
    """A page ``/meet/<slug>`` on which others book a meeting with ``user``.

    ``hours`` maps a weekday (``"0"`` is Monday) to pairs of minutes of the day in the user's time zone. ``notice`` is
    how soon at the earliest, ``buffer`` the pause kept around meetings, both in minutes; ``horizon`` in days.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="booking_pages")
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=150)
    about = models.TextField(blank=True)
    place = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=30)
    hours = models.JSONField(default=dict)
    notice = models.PositiveIntegerField(default=240)
    buffer = models.PositiveSmallIntegerField(default=0)
    horizon = models.PositiveSmallIntegerField(default=28)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Readings of meetings."""

    def standing(self) -> "MeetingQuerySet":
        """Leave out the cancelled ones."""
        return self.filter(cancelled_at__isnull=True)

    def of(self, contact: Contact) -> "MeetingQuerySet":
        """Return the meetings that ``contact`` is associated with, invited to, or has booked."""
        known = contact.addresses.all()
        associated = MeetingAssociation.objects.filter(contact=contact).values("meeting")
        invited = MeetingAttendee.objects.filter(key__in=known.values("key")).values("meeting")
        return self.filter(Q(pk__in=associated) | Q(pk__in=invited) | Q(booked_by__in=known.values("address")))

    def hosted_by(self, user: User) -> "MeetingQuerySet":
        """Return the meetings that ``user`` hosts and has not declined."""
        return self.filter(pk__in=MeetingHost.objects.filter(user=user, declined=False).values("meeting"))

    def between(self, start: datetime, end: datetime) -> "MeetingQuerySet":
        """Return those that take up some of the time between two moments."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Meeting(models.Model):
    """A meeting. ``uid`` is the source's own name for it: the same meeting told twice is one row.

    ``logged_at`` is when we learned of it, ``claimed_at`` when its source says it was made. ``link`` is the link it was
    booked through, as it stands in ``DeliveryLink``; ``booked_by`` the address that booked it. ``sequence_number`` is
    iCalendar's (RFC 5545 section 3.8.7.4). ``organizer`` is the host's address as the source names it, also where it is
    nobody's of ours. ``time_zone`` and ``language`` are those in which whoever booked it reads.
    """

    source = models.CharField(max_length=20, choices=MeetingSource.choices)
    uid = models.CharField(max_length=300)
    title = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    logged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.ForeignKey(BookingPage, null=True, on_delete=models.SET_NULL, related_name="meetings")
    link = models.CharField(max_length=300, blank=True)
    booked_by = models.CharField(max_length=320, blank=True)
    organizer = models.CharField(max_length=320, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    sequence_number = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True)
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.SET_NULL, related_name="meetings")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="meeting_once")]
        indexes = [models.Index(fields=["starts_at"], name="meeting_by_start")]

    def __str__(self) -> str:
        return self.title or self.uid


class MeetingHost(models.Model):
    """A user who is met. ``declined``: the user will not come."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="hosts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="hosted")
    declined = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="meeting_host_once")]


class MeetingAttendee(models.Model):
    """An address that is invited. ``key`` is where its aliases by provider rule meet it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=320, db_index=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "address"], name="meeting_attendee_once")]

    def save(self, *args: object, **kwargs: object) -> None:
        """Store the canonical spelling and the key that belongs to it."""
        self.address = addresses.canonical(self.address)
        self.key = addresses.mailbox_key(self.address)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came


class MeetingAssociation(models.Model):
    """A record that a meeting is logged on: a contact or a deal, and since when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="associations")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="meetings")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="meetings")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "contact"], name="meeting_contact_once"),
            models.UniqueConstraint(fields=["meeting", "deal"], name="meeting_deal_once"),
        ]


class MeetingMail(models.Model):
    """A mail that tells of a meeting, with its calendar part: written down before it leaves, and handed over once.

    ``method`` is its iTIP method (RFC 5546). ``state`` is one of a delivery's: a row that a dead worker left as
    ``sending`` becomes ``unknown``, and is not sent again. ``answer`` is what the mail server said last.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="mails")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=320)
    method = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    message_id = models.CharField(max_length=250, unique=True)
    raw = CompressedField()
    state = models.CharField(max_length=20, choices=DeliveryState.choices, default=DeliveryState.PLANNED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=[DeliveryState.PLANNED, DeliveryState.SENDING]),
                name="meeting_mail_due",
            )
        ]


class Scheduler(models.Model):
    """A scheduler of somebody else's that reports bookings by signed webhooks to ``/hooks/<kind>/<token>``.

    Without a secret nothing is accepted. ``hosts`` are further host names under which it runs, apart by spaces.
    ``refused_at`` is when a report last came whose signature did not hold.
    """

    kind = models.CharField(max_length=20, choices=SchedulerKind.choices, unique=True)
    token = models.CharField(max_length=64, unique=True)
    secrets = SecretsField(default=dict, blank=True, editable=True)
    hosts = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
