"""Inbound items: every mail that was read, once."""

from django.db import models

from relent.records.fields import CompressedField
from relent.records.models.mailbox import Mailbox
from relent.terms.reviews import Wrote

# What a person may have written, or a machine. Our own mail and a complaint are neither, whatever they look like.
JUDGED = ("person_wrote", "auto_replied", "bounced", "receipt_returned", "calendar_mailed", "list_mailed")


class InboundItemQuerySet(models.QuerySet["InboundItem"]):
    """Readings of received mail."""

    def by_a_person(self) -> "InboundItemQuerySet":
        """Return what a person wrote, by the rules or, where somebody overruled them, by that word."""
        by_the_rules = models.Q(kind="person_wrote", said="")
        return self.filter(by_the_rules | models.Q(said=Wrote.PERSON))

    def malformed(self) -> "InboundItemQuerySet":
        """Return the mails in which something was malformed, or of which nothing could be read: few among many."""
        # By their ids: asked for beside a mailbox, SQLite would read everything that lies in the mailbox.
        return self.filter(pk__in=InboundItem.objects.filter(malformed=True).values("pk"))

    def judged(self) -> "InboundItemQuerySet":
        """Return the mails of which the rules said who wrote them: those that could be overruled."""
        return self.filter(kind__in=JUDGED)

    def overruled(self) -> "InboundItemQuerySet":
        """Return what a person took for something else than the rules did, and has not taken back."""
        by_the_rules = models.Q(kind="person_wrote")
        return self.filter(~by_the_rules & models.Q(said=Wrote.PERSON) | by_the_rules & models.Q(said=Wrote.AUTOMATIC))


class InboundItem(models.Model):
    """A mail read in a mailbox, unique by mailbox and content identity, never by its place in a folder.

    ``received_at`` is the server's time, and the time of the event it tells. ``kind`` is the event's class in snake
    case (``person_wrote``, ``auto_replied``, …), or ``unreadable``; ``subkind`` says which automatic reply or bounce,
    ``confidence`` how sure the rules were. ``said`` is what a person said instead, empty where nobody did. ``spans``
    are the places in ``text`` on which the judgement rests, as pairs of characters: from the first to after the last.
    ``defects`` lists what was malformed; ``malformed`` is set where there is any, or nothing could be read. ``raw`` is
    the mail as it came; ``None`` once the retention setting dropped it. ``headers`` is what stays of it then: all its
    headers and its text, so that it can be judged again.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="items")
    identity = models.CharField(max_length=64)
    folder = models.CharField(max_length=500)
    thread = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    subkind = models.CharField(max_length=30, blank=True)
    confidence = models.FloatField(default=1.0)
    said = models.CharField(max_length=10, choices=Wrote.choices, blank=True)
    sender = models.CharField(max_length=320, blank=True, db_index=True)
    subject = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=500, blank=True, db_index=True)
    text = models.TextField(blank=True)
    spans = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    defects = models.JSONField(default=list)
    malformed = models.BooleanField(default=False)
    size = models.PositiveBigIntegerField()
    raw = CompressedField(null=True)
    headers = CompressedField(null=True)

    objects = InboundItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "identity"], name="inbound_item_once")]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="inbound_newest"),
            models.Index(
                fields=["mailbox", "-received_at"], condition=models.Q(malformed=True), name="inbound_malformed"
            ),
            models.Index(fields=["received_at"], condition=models.Q(raw__isnull=False), name="inbound_raw_by_age"),
            models.Index(fields=["received_at"], condition=models.Q(headers__isnull=False), name="inbound_text_by_age"),
            models.Index(fields=["received_at", "kind", "said"], name="inbound_judged"),
        ]

    @property
    def kept(self) -> bytes | None:
        """The mail as it came, else what stays of it; ``None`` where neither is kept."""
        kept: bytes | None = self.raw if self.raw is not None else self.headers
        return kept
