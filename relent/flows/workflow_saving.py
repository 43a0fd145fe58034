"""Writing workflows down. One runs in the name of whoever saved it last, so nobody gains by editing another's."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from relent.decide import workflows as rules
from relent.decide.workflows import FIELDS, OPTIONS, BadWorkflow, Problem
from relent.flows import auditing
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.roles import Role
from relent.terms.workflows import WorkflowFault, WorkflowTrigger

__all__ = ["FIELDS", "OPTIONS", "BadWorkflow", "Draft", "NotAllowed", "Problem", "save"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A workflow as it was edited; see ``records.Workflow``."""

    name: str
    trigger: WorkflowTrigger
    options: Mapping[str, object]
    conditions: Sequence[Mapping[str, object]]
    actions: Sequence[Mapping[str, object]]
    sequence: models.Sequence | None = None


def may_edit(user: models.User) -> bool:
    """Whether ``user`` may write workflows: they act on everybody's contacts, so managers and super admins."""
    return user.is_active and user.role in {Role.MANAGER, Role.SUPER_ADMIN}


def may_act_as(user: models.User, other: models.User) -> bool:
    """Whether a workflow that ``user`` writes may enroll in the name of ``other``: themself, or somebody of their team;
    a super admin may name anybody."""
    if not other.is_active:
        return False
    return user.is_super_admin or other.pk == user.pk or (bool(user.team) and user.team == other.team)


def may_name(user: models.User) -> list[int]:
    """Return the ids of the users in whose name ``user`` may let a workflow enroll."""
    return [other.pk for other in models.User.objects.filter(is_active=True) if may_act_as(user, other)]


def save(draft: Draft, by: models.User, now: datetime, workflow: models.Workflow | None = None) -> models.Workflow:
    """Save a new workflow, switched off, or the changes of ``workflow``. Raises NotAllowed and BadWorkflow."""
    _require(by)
    found = [*rules.problems(draft.trigger, draft.options, draft.conditions, draft.actions), *_not_yours(draft, by)]
    if found:
        raise BadWorkflow(found)
    saved = workflow or models.Workflow(created_at=now, secrets={"signing_key": secrets.token_urlsafe(32)})
    saved.name, saved.trigger, saved.sequence, saved.owner = draft.name, draft.trigger, draft.sequence, by
    saved.options, saved.conditions, saved.actions = _kept(draft.options), list(draft.conditions), list(draft.actions)
    saved.changed_at = now
    with transaction.atomic():
        saved.save()
        auditing.note(by, "workflow.saved", f"workflow:{saved.pk}", now, name=saved.name, trigger=saved.trigger)
    return saved


def switch(workflow: models.Workflow, *, on: bool, by: models.User, now: datetime) -> None:
    """Switch the workflow on or off. What waits while it is off is skipped. Raises NotAllowed."""
    _require(by)
    models.Workflow.objects.filter(pk=workflow.pk).update(enabled=on, changed_at=now)
    auditing.note(by, "workflow.switched_on" if on else "workflow.switched_off", f"workflow:{workflow.pk}", now)


def delete(workflow: models.Workflow, by: models.User, now: datetime) -> None:
    """Delete the workflow and the log of its runs. Raises NotAllowed."""
    _require(by)
    auditing.note(by, "workflow.deleted", f"workflow:{workflow.pk}", now, name=workflow.name)
    workflow.delete()


def signing_key(workflow: models.Workflow, by: models.User) -> str:
    """Return the key that signs its webhooks. Raises NotAllowed."""
    _require(by)
    return str(workflow.secrets.get("signing_key", ""))


def event_address(workflow: models.Workflow, by: models.User) -> str:
    """Return the address that other systems post events to; empty where there is none. Raises NotAllowed."""
    _require(by)
    token = workflow.secrets.get("event_token", "")
    return f"{settings.PUBLIC_URL}/hooks/events/{workflow.pk}-{token}" if token else ""


def new_event_address(workflow: models.Workflow, by: models.User, now: datetime) -> str:
    """Give the workflow a new event address; the one before is dead from now on. Raises NotAllowed."""
    _require(by)
    _set_token(workflow, secrets.token_urlsafe(32), now)
    auditing.note(by, "workflow.event_address_made", f"workflow:{workflow.pk}", now)
    return event_address(workflow, by)


def revoke_event_address(workflow: models.Workflow, by: models.User, now: datetime) -> None:
    """Let the event address be dead from now on. Raises NotAllowed."""
    _require(by)
    _set_token(workflow, "", now)
    auditing.note(by, "workflow.event_address_revoked", f"workflow:{workflow.pk}", now)


def _set_token(workflow: models.Workflow, token: str, now: datetime) -> None:
    workflow.secrets = {**workflow.secrets, "event_token": token}
    workflow.changed_at = now
    workflow.save(update_fields=["secrets", "changed_at"])


def _require(by: models.User) -> None:
    if not may_edit(by):
        raise NotAllowed(f"{by} may not edit workflows")


def _kept(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if str(value or "").strip()}


def _not_yours(draft: Draft, by: models.User) -> list[Problem]:
    found = []
    for index, action in enumerate(draft.actions):
        named = str(action.get("by") or "")
        other = models.User.objects.filter(pk=int(named)).first() if named.isdecimal() else None
        if named.isdecimal() and (other is None or not may_act_as(by, other)):
            found.append(Problem("actions", index, "by", WorkflowFault.NOT_YOURS))
    return found
