"""The mailboxes in scope of a mail: what must have been read, up to when it was, and the proof of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings

from relent.flows import inbound
from relent.flows.inbound import Clock
from relent.records import facts, models
from relent.terms.states import MailboxState
from relent.transports.base import TransportError


@dataclass
class Scope:
    """The mailboxes that could hold a reason to stop an enrollment."""

    mailboxes: list[models.Mailbox]
    reading_took: timedelta = timedelta()

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
        """Read every mailbox whose reading is older than the claim or the freshness limit.

        Raises TransportError; at once where a mailbox is known to be unreadable and its next try is not due yet.
        """
        assert delivery.claimed_at is not None
        began = clock()
        needed = max(delivery.claimed_at, began - timedelta(seconds=settings.FRESHNESS_SECONDS) - self.reading_took)
        for mailbox in self.mailboxes:
            unreadable = mailbox.state == MailboxState.UNREADABLE
            if unreadable and mailbox.next_read_at is not None and mailbox.next_read_at > clock():
                raise TransportError(f"{mailbox.address}: {mailbox.state_detail}")
            if mailbox.read_through is None or mailbox.read_through < needed or unreadable:
                inbound.read(mailbox, clock)
        # With many mailboxes the first reading is as old as the whole pass when the last one ends. That much more is
        # allowed: else a large team could never send. Each of them was read after the claim all the same.
        self.reading_took = clock() - began

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
