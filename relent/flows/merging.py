"""Two records turn out to be one: what becomes of the enrollments, and of everything else.

Never two mails from one person's two enrollments: of two that meet in one sequence, the one further ahead stays; of
two in different sequences, where the account allows only one, the older that runs. Nobody is stopped by a merge of
companies: those who work there are colleagues from then on, and what happened before goes by what held then.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from relent.flows import apply, auditing, permissions, unsubscribing
from relent.flows.ledger import Cause
from relent.records import facts, models
from relent.terms.events import ContactMerged
from relent.terms.history import TimelineKind
from relent.terms.roles import Role
from relent.terms.states import DeliveryState, EnrollmentState

# A step in one of these states was executed, or may have been.
_EXECUTED = [
    DeliveryState.SENDING,
    DeliveryState.SENT,
    DeliveryState.OPENED,
    DeliveryState.REFUSED,
    DeliveryState.UNKNOWN,
]


class CannotMerge(Exception):
    """The two records cannot become one."""


@transaction.atomic
def merge_contacts(survivor: models.Contact, loser: models.Contact, by: models.User, now: datetime) -> int:
    """Let everything of ``loser`` be ``survivor``'s. The address of each enrollment stays as it was enrolled. Return
    how many enrollments that ended. Raises NotAllowed and CannotMerge."""
    for contact in (survivor, loser):
        permissions.require_contact(by, contact)
    pair = sorted({survivor.pk, loser.pk})
    # Both rows at once, in the order of their ids: an enrollment of either waits.
    locked = {row.pk: row for row in models.Contact.objects.select_for_update().filter(pk__in=pair).order_by("pk")}
    if len(locked) != 2 or any(row.deleted_at is not None for row in locked.values()):
        raise CannotMerge("Only two contacts that are not deleted can be merged.")
    ended = _end_what_meets(locked[survivor.pk], locked[loser.pk], by, now)
    _fill_gaps(locked[survivor.pk], locked[loser.pk])
    _move_addresses(survivor, loser, now)
    _move_associations(survivor, loser, now)
    _move_history(survivor, loser)
    unsubscribing.merged(survivor, now)
    models.Contact.objects.filter(merged_into=loser).update(merged_into=survivor)
    models.Contact.objects.filter(pk=loser.pk).update(merged_into=survivor, deleted_at=now, company=None)
    models.TimelineEntry.objects.create(contact=survivor, at=now, kind=TimelineKind.MERGED, actor=by)
    auditing.note(by, "contact.merged", f"contact:{survivor.pk}", now, loser=loser.pk, ended=ended)
    for contact in (survivor, loser):
        contact.refresh_from_db()
    return ended


def _end_what_meets(survivor: models.Contact, loser: models.Contact, by: models.User, now: datetime) -> int:
    rows = models.Enrollment.objects.open().filter(contact__in=[survivor, loser])
    rows = rows.select_for_update(of=("self",)).select_related("version", "mailbox__user", "contact", "enrolled_by")
    kept: dict[int, models.Enrollment] = {}
    ending: list[tuple[models.Enrollment, bool]] = []
    for row in sorted(rows.order_by("pk"), key=_further_ahead_first):
        if row.sequence_id in kept:
            ending.append((row, False))
        else:
            kept[row.sequence_id] = row
    if facts.policy_at(now)["exclusive"] == "true":
        ending += [(row, True) for row in sorted(kept.values(), key=_older_that_runs_first)[1:]]
    ended = 0
    for row, ask in ending:
        event = ContactMerged(at=now, enrollment_id=row.pk, ask=ask)
        ended += apply.direct(row, Cause(event=event, actor=by), now)
    return ended


def _further_ahead_first(row: models.Enrollment) -> tuple[int, datetime, int]:
    executed = row.deliveries.filter(state__in=_EXECUTED).order_by("-position")
    return -(executed.values_list("position", flat=True).first() or 0), row.enrolled_at, row.pk


def _older_that_runs_first(row: models.Enrollment) -> tuple[bool, datetime, int]:
    return row.state == EnrollmentState.HELD, row.enrolled_at, row.pk


def _fill_gaps(survivor: models.Contact, loser: models.Contact) -> None:
    for name in ("first_name", "last_name", "time_zone"):
        setattr(survivor, name, getattr(survivor, name) or getattr(loser, name))
    survivor.owner_id = survivor.owner_id or loser.owner_id
    survivor.properties = {**loser.properties, **survivor.properties}
    survivor.save(update_fields=["first_name", "last_name", "time_zone", "owner", "properties"])


def _move_addresses(survivor: models.Contact, loser: models.Contact, now: datetime) -> None:
    held = {row.address: row for row in survivor.addresses.all()}
    has_primary = any(row.primary for row in held.values())
    for row in loser.addresses.all():
        known = held.get(row.address)
        if known is None:
            primary = row.primary and not has_primary
            models.ContactAddress.objects.filter(pk=row.pk).update(contact=survivor, primary=primary)
            continue
        # On both: the longer time counts, and a present address stays one.
        until = None if row.until is None or known.until is None else max(row.until, known.until)
        models.ContactAddress.objects.filter(pk=row.pk).delete()
        models.ContactAddress.objects.filter(pk=known.pk).update(since=min(row.since, known.since), until=until)


def _move_associations(survivor: models.Contact, loser: models.Contact, now: datetime) -> None:
    """Where each worked and when stays true of the one person; of two primary companies the survivor's stays so."""
    present = list(survivor.associations.filter(until__isnull=True))
    there = {row.company_id for row in present}
    has_primary = any(row.primary for row in present)
    for row in loser.associations.filter(until__isnull=True):
        moved = models.ContactCompany.objects.filter(pk=row.pk)
        if row.company_id in there:
            moved.update(contact=survivor, until=now)
        elif row.primary and has_primary:
            moved.update(contact=survivor, until=now)
            models.ContactCompany.objects.create(contact=survivor, company_id=row.company_id, primary=False, since=now)
        else:
            moved.update(contact=survivor)
            has_primary = has_primary or row.primary
        there.add(row.company_id)
    models.ContactCompany.objects.filter(contact=loser).update(contact=survivor)
    primary = survivor.associations.filter(until__isnull=True, primary=True).first()
    models.Contact.objects.filter(pk=survivor.pk).update(company=primary.company_id if primary else None)


