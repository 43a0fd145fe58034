"""Suppressions that a person sets or lifts, each with a reason."""

from datetime import datetime

from relent.flows import apply, auditing
from relent.records import models
from relent.terms import addresses
from relent.terms.reasons import Refusal


def add(address: str, code: Refusal, source: str, by: models.User | None, now: datetime) -> None:
    """See that ``address`` is not mailed any more; ``source`` says where that comes from (``import``, …)."""
    apply.suppress(addresses.canonical(address), code, source, now)
    auditing.note(by, "suppression.added", addresses.canonical(address), now, code=code, source=source)


def lift(address: str, because: str, by: models.User, now: datetime) -> bool:
    """Let ``address`` be mailed again. ``because`` is kept. Return whether anything stood against it."""
    held = models.Suppression.objects.filter(address=addresses.canonical(address), lifted_at__isnull=True)
    lifted = held.update(lifted_at=now, lifted_because=because)
    if lifted:
        auditing.note(by, "suppression.lifted", addresses.canonical(address), now, because=because)
    return bool(lifted)
