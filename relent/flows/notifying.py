"""What a user should know, and whether they have read it."""

from datetime import datetime

from relent.records import models
from relent.terms.sentences import Said


def tell(user: models.User, now: datetime, said: Said | str, contact: models.Contact | None = None) -> None:
    """Notify ``user``. ``said`` is a member of a vocabulary, shown in their language, or a text as it is."""
    code, text = (said.value, "") if isinstance(said, Said) else ("", said)
    models.Notification.objects.create(user=user, at=now, code=code, text=text, contact=contact)


def read_all(user: models.User, now: datetime) -> int:
    """Note that ``user`` has read everything; return how many that were."""
    return models.Notification.objects.filter(user=user, read_at__isnull=True).update(read_at=now)


def unread(user: models.User) -> int:
    """Return how many notifications ``user`` has not read; more than 99 are as good as 100."""
    return models.Notification.objects.filter(user=user, read_at__isnull=True)[:100].count()
