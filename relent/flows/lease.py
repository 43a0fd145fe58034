"""One worker at a time holds a mailbox. A lease runs out by itself where its worker died."""

from datetime import datetime, timedelta

from django.db.models import Q

from relent.records import models
from relent.terms.states import MailboxState

# Longer than one reading or one hand-over can take with the transports' timeouts; renewed before each hand-over.
_LASTS = timedelta(minutes=10)


def take(mailbox_id: int, holder: str, now: datetime) -> models.Mailbox | None:
    """Take the mailbox for ``holder``; ``None`` where another worker has it, or a person disconnected it."""
    free = Q(held_until__isnull=True) | Q(held_until__lte=now) | Q(holder=holder)
    taken = (
        models.Mailbox.objects.filter(free, pk=mailbox_id)
        .exclude(state=MailboxState.DISCONNECTED)
        .update(holder=holder, held_until=now + _LASTS)
    )
    return models.Mailbox.objects.select_related("user").get(pk=mailbox_id) if taken else None


def renew(mailbox_id: int, holder: str, now: datetime) -> bool:
    """Prolong the lease; false where it was lost."""
    return bool(models.Mailbox.objects.filter(pk=mailbox_id, holder=holder).update(held_until=now + _LASTS))


def give_back(mailbox_id: int, holder: str) -> None:
    """End the lease, if it is still ours."""
    models.Mailbox.objects.filter(pk=mailbox_id, holder=holder).update(holder="", held_until=None)
