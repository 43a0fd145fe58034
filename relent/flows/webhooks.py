"""What a workflow tells another system: a signed message, delivered at least once."""

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings

from relent.records import models, properties
from relent.transports import webhook
from relent.transports.base import TransportError

__all__ = ["TransportError", "call", "signature"]


def call(run: models.WorkflowRun, index: int, url: str, now: datetime) -> int:
    """POST the run to ``url`` and return the status code. Raises TransportError.

    The message is the same at every try, with the same ``Idempotency-Key``; the receiver can tell by that what it has
    seen. ``Relent-Signature`` is ``t=SECONDS,v1=HEX``: the HMAC-SHA256 of ``SECONDS.BODY`` with the workflow's key.
    """
    body = json.dumps(_message(run, index), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Relent",
        "Idempotency-Key": _id(run, index),
        "Relent-Signature": signature(run.workflow.secrets.get("signing_key", ""), body, now),
    }
    return webhook.post(url, body, headers, allow_private=settings.WEBHOOKS_TO_PRIVATE)


def signature(key: str, body: bytes, now: datetime) -> str:
    """Return the signature of ``body`` at ``now``."""
    seconds = str(int(now.timestamp()))
    digest = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def _id(run: models.WorkflowRun, index: int) -> str:
    return f"run-{run.pk}-{index}"


def _message(run: models.WorkflowRun, index: int) -> dict[str, object]:
    contact = run.contact
    return {
        "id": _id(run, index),
        "workflow": {"id": run.workflow_id, "name": run.workflow.name},
        "trigger": run.cause,
        "at": run.at.isoformat(),
        "told": run.given,
        "contact": {"id": contact.pk, "name": contact.name, "properties": properties.of(contact)},
        "enrollment": run.enrollment_id,
    }
