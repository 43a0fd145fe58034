"""A mail is overruled while a worker runs a workflow that it began: neither waits for what the other holds."""

import threading
from typing import Any

import pytest
from django.db import connections

from relent.flows import letting_go, workflows
from relent.records import models
from relent.terms.workflows import RunState
from tests.cast import Cast
from tests.flows.test_letting_go import AUTOMATIC, TASK, replied, say, workflow


@pytest.mark.postgres  # SQLite lets one write at a time
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_its_run_meanwhile_locks_nobody_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow(cast, TASK)
    _, item = replied(cast)
    now = cast.clock.ahead(minutes=1)
    locked, written = threading.Event(), threading.Event()
    end, let_go = workflows._end, letting_go.let_go
    failed: list[Exception] = []

    def ends(*args: Any) -> bool:
        locked.wait(10)
        done = end(*args)
        written.set()
        threading.Event().wait(0.5)  # so long that the other waits for the run by now
        return done

    def lets_go(*args: Any) -> int:
        locked.set()
        written.wait(2)
        return let_go(*args)

    def work() -> None:
        try:
            workflows.run_due(now)
        except Exception as fault:
            failed.append(fault)
        finally:
            connections.close_all()

    monkeypatch.setattr(workflows, "_end", ends)
    monkeypatch.setattr(letting_go, "let_go", lets_go)
    worker = threading.Thread(target=work)
    worker.start()
    say(cast, item, AUTOMATIC)
    worker.join()
    assert not failed
    assert models.WorkflowRun.objects.get().state in {RunState.DONE, RunState.LET_GO}
