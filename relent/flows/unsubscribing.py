"""Opting out: the recipient's own word, by a link in a mail or elsewhere, and its taking back.

What was said holds for the person: every open enrollment of the contact is decided, and every address that the contact
has now is suppressed, with the one that the mail went to. Saying it twice changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from relent.flows import apply, auditing, consequences, permissions, rendering
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms import addresses
from relent.terms.events import Unsubscribed
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.states import OPEN

# What the recipient's own word may take back. A complaint or a bounce is another matter.
OPT_OUTS = (Refusal.UNSUBSCRIBED, Refusal.UNSUBSCRIBED_PERSONAL)
# What is written down where the recipients themselves want mail again.
BY_THE_RECIPIENT = "The recipient asked for it on the page of the unsubscribe link."


class ReasonMissing(ValueError):
    """Whoever lets somebody be mailed again says why."""


def url_for(enrollment_id: int) -> str:
    """Return the address that stands in the enrollment's mails."""
    return rendering.unsubscribe_url(enrollment_id)


def find(token: str) -> models.Enrollment | None:
    """Return the enrollment that a link's token belongs to; ``None`` where the token is not ours."""
    enrollment_id = rendering.enrollment_of(token)
    if enrollment_id is None:
        return None
    return models.Enrollment.objects.select_related("contact").filter(pk=enrollment_id).first()


def opted_out_of(enrollment: models.Enrollment) -> Refusal | None:
    """Return what the recipient of ``enrollment`` has opted out of: all mail, one-to-one mail, or nothing."""
    held = set(models.Suppression.objects.holding_for([enrollment.address]).values_list("code", flat=True))
    return next((code for code in OPT_OUTS if code in held), None)


@transaction.atomic
def unsubscribe(enrollment: models.Enrollment, via: str, now: datetime, *, everything: bool = False) -> bool:
    """Obey: suppress the contact's addresses, also long after the enrollment has ended, and end what is open. ``via``
    is ``link``, ``one_click`` or ``mailto``; ``everything``: all mail, not only one-to-one. Return whether it was
    news."""
    concerned = _locked(Q(pk=enrollment.pk) | Q(contact=enrollment.contact_id, state__in=OPEN))
    code = Refusal.UNSUBSCRIBED if everything else Refusal.UNSUBSCRIBED_PERSONAL
    new = _suppress(_addresses_of(enrollment.contact, enrollment.address), code, f"unsubscribe.{via}", now)
    if not new and not any(each.is_open for each in concerned):
        return False
    for each in concerned:
        event = Unsubscribed(at=now, enrollment_id=each.pk, via=via, everything=everything)
        apply.direct(each, Cause(event=event), now)
    if new:
        _tell(enrollment.contact, TimelineKind.SUPPRESSED, code, now, enrollment=enrollment)
    return True


@transaction.atomic
def elsewhere(contact: models.Contact, source: str, now: datetime, *, by: models.User | None = None) -> bool:
    """The contact has opted out of all mail, as ``source`` says, which is not a link of ours. The addresses are
    suppressed at once; whether what is open ends at once or meets that at its next mail, the policy decides. ``by``
    is the user who notes it. Return whether it was news."""
    open_ones = _locked(Q(contact=contact, state__in=OPEN))
    if not _suppress(_addresses_of(contact, *(each.address for each in open_ones)), Refusal.UNSUBSCRIBED, source, now):
        return False
    for each in open_ones:
        event = Unsubscribed(at=now, enrollment_id=each.pk, via="elsewhere", everything=True)
        apply.direct(each, Cause(event=event, actor=by), now)
    if by is not None:
        auditing.note(by, "contact.opted_out", f"contact:{contact.pk}", now, source=source)
    _tell(contact, TimelineKind.SUPPRESSED, Refusal.UNSUBSCRIBED, now, actor=by)
    return True


@transaction.atomic
def opt_out(address: str, source: str, now: datetime) -> bool:
    """The owner of ``address`` has opted out of all mail, as ``source`` says, whether a contact has the address or not.
    Return whether it was news."""
    written = addresses.canonical(address)
    known = models.Contact.objects.present().filter(
        Q(addresses__address=written) | Q(enrollments__address=written, enrollments__state__in=OPEN)
    )
    # The address itself too: it may belong to nobody, or be a former one.
    told = [elsewhere(contact, source, now) for contact in known.distinct().order_by("pk")]
    return any([*told, _suppress([written], Refusal.UNSUBSCRIBED, source, now)])