def _move_history(survivor: models.Contact, loser: models.Contact) -> None:
    for model in (models.Enrollment, models.Task, models.TimelineEntry, models.ReviewItem, models.Notification):
        model.objects.filter(contact=loser).update(contact=survivor)
    models.WorkflowRun.objects.filter(contact=loser).update(contact=survivor)
    models.CompanyStop.objects.filter(actor=loser).update(actor=survivor)
    on_lists = models.ListMember.objects.filter(contact=survivor).values("list")
    models.ListMember.objects.filter(contact=loser).exclude(
        list__in=list(on_lists.values_list("list", flat=True))
    ).update(contact=survivor)
    models.ListMember.objects.filter(contact=loser).delete()
    of_survivor = list(models.MeetingAssociation.objects.filter(contact=survivor).values_list("meeting", flat=True))
    models.MeetingAssociation.objects.filter(contact=loser).exclude(meeting__in=of_survivor).update(contact=survivor)
    models.MeetingAssociation.objects.filter(contact=loser).delete()
    survivor.deals.add(*loser.deals.all())
    loser.deals.clear()


@transaction.atomic
def merge_companies(survivor: models.Company, loser: models.Company, by: models.User, now: datetime) -> None:
    """Let everybody at ``loser`` work at ``survivor`` from ``now`` on. Nobody is stopped by it. Raises NotAllowed and
    CannotMerge."""
    if not by.is_active or by.role == Role.REP:
        raise permissions.NotAllowed(f"{by} may not merge companies")
    pair = sorted({survivor.pk, loser.pk})
    locked = list(models.Company.objects.select_for_update().filter(pk__in=pair, merged_into=None).order_by("pk"))
    if len(locked) != 2:
        raise CannotMerge("Only two companies that were not merged yet can be merged.")
    present = models.ContactCompany.objects.filter(company=loser, until__isnull=True)
    rows = list(present.values_list("contact_id", "primary"))
    present.update(until=now)
    _associate(survivor, (contact for contact, primary in rows if primary), primary=True, now=now)
    _associate(survivor, (contact for contact, primary in rows if not primary), primary=False, now=now)
    models.Contact.objects.filter(company=loser).update(company=survivor)
    models.Deal.objects.filter(company=loser).update(company=survivor)
    models.Company.objects.filter(parent=loser).exclude(pk=survivor.pk).update(parent=survivor)
    # A stop that is under way goes on to keep back the mails to everybody whom it concerns.
    for stop in models.CompanyStop.objects.filter(companies=loser, done_at__isnull=True):
        stop.companies.add(survivor)
    parent = None if survivor.parent_id == loser.pk else survivor.parent_id
    models.Company.objects.filter(pk=survivor.pk).update(domain=survivor.domain or loser.domain, parent=parent)
    models.Company.objects.filter(merged_into=loser).update(merged_into=survivor)
    models.Company.objects.filter(pk=loser.pk).update(merged_into=survivor, parent=None)
    auditing.note(by, "company.merged", f"company:{survivor.pk}", now, loser=loser.pk, contacts=len(rows))
    for company in (survivor, loser):
        company.refresh_from_db()


def _associate(company: models.Company, contact_ids: Iterable[int], *, primary: bool, now: datetime) -> None:
    ids = list(contact_ids)
    present = models.ContactCompany.objects.filter(company=company, until__isnull=True, contact__in=ids)
    if primary:
        present.filter(primary=False).update(until=now)
        there = set(present.filter(primary=True).values_list("contact_id", flat=True))
    else:
        there = set(present.values_list("contact_id", flat=True))
    models.ContactCompany.objects.bulk_create(
        [
            models.ContactCompany(contact_id=pk, company=company, primary=primary, since=now)
            for pk in ids
            if pk not in there
        ],
        batch_size=500,
    )
