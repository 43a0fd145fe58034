"""Companies."""

from django.db import models


class Company(models.Model):
    """A company. Two contacts are colleagues by this association, never by their mail domain alone."""

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name
