"""A story as it was told: what left, when, and what was decided on each event."""

from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from relent.records import counters, models
from relent.workers.scenarios.story import EnrollmentRef
from relent.workers.scenarios.world import World


@dataclass(frozen=True)
class Mark:
    """How far things had come when an event happened, and the Message-IDs of the mails that it let arrive."""

    sent_before: int
    decided_before: int
    decided_after: int
    message_ids: frozenset[str]


@dataclass(frozen=True)
class SentMail:
    """A mail of an enrollment that left; ``index`` counts everything that left in the story."""

    index: int
    step: int


@dataclass
class Telling:
    """The world at the end of its story, with a mark for each event."""

    world: World
    marks: list[Mark] = field(default_factory=list)

    def mark(self, number: int) -> Mark:
        """Return the mark of an event; events count from 1."""
        return self.marks[number - 1]

    def mails_of(self, ref: EnrollmentRef) -> list[SentMail]:
        """Return the mails of an enrollment that left, as the world saw them: one sent twice stands here twice."""
        row = self.world.enrollment(ref)
        deliveries = models.Delivery.objects.filter(enrollment=row, message_id__isnull=False) if row else []
        steps = {delivery.message_id: delivery.position for delivery in deliveries}
        sent = [message_id(mail.raw) for mail in self.world.network.sent]
        return [SentMail(index, steps[each]) for index, each in enumerate(sent) if each in steps]

    def decisions(self, number: int, row: models.Enrollment) -> list[models.Decision]:
        """Return the ledger's lines about an enrollment that an event caused."""
        mark = self.mark(number)
        of_row = models.Decision.objects.filter(enrollment=row)
        if mark.message_ids:
            return list(of_row.filter(item__message_id__in=mark.message_ids).order_by("pk"))
        told = of_row.filter(pk__gt=mark.decided_before, pk__lte=mark.decided_after, item__isnull=True)
        return list(told.order_by("pk"))

    def metrics(self, sequence: str) -> dict[str, int]:
        """Return the counters of a sequence."""
        return counters.of(self.world.sequences[sequence].pk)

    def contact(self, name: str) -> dict[str, Any]:
        """Return the properties of a contact, by the names of the format and any further ones."""
        row = models.Contact.objects.get(pk=self.world.contacts[name].pk)
        companies = {company.pk: key for key, company in self.world.companies.items()}
        users = {user.pk: key for key, user in self.world.users.items()}
        others = row.addresses.filter(primary=False).order_by("pk").values_list("address", flat=True)
        return {
            **row.properties,
            "email": row.email,
            "name": row.name,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "company": companies.get(row.company_id or 0),
            "owner": users.get(row.owner_id or 0),
            "additional_emails": list(others),
            "time_zone": row.time_zone,
            "opted_out": models.Suppression.objects.holding_for([row.email]).filter(code__startswith="UNSUB").exists(),
        }


def message_id(raw: bytes) -> str:
    """Return a mail's Message-ID without angle brackets."""
    # A long one stands on a line of its own, behind the line end of its header's name (RFC 5322 section 2.2.3).
    return "".join(str(message_from_bytes(raw)["Message-ID"] or "").split()).strip("<>")
