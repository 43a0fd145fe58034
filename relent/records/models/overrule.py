"""Overrules: where a person judged a mail otherwise than the rules did."""

from django.db import models

from relent.records.models.inbound import InboundItem
from relent.records.models.user import User
from relent.terms.reviews import Wrote


class Overrule(models.Model):
    """A person's word on one mail; never changed. ``kind``, ``subkind`` and ``confidence`` are what the rules had said,
    ``said`` is what the person says. ``followed`` tells what came of it: ``[enrollment id, code]`` of ``Followed``, or
    of ``Refusal`` where an end could not be undone."""

    item = models.ForeignKey(InboundItem, on_delete=models.CASCADE, related_name="overrules")
    kind = models.CharField(max_length=30)
    subkind = models.CharField(max_length=30, blank=True)
    confidence = models.FloatField(default=1.0)
    said = models.CharField(max_length=10, choices=Wrote.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_index=True)
    note = models.CharField(max_length=300, blank=True)
    followed = models.JSONField(default=list)
