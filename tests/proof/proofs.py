"""The proof that is stored beside each mail that was sent."""

from datetime import datetime

from relent.records import models
from relent.terms.states import DeliveryState


def broken() -> list[str]:
    """Return the sent mails whose proof shows no reading of some mailbox in scope between the claim and the sending."""
    found = []
    for row in models.Delivery.objects.filter(state=DeliveryState.SENT).select_related("enrollment__mailbox"):
        claimed = datetime.fromisoformat(row.proof["claimed_at"])
        decided = datetime.fromisoformat(row.proof["decided_at"])
        read = {mailbox["address"]: mailbox["read_through"] for mailbox in row.proof["mailboxes"]}
        scope = {row.enrollment.mailbox.address}
        others = models.Mailbox.objects.in_use().filter(user=row.enrollment.enrolled_by_id, connected_at__lt=claimed)
        scope |= set(others.values_list("address", flat=True))
        if not scope <= set(read) or not all(_within(read[each], claimed, decided) for each in scope):
            found.append(f"{row.enrollment.address}, mail {row.position}: {row.proof}")
    return found


def _within(read_through: str | None, claimed: datetime, decided: datetime) -> bool:
    return read_through is not None and claimed <= datetime.fromisoformat(read_through) <= decided
