"""What waits for a person: questions, held enrollments about which nothing is asked, and mailboxes that cannot be
read."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from relent.records.models import Contact, Enrollment, Mailbox, ReviewItem, User
from relent.records.models.review import ReviewItemQuerySet
from relent.terms.states import EnrollmentState, MailboxState
from relent.web import access

# The badge in the navigation counts no further: it is read on every page.
COUNTED = 100


def questions(user: User) -> ReviewItemQuerySet:
    """Return the open questions that ``user`` may answer."""
    return ReviewItem.objects.open().answerable_by(user)


def held_enrollments(user: User) -> QuerySet[Enrollment]:
    """Return the held enrollments of contacts that ``user`` sees about which no question is open."""
    asked = ReviewItem.objects.open().filter(enrollment=OuterRef("pk"))
    return (
        Enrollment.objects.filter(state=EnrollmentState.HELD, contact__in=Contact.objects.visible_to(user))
        .filter(~Exists(asked))
        .select_related("contact", "sequence", "mailbox")
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
    """Return how many questions wait for the user, up to ``COUNTED``; the number beside *Needs you*."""
    return questions(user)[:COUNTED].count()
