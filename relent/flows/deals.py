"""Deals. A new stage may start a workflow for each of a deal's contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from relent.flows import auditing, triggers
from relent.flows.triggers import Concerned
from relent.records import models
from relent.terms.workflows import WorkflowTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class DealDraft:
    """A deal as it was edited; see ``records.Deal``."""

    name: str
    stage: str = ""
    company: models.Company | None = None
    owner: models.User | None = None


@transaction.atomic
def save(
    draft: DealDraft,
    contacts: Iterable[models.Contact],
    by: models.User,
    now: datetime,
    deal: models.Deal | None = None,
) -> models.Deal:
    """Save a new deal, or the changes of ``deal``, and tell the workflows where its stage is a new one."""
    before = models.Deal.objects.select_for_update().get(pk=deal.pk).stage if deal else ""
    saved = deal or models.Deal(created_at=now)
    saved.name, saved.stage, saved.company, saved.owner = draft.name, draft.stage.strip(), draft.company, draft.owner
    saved.save()
    people = sorted({contact.pk for contact in contacts})
    saved.contacts.set(people)
    auditing.note(by, "deal.saved", f"deal:{saved.pk}", now, name=saved.name, stage=saved.stage)
    if saved.stage and saved.stage.casefold() != before.casefold():
        moved = [Concerned(pk, key=f"deal:{saved.pk}:{pk}:{saved.stage}:{now.isoformat()}") for pk in people]
        triggers.happened_in_bulk(WorkflowTrigger.DEAL_STAGE, moved, now, stage=saved.stage, deal=saved.pk)
    return saved


def delete(deal: models.Deal, by: models.User, now: datetime) -> None:
    """Delete the deal; its contacts stay."""
    auditing.note(by, "deal.deleted", f"deal:{deal.pk}", now, name=deal.name)
    deal.delete()
