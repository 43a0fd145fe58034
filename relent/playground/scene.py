"""Sets the scene: the account, the rep, the contacts and the sequences of the demo; and puts everything back."""

import threading
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from relent import clock
from relent.flows import mailboxes, sequences, wake
from relent.playground import demo_time, environment, maildirs, sample
from relent.records import models
from relent.terms.roles import Role
from relent.terms.steps import FollowUpDays
from relent.workers.engine import taking

# Held while a turn is taken, and while everything is put back: a turn must not find its rows gone.
gate = threading.Lock()


def is_set() -> bool:
    """Whether an earlier run has set the scene."""
    return models.User.objects.filter(email=sample.REP_ADDRESS).exists()


def rep() -> models.User:
    """Return the demo's user."""
    return models.User.objects.get(email=sample.REP_ADDRESS)


def set_up(now: datetime) -> models.User:
    """Make the world's mailboxes and Relent's records. The world's server must be running: connecting tests it."""
    for address in {sample.REP_ADDRESS} | {address for one in sample.PEOPLE for address in _addresses(one)}:
        maildirs.create(address)
    with transaction.atomic():
        user = _user(now)
        _contacts(user, now)
        _sequences(user, now)
    connect_mailbox(user, now)
    return user


def connect_mailbox(user: models.User, now: datetime) -> models.Mailbox:
    """Connect the rep's mailbox, or tell it where the world's server listens in this run."""
    options = {
        "maildir": str(maildirs.folder(sample.REP_ADDRESS)),
        "smtp_host": "127.0.0.1",
        "smtp_port": str(environment.smtp_port(Path(settings.PLAYGROUND_DIR))),
        "smtp_tls": "none",
        "auth": "none",
    }
    known = models.Mailbox.objects.filter(address=sample.REP_ADDRESS)
    if known.exists():
        known.update(options=options)
    else:
        limits = {"display_name": sample.REP_NAME, "spacing": 0, "minute_limit": 60}  # a demo does not wait
        mailboxes.connect(user, sample.REP_ADDRESS, "maildir", options, {}, now, **limits)
    return known.get()


def put_back() -> models.User:
    """Delete every record and every mail, and set the scene anew at the machine's time."""
    with gate:
        call_command("flush", interactive=False, verbosity=0)
        maildirs.empty_all()
        demo_time.to_the_present()
        return set_up(clock.now())


def take_gated(mailbox_id: int) -> bool:
    """Take a turn while nothing is being put back."""
    with gate:
        return taking.take(mailbox_id)


def request_turns() -> None:
    """Ask for a turn of every mailbox."""
    for mailbox_id in models.Mailbox.objects.in_use().values_list("pk", flat=True):
        wake.request_turn(mailbox_id)


def _addresses(person: sample.Person) -> set[str]:
    return {person.address, person.elsewhere, person.colleague_address}


def _user(now: datetime) -> models.User:
    models.AccountSettings.objects.create(
        since=now, company_name=sample.ACCOUNT_NAME, postal_address=sample.POSTAL_ADDRESS
    )
    return models.User.objects.create_user(
        sample.REP_ADDRESS,
        environment.password(Path(settings.PLAYGROUND_DIR)),
        name=sample.REP_NAME,
        role=Role.SUPER_ADMIN,
        time_zone=_zone_of_this_machine(),
        created_at=now,
    )


def _contacts(user: models.User, now: datetime) -> None:
    for one in sample.PEOPLE:
        domain = one.address.partition("@")[2]
        company, _ = models.Company.objects.get_or_create(
            domain=domain, defaults={"name": one.company, "created_at": now}
        )
        contact = models.Contact.objects.create(
            first_name=one.first_name,
            last_name=one.last_name,
            company=company,
            owner=user,
            time_zone="Asia/Tokyo" if one.language == "ja" else "",
            created_at=now,
        )
        models.ContactAddress.objects.create(contact=contact, address=one.address, primary=True, since=now)


def _sequences(user: models.User, now: datetime) -> None:
    for name, steps in ((sample.ENGLISH_NAME, sample.ENGLISH), (sample.JAPANESE_NAME, sample.JAPANESE)):
        sequence = models.Sequence.objects.create(name=name, owner=user, created_at=now)
        rules = sequences.Rules(follow_up_days=FollowUpDays.EVERYDAY)
        sequences.save_version(sequence, rules, [_draft(step) for step in steps], user, now)


def _draft(step: sample.SampleStep) -> sequences.StepDraft:
    return sequences.StepDraft(
        kind=step.kind,
        delay=step.delay,
        subject=step.subject,
        body=step.body,
        threaded=step.threaded,
        task_kind=step.task_kind,
        wait=False,
    )


def _zone_of_this_machine() -> str:
    """Return the machine's zone, so that the demo's times look like the newcomer's own; UTC where it is not known."""
    target = str(Path("/etc/localtime").resolve())
    name = target.partition("zoneinfo/")[2]
    return name if name in available_timezones() and ZoneInfo(name) else "UTC"
