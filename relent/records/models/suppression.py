"""Suppressions: addresses that may not be mailed."""

from collections.abc import Iterable

from django.db import models

from relent.records.fields import CompressedField
from relent.records.models.account_key import AccountKey
from relent.records.models.user import User
from relent.terms import addresses
from relent.terms.reasons import Refusal


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Readings of suppressions."""

    def holding_for(self, written: Iterable[str]) -> "SuppressionQuerySet":
        """Return those in force for one of the ``written`` addresses, exact or with a plus tag; an erased address is
        known again by its mark."""
        spellings = {spelling for address in written for spelling in (address, addresses.without_plus(address))}
        canonical = {addresses.canonical(spelling) for spelling in spellings}
        marks = AccountKey.objects.marks(canonical).values()
        return self.filter(lifted_at__isnull=True, address__in={*canonical, *marks})


class Suppression(models.Model):
    """One reason not to mail an address. ``code`` is the Refusal that an enrollment or a mail meets. ``address`` is the
    mark of an erased one; see ``AccountKey``."""

    address = models.CharField(max_length=320)
    code = models.CharField(max_length=50, choices=Refusal.choices)
    source = models.CharField(max_length=60)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-since", "-id"], name="suppression_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "code"], condition=models.Q(lifted_at__isnull=True), name="suppression_once"
            )
        ]


class OptOutImport(models.Model):
    """A list of opt-outs that somebody uploads, worked off a portion at a time.

    ``content`` is the file as it came, ``None`` once it is done; ``position`` of ``total`` rows are. Each was
    ``added``, was ``known`` before, or stands among the ``faults``: ``[line, what stood there]``, the first thousand.
    """

    name = models.CharField(max_length=200)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    content = CompressedField(null=True)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
