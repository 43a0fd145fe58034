"""Unsubscribing: the recipient's own word. It ends every open enrollment of the contact and suppresses the address."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, consequences, ledger, rendering
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import Unsubscribed
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal


def url_for(enrollment_id: int) -> str:
    """Return the address that stands in the enrollment's mails."""
    return rendering.unsubscribe_url(enrollment_id)


def find(token: str) -> models.Enrollment | None:
    """Return the enrollment that a link's token belongs to; ``None`` where the token is not ours."""
    enrollment_id = rendering.enrollment_of(token)
    if enrollment_id is None:
        return None
    return models.Enrollment.objects.select_related("contact").filter(pk=enrollment_id).first()


@transaction.atomic
def unsubscribe(enrollment: models.Enrollment, via: str, now: datetime) -> None:
    """Obey: suppress the address, also long after the enrollment has ended, and end what is open. ``via`` is ``link``,
    ``one_click`` or ``mailto``. Doing it twice changes nothing."""
    new = not models.Suppression.objects.holding_for([enrollment.address]).exists()
    consequences.suppress(enrollment.address, Refusal.UNSUBSCRIBED_PERSONAL, f"unsubscribe.{via}", now)
    others = models.Enrollment.objects.open().filter(contact=enrollment.contact_id).exclude(pk=enrollment.pk)
    related = ("contact", "mailbox", "version")
    for each in (
        models.Enrollment.objects.select_related(*related).get(pk=enrollment.pk),
        *others.select_related(*related),
    ):
        apply.direct(each, Cause(event=Unsubscribed(at=now, enrollment_id=each.pk, via=via)), now)
    if new:
        ledger.tell(enrollment, TimelineKind.SUPPRESSED, now, reason=Refusal.UNSUBSCRIBED_PERSONAL)


def opt_out(address: str, source: str, now: datetime) -> None:
    """Note that the owner of ``address`` has opted out of all mail, as ``source`` says; nobody is unenrolled by it."""
    consequences.suppress(address, Refusal.UNSUBSCRIBED, source, now)
