"""Meeting links in mails: tokens become addresses when a mail is made, and what stood in it is kept with the mail.

A booking through a link counts for whom the link was sent to (``decide/meetings.py``); so each link carries whom that
was, signed, and the mail's row keeps the links that were in it when it left.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing

from relent.mail import templates
from relent.normalize import booking_links
from relent.records import models
from relent.terms.meetings import SchedulerKind

_ENROLLMENT = signing.Signer(salt="relent.meet")
_ANY = "meeting_link"


def values(texts: Iterable[str], sender: models.User, enrollment_id: int) -> dict[str, str]:
    """Return what the meeting-link tokens in ``texts`` stand for: ``meeting_link`` for the first booking page of
    ``sender`` that is switched on, ``meeting_link.SLUG`` for that page, whoever's it is. A page that is not there, or
    is switched off, has no value."""
    named = {token.name for text in texts for token in templates.tokens(text)}
    wanted = {name for name in named if name.partition(".")[0] == _ANY}
    if not wanted:
        return {}
    pages = models.BookingPage.objects.filter(active=True, user__is_active=True)
    slugs = pages.filter(slug__in=[name.partition(".")[2].lower() for name in wanted]).values_list("slug", flat=True)
    there = set(slugs)
    found = {name: name.partition(".")[2].lower() for name in wanted if name.partition(".")[2].lower() in there}
    if _ANY in wanted:
        own = pages.filter(user=sender).order_by("pk").values_list("slug", flat=True).first()
        found |= {_ANY: own} if own else {}
    return {name: address_of(slug, enrollment_id) for name, slug in found.items()}


def address_of(slug: str, enrollment_id: int = 0) -> str:
    """Return the address of a booking page, with the enrollment that it is sent to, if any."""
    plain = f"{settings.PUBLIC_URL}/meet/{slug}"
    return f"{plain}?e={token_of(enrollment_id)}" if enrollment_id else plain


def token_of(enrollment_id: int) -> str:
    """Return the enrollment's id, signed: nobody can make another's."""
    return _ENROLLMENT.sign(str(enrollment_id))


def enrollment_of(token: str) -> models.Enrollment | None:
    """Return the enrollment that a link's token names; ``None`` where we did not make it."""
    try:
        enrollment_id = int(_ENROLLMENT.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return models.Enrollment.objects.select_related("contact").filter(pk=enrollment_id).first()


def signed(text: str, enrollment_id: int) -> str:
    """Return the text of a mail with the enrollment in each link to a scheduler that hands it back with a booking."""
    return booking_links.with_token(text, token_of(enrollment_id), _calcom_hosts())


def found_in(text: str) -> tuple[str, ...]:
    """Return the names of the meeting links in the text of a mail; see ``DeliveryLink``."""
    hosts = booking_links.CALENDLY_HOSTS | _calcom_hosts()
    return booking_links.links_in(text, f"{settings.PUBLIC_URL}/meet", hosts)


def store(delivery: models.Delivery, links: Iterable[str]) -> None:
    """Keep the links that stand in a mail; called in the transaction in which its row becomes ``sending``."""
    models.DeliveryLink.objects.bulk_create(
        [models.DeliveryLink(delivery=delivery, link=link) for link in links], ignore_conflicts=True
    )


def is_at(link: str, kind: SchedulerKind) -> bool:
    """Whether a link, by its name, leads to a scheduler of this kind."""
    hosts = booking_links.CALENDLY_HOSTS if kind is SchedulerKind.CALENDLY else _calcom_hosts()
    return booking_links.host(link) in hosts


def _calcom_hosts() -> frozenset[str]:
    """Cal.com's own hosts, and those on which somebody runs it."""
    own = models.Scheduler.objects.filter(kind=SchedulerKind.CALCOM).values_list("hosts", flat=True).first() or ""
    return booking_links.CALCOM_HOSTS | frozenset(own.split())
