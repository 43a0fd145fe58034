"""A company-wide stop, from its beginning to the last line of the ledger, over the bare SQL that changes the same rows.

Each database gets two companies of the same size. The colleagues at one leave by the real flow; those at the other by
four statements in one transaction: UPDATE of the enrollments, UPDATE of the deliveries, and INSERT … SELECT of the
decisions and of the timeline entries, each with the columns that the flow fills.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

from bench import ground
from bench.figures import Figure
from tests.servers import postgres

COLLEAGUES = 40_000
_FLOOR = "4 SQL statements on the same rows"
_CHUNK = 5_000


def measure(number: int = COLLEAGUES) -> list[Figure]:
    """Measure on SQLite and on PostgreSQL, each in a process of its own: Django knows one database."""
    with postgres.cluster() as url:
        return [_in_a_process(name, given, number) for name, given in (("SQLite", ""), ("PostgreSQL", url))]


def _in_a_process(name: str, url: str, number: int) -> Figure:
    command = [sys.executable, "-m", "bench.company", f"--url={url}", f"--colleagues={number}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    taken: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    figure = f"company-wide stop of {number:,}, {name}"
    note = f"{number / taken['stop'] * 1000:,.0f} a second; blocked in {taken['blocked']:,.0f} ms"
    return Figure(figure, taken["stop"], taken["bare"], "ms", _FLOOR, note)


def main() -> None:
    """Measure on one database, and print milliseconds as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.company", description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--colleagues", type=int, default=COLLEAGUES)
    asked = parser.parse_args()
    with ground.install(asked.url):
        print(json.dumps(_measured(asked.colleagues)))


def _measured(number: int) -> dict[str, float]:
    from relent.records import models
    from relent.terms.states import EnrollmentState

    mailbox = ground.rep("dana", "memory", {}, {})
    chosen = _sequence(mailbox.user)
    actors = {name: _crowd(name, number, mailbox, chosen) for name in ("acme", "birch")}
    _analyze()
    bare = _bare(actors["birch"])
    blocked, stop = _by_flow(actors["acme"], chosen)
    left = models.Enrollment.objects.filter(state=EnrollmentState.UNENROLLED, reason="account_reply")
    assert left.count() == models.Decision.objects.count() == models.TimelineEntry.objects.count() == 2 * number
    assert models.Delivery.objects.exclude(state="cancelled").count() == 2  # those of the two who act
    return {"bare": bare, "stop": stop, "blocked": blocked}


def _by_flow(actor: Any, chosen: Any) -> tuple[float, float]:
    from relent.flows import company_stops, company_wide
    from relent.flows.ledger import Cause
    from relent.records import connections
    from relent.terms.events import PersonWrote

    sender = actor.addresses.get().address
    sent = actor.enrollments.get().deliveries.get().message_id
    now = ground.now() + timedelta(minutes=1)
    event = PersonWrote(at=now, sender=sender, recipients=("dana@us.example",), refers_to=(sent,))
    begun = time.perf_counter()
    assert company_stops.begin(event, connections.actor(sender, now, (sent,)), Cause(event=event), now)
    blocked = time.perf_counter() - begun
    company_wide.work_off(now)
    return blocked * 1000, (time.perf_counter() - begun) * 1000


def _sequence(user: Any) -> Any:
    from relent.flows import sequences
    from relent.records import models
    from relent.terms.steps import StepKind, Trigger

    row = models.Sequence.objects.create(name="Hello", owner=user, created_at=ground.now())
    mails = (sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body="Hi {{ contact.first_name }}"),)
    sequences.save_version(row, sequences.Rules(reply_trigger=Trigger.COMPANY), mails, user, ground.now())
    return row


def _crowd(name: str, number: int, mailbox: Any, chosen: Any) -> Any:
    """Create a company with so many enrolled colleagues, and return the one who acts."""
    from relent.records import models

    company = models.Company.objects.create(name=name, domain=f"{name}.example", created_at=ground.now())
    actor = _some(name, range(1), company, mailbox, chosen, "sent")[0]
    for begin in range(1, number + 1, _CHUNK):
        _some(name, range(begin, min(begin + _CHUNK, number + 1)), company, mailbox, chosen, "planned")
    return actor


def _some(name: str, numbers: range, company: Any, mailbox: Any, chosen: Any, state: str) -> Any:
    from relent.records import models

    now, version = ground.now(), chosen.current
    step = version.steps.get(position=1)
    contacts = models.Contact.objects.bulk_create(
        models.Contact(first_name=f"P{n}", owner=mailbox.user, created_at=now, company=company) for n in numbers
    )
    models.ContactCompany.objects.bulk_create(
        models.ContactCompany(contact=one, company=company, primary=True, since=now) for one in contacts
    )
    named = [(one, f"p{n}@{name}.example") for n, one in zip(numbers, contacts, strict=True)]
    models.ContactAddress.objects.bulk_create(
        models.ContactAddress(contact=one, address=address, key=address, primary=True, since=now)
        for one, address in named
    )
    about = {"sequence": chosen, "version": version, "enrolled_by": mailbox.user, "mailbox": mailbox}
    enrollments = models.Enrollment.objects.bulk_create(
        models.Enrollment(
            **about,
            contact=one,
            address=address,
            address_key=address,
            address_domain=f"{name}.example",
            enrolled_at=now,
            start_at=now,
            state="active",
        )
        for one, address in named
    )
    models.Delivery.objects.bulk_create(
        models.Delivery(
            enrollment=row,
            mailbox=mailbox,
            step=step,
            position=1,
            kind=step.kind,
            state=state,
            due_at=now,
            message_id=f"{row.address}.sent" if state == "sent" else None,
        )
        for row in enrollments
    )
    return contacts


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _bare(actor: Any) -> float:
    from django.db import connection, transaction

    from relent.records import models

    enrollment, delivery, decision, entry = (
        model._meta.db_table for model in (models.Enrollment, models.Delivery, models.Decision, models.TimelineEntry)
    )
    works = models.ContactCompany._meta.db_table
    those = f"SELECT contact_id FROM {works} WHERE company_id = %(company)s"
    mine = f"contact_id IN ({those}) AND contact_id <> %(actor)s"
    known = {
        "company": actor.company_id,
        "actor": actor.pk,
        "now": ground.now(),
        "pairs": '[["same_company", "company 2"]]',
    }
    statements = (
        f"UPDATE {enrollment} SET state = 'unenrolled', reason = 'account_reply', reason_at = %(now)s, "
        f"ended_at = %(now)s WHERE {mine}",
        f"UPDATE {delivery} SET state = 'cancelled', ended_at = %(now)s, waits_for = '' "
        f"WHERE state <> 'sent' AND enrollment_id IN (SELECT id FROM {enrollment} WHERE {mine})",
        f"INSERT INTO {decision} (enrollment_id, event, event_at, decided_at, verdict, reason, rule, applied, "
        "confidence, evidence, other_profile) SELECT id, 'person_wrote', %(now)s, %(now)s, 'unenroll', "
        f"'account_reply', 'colleague.company_trigger', {'true' if connection.vendor == 'postgresql' else 1}, "
        f"'certain', %(pairs)s, '{{}}' FROM {enrollment} WHERE {mine}",
        f"INSERT INTO {entry} (contact_id, at, kind, reason, enrollment_id, decision_id) SELECT e.contact_id, "
        f"%(now)s, 'unenrolled', 'account_reply', e.id, d.id FROM {enrollment} e JOIN {decision} d "
        f"ON d.enrollment_id = e.id WHERE e.{mine.replace(' AND contact_id', ' AND e.contact_id')}",
    )
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, known)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
