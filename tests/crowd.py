"""Many colleagues of Ann's, enrolled at once, and her reply."""

from datetime import timedelta
from email.message import EmailMessage

from relent.records import models
from relent.terms import addresses
from relent.terms.states import DeliveryState, EnrollmentState
from tests.cast import MONDAY, Cast


def reply_of_ann(cast: Cast) -> EmailMessage:
    """Enroll Ann, let the first mail leave, and return her answer to it, not delivered yet."""
    return cast.answer(cast.enrolled())


def colleagues(
    cast: Cast,
    number: int,
    begin: int = 0,
    by: models.User | None = None,
    *,
    delivery_state: DeliveryState = DeliveryState.PLANNED,
    claimed_by: str = "",
) -> list[models.Enrollment]:
    """Create so many contacts at Acme, each enrolled by ``by`` (Dana) now; the first mail is due in a day, or claimed
    now."""
    user, now, names = by or cast.dana, cast.clock(), range(begin, begin + number)
    contacts = models.Contact.objects.bulk_create(
        models.Contact(first_name=f"P{n}", owner=user, created_at=MONDAY, company=cast.ann.company) for n in names
    )
    models.ContactCompany.objects.bulk_create(
        models.ContactCompany(contact=one, company=cast.ann.company, primary=True, since=MONDAY - timedelta(days=30))
        for one in contacts
    )
    models.ContactAddress.objects.bulk_create(
        models.ContactAddress(
            contact=one, address=address(n), key=addresses.mailbox_key(address(n)), primary=True, since=MONDAY
        )
        for n, one in zip(names, contacts, strict=True)
    )
    version = cast.sequence.current
    enrollments = models.Enrollment.objects.bulk_create(
        models.Enrollment(
            contact=one,
            sequence=cast.sequence,
            version=version,
            enrolled_by=user,
            mailbox=cast.mailbox,
            address=address(n),
            address_key=address(n),
            address_domain="acme.example",
            enrolled_at=now,
            start_at=now,
            state=EnrollmentState.ACTIVE,
        )
        for n, one in zip(names, contacts, strict=True)
    )
    step = version.steps.get(position=1)
    claimed = delivery_state == DeliveryState.CLAIMED
    models.Delivery.objects.bulk_create(
        models.Delivery(
            enrollment=enrollment,
            mailbox=cast.mailbox,
            step=step,
            position=1,
            kind=step.kind,
            state=delivery_state,
            due_at=now if claimed else now + timedelta(days=1),
            claimed_at=now if claimed else None,
            claimed_by=claimed_by,
        )
        for enrollment in enrollments
    )
    return enrollments


def address(number: int) -> str:
    """Return the address of the colleague of this number."""
    return f"p{number}@acme.example"
