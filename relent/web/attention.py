"""What waits for a person: mails that may have left, enrollments that are held, and mailboxes that cannot be read."""

from django.db.models import Q, QuerySet

from relent.records.models import Contact, Delivery, Enrollment, Mailbox, User
from relent.terms.states import DeliveryState, EnrollmentState, MailboxState
from relent.web import access


def unknown_deliveries(user: User) -> QuerySet[Delivery]:
    """Return the mails of which nobody can know whether they left, to contacts that ``user`` sees."""
    return (
        Delivery.objects.filter(state=DeliveryState.UNKNOWN, enrollment__contact__in=Contact.objects.visible_to(user))
        .select_related("enrollment__contact", "enrollment__sequence", "mailbox")
        .prefetch_related("enrollment__contact__addresses")
        .order_by("-id")
    )


def held_enrollments(user: User) -> QuerySet[Enrollment]:
    """Return the held enrollments of contacts that ``user`` sees, without those that wait for an unknown mail."""
    return (
        Enrollment.objects.filter(state=EnrollmentState.HELD, contact__in=Contact.objects.visible_to(user))
        .exclude(pk__in=Delivery.objects.filter(state=DeliveryState.UNKNOWN).values("enrollment_id"))
        .select_related("contact", "sequence")
        .prefetch_related("contact__addresses")
        .order_by("-id")
    )


def mailboxes_of(user: User) -> QuerySet[Mailbox]:
    """Return the mailboxes that ``user`` sees: the own and the shared ones, or all for who sees the team's work."""
    if access.sees_whole_team(user):
        return Mailbox.objects.all()
    return Mailbox.objects.filter(Q(user=user) | Q(user__isnull=True))


def silent_mailboxes(user: User) -> QuerySet[Mailbox]:
    """Return the mailboxes that hold sends because they cannot be read."""
    return mailboxes_of(user).exclude(state=MailboxState.CONNECTED).select_related("user").order_by("address")


def count(user: User) -> int:
    """Return how many things wait; the number beside *Needs you*."""
    return unknown_deliveries(user).count() + held_enrollments(user).count() + silent_mailboxes(user).count()
