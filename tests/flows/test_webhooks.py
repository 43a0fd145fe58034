"""What a workflow tells another system: signed, at least once, and told apart from what was told before."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from django.test import override_settings

from relent.flows import contacts, workflows
from relent.records import models
from relent.terms.workflows import RunState
from tests.cast import Cast
from tests.servers import receiver


@pytest.fixture
def server() -> Iterator[receiver.Receiver]:
    with receiver.listening() as listening, override_settings(WEBHOOKS_TO_PRIVATE=True):
        yield listening


def run(cast: Cast, server: receiver.Receiver, *further: dict[str, object]) -> models.WorkflowRun:
    """Let Ann's plan change, which calls the server and then does what ``further`` says."""
    models.Workflow.objects.create(
        name="Tell the CRM",
        enabled=True,
        trigger="property",
        actions=[{"do": "webhook", "url": f"{server.url}/in"}, *further],
        owner=cast.dana,
        secrets={"signing_key": "the key"},
        created_at=cast.clock(),
        changed_at=cast.clock(),
    )
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    workflows.run_due(cast.clock())
    return models.WorkflowRun.objects.get()


def test_a_webhook_says_what_happened_to_whom(cast: Cast, server: receiver.Receiver) -> None:
    made = run(cast, server)
    message = json.loads(server.got[0][2])
    assert message["workflow"]["name"] == "Tell the CRM"
    assert message["told"] == {"property": "plan", "value": "pro"}
    assert message["contact"]["properties"]["plan"] == "pro"
    assert (made.state, made.steps[0]["code"]) == (RunState.DONE, "200")


def test_a_receiver_can_check_the_signature(cast: Cast, server: receiver.Receiver) -> None:
    run(cast, server)
    _path, headers, body = server.got[0]
    moment, given = (part.partition("=")[2] for part in headers["relent-signature"].split(","))
    assert moment == str(int(cast.clock().timestamp()))
    assert given == hmac.new(b"the key", moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def test_a_failed_webhook_is_tried_again_with_the_same_id_and_does_not_hold_up_the_rest(
    cast: Cast, server: receiver.Receiver
) -> None:
    server.status = 503
    made = run(cast, server, {"do": "notify", "text": "Look"})
    assert made.state == RunState.QUEUED
    assert [line["outcome"] for line in made.steps] == ["retried", "done"]
    server.status = 200
    cast.clock.ahead(minutes=1)
    workflows.run_due(cast.clock())
    made.refresh_from_db()
    assert made.state == RunState.DONE
    assert len({headers["idempotency-key"] for _path, headers, _body in server.got}) == 1
    assert models.Notification.objects.count() == 1


def test_a_webhook_that_always_fails_is_given_up(cast: Cast, server: receiver.Receiver) -> None:
    server.status = 500
    made = run(cast, server)
    for _ in range(10):
        cast.clock.ahead(days=1)
        workflows.run_due(cast.clock())
    made.refresh_from_db()
    assert (made.state, len(server.got)) == (RunState.FAILED, 6)


def test_a_server_of_the_own_network_is_not_called(cast: Cast, server: receiver.Receiver) -> None:
    with override_settings(WEBHOOKS_TO_PRIVATE=False):
        made = run(cast, server)
    assert (made.state, server.got) == (RunState.FAILED, [])
