"""The mailboxes in scope of a mail: what must have been read, up to when it was, and the proof of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings

from relent.flows import inbound
from relent.flows.inbound import Clock
from relent.records import facts, models
from relent.terms.states import MailboxState


@dataclass
class Scope:
    """The mailboxes that could hold a reason to stop an enrollment."""

    mailboxes: list[models.Mailbox]

    @classmethod
    def of(cls, enrollment: models.Enrollment, now: datetime) -> Self:
        """Return the scope that the account's policy gives the enrollment now."""
        return cls(facts.mailboxes_in_scope(enrollment, facts.policy_at(now)["you_scope"]))

    def read_through(self) -> datetime | None:
        """Return up to when all of them were read; ``None`` where one cannot be read."""
        readings = [mailbox.read_through for mailbox in self.mailboxes if mailbox.state == MailboxState.CONNECTED]
        if len(readings) < len(self.mailboxes) or any(reading is None for reading in readings):
            return None
        return min(reading for reading in readings if reading is not None)

    def read_again(self, delivery: models.Delivery, clock: Clock) -> None:
        """Read every mailbox whose reading is older than the claim or the freshness limit; raises TransportError."""
        assert delivery.claimed_at is not None
        needed = max(delivery.claimed_at, clock() - timedelta(seconds=settings.FRESHNESS_SECONDS))
        for mailbox in self.mailboxes:
            if mailbox.read_through is None or mailbox.read_through < needed or mailbox.state != MailboxState.CONNECTED:
                inbound.read(mailbox, clock)

    def proof(self, delivery: models.Delivery, decided_at: datetime) -> dict[str, Any]:
        """Return what is stored beside a mail: when, and up to which cursors, each mailbox was read after the claim."""
        assert delivery.claimed_at is not None
        folders = models.MailboxFolder.objects.filter(mailbox__in=self.mailboxes).values_list(
            "mailbox_id", "name", "cursor"
        )
        cursors: dict[int, dict[str, str]] = {}
        for mailbox_id, name, cursor in folders:
            cursors.setdefault(mailbox_id, {})[name] = cursor
        return {
            "claimed_at": delivery.claimed_at.isoformat(),
            "decided_at": decided_at.isoformat(),
            "mailboxes": [
                {
                    "address": mailbox.address,
                    "read_through": mailbox.read_through and mailbox.read_through.isoformat(),
                    "cursors": cursors.get(mailbox.pk, {}),
                }
                for mailbox in self.mailboxes
            ],
        }