def merged(contact: models.Contact, now: datetime) -> None:
    """Two records turned out to be ``contact``: what the person said under one address holds for all of them, also for
    those that run on."""
    running = models.Enrollment.objects.open().filter(contact=contact).values_list("address", flat=True)
    ever = contact.addresses.values_list("address", flat=True)
    said = models.Suppression.objects.holding_for([*ever, *running]).filter(code__in=OPT_OUTS)
    for code in sorted(set(said.values_list("code", flat=True))):
        _suppress(_addresses_of(contact, *running), Refusal(code), "contact_merged", now)


@transaction.atomic
def resubscribe(enrollment: models.Enrollment, now: datetime) -> bool:
    """The recipients want mail again, and say so on the page of their link. Return whether they had opted out. Nothing
    is enrolled by it, and a complaint or a bounce stays."""
    lifted = [
        consequences.lift(address, code, BY_THE_RECIPIENT, now)
        for address in _addresses_of(enrollment.contact, enrollment.address)
        for code in OPT_OUTS
    ]
    if any(lifted):
        _tell(enrollment.contact, TimelineKind.RESUBSCRIBED, "", now, enrollment=enrollment)
    return any(lifted)


@transaction.atomic
def lift(suppression: models.Suppression, by: models.User, because: str, now: datetime) -> bool:
    """Let an address be mailed again as far as one suppression of it is concerned. Return whether it held.

    Raises NotAllowed: reps may not; and ReasonMissing without a typed reason, as what a user knows the person's will
    by must stand somewhere.
    """
    permissions.require_team_lead(by)
    if not because.strip():
        raise ReasonMissing(suppression.address)
    held = models.Suppression.objects.filter(pk=suppression.pk, lifted_at__isnull=True)
    if not held.update(lifted_at=now, lifted_because=because.strip(), lifted_by=by):
        return False
    detail = {"address": suppression.address, "code": suppression.code, "because": because.strip()}
    auditing.note(by, "suppression.lifted", f"suppression:{suppression.pk}", now, **detail)
    for contact in _contacts_at(suppression.address):
        _tell(contact, TimelineKind.RESUBSCRIBED, suppression.code, now, actor=by)
    return True


@transaction.atomic
def block(address: str, by: models.User, because: str, now: datetime) -> bool:
    """Never mail ``address``, whoever it is: enrollments to it meet that at their next mail. Return whether that is
    new. Raises NotAllowed: reps may not."""
    permissions.require_team_lead(by)
    written = addresses.canonical(address)
    if not _suppress([written], Refusal.BLOCKED_ADDRESS, "by_hand", now):
        return False
    auditing.note(by, "suppression.added", f"address:{written}", now, because=because)
    for contact in _contacts_at(written):
        _tell(contact, TimelineKind.SUPPRESSED, Refusal.BLOCKED_ADDRESS, now, actor=by)
    return True


def _locked(wanted: Q) -> list[models.Enrollment]:
    """Return the enrollments with their rows locked, always in the same order."""
    ids = list(models.Enrollment.objects.filter(wanted).order_by("pk").values_list("pk", flat=True))
    rows = models.Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(rows.select_related("contact", "mailbox", "version").order_by("pk"))


def _addresses_of(contact: models.Contact, *further: str) -> list[str]:
    held = contact.addresses.filter(until__isnull=True).values_list("address", flat=True)
    return list(dict.fromkeys([*further, *held]))


def _suppress(written: Iterable[str], code: Refusal, source: str, now: datetime) -> bool:
    """Suppress each address that is not yet; return whether there was one."""
    new = [
        address
        for address in written
        if not models.Suppression.objects.holding_for([address]).filter(code=code).exists()
    ]
    for address in new:
        consequences.suppress(address, code, source, now)
    return bool(new)


def _contacts_at(address: str) -> list[models.Contact]:
    return list(models.Contact.objects.present().filter(addresses__address=address).distinct().order_by("pk"))


def _tell(
    contact: models.Contact,
    kind: TimelineKind,
    reason: str,
    now: datetime,
    *,
    enrollment: models.Enrollment | None = None,
    actor: models.User | None = None,
) -> None:
    models.TimelineEntry.objects.create(
        contact=contact, at=now, kind=kind, reason=reason, enrollment=enrollment, actor=actor
    )
