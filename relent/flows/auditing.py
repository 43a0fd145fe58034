"""The audit log's only writer."""

from datetime import datetime
from typing import Any

from relent.records import models


def note(actor: models.User | None, action: str, subject: str, now: datetime, **detail: Any) -> models.AuditEntry:
    """Write down that ``actor`` did ``action`` (``sequence.saved``) to ``subject`` (``sequence:12``)."""
    return models.AuditEntry.objects.create(at=now, actor=actor, action=action, subject=subject, detail=detail)
