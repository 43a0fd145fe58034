"""An install of its own in a throw-away directory, with a rep, a sequence and contacts."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path


@contextmanager
def install(database_url: str = "") -> Iterator[Path]:
    """Set Django up on a new SQLite file, or on ``database_url``, for the length of a block; once in a process."""
    with tempfile.TemporaryDirectory(prefix="relent-bench-") as folder:
        for name in [name for name in os.environ if name.startswith("RELENT_")]:
            del os.environ[name]
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "relent.project.settings",
            "RELENT_DATA_DIR": folder,
            "RELENT_DATABASE_URL": database_url,
            "RELENT_SECRET_KEY": "a-key-for-measurements-only-0123456789-0123456789-0123456789",
            "RELENT_SECRETS_KEYS": "bWVhc3VyZW1lbnRzLW9ubHktbWVhc3VyZW1lbnRzLS0=",
        }
        import logging

        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        logging.getLogger().setLevel(logging.ERROR)
        call_command("migrate", interactive=False, verbosity=0)
        yield Path(folder)
        connections.close_all()


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def rep(name: str, kind: str, options: dict[str, str], secrets: dict[str, str]):  # type: ignore[no-untyped-def]  # models cannot be named before Django is set up
    """Create a user with a mailbox whose limits are lifted, the only one that is connected; return the mailbox."""
    from relent.records import models
    from relent.terms.states import MailboxState

    models.Mailbox.objects.update(state=MailboxState.DISCONNECTED, next_read_at=None)
    address, moment = f"{name}@us.example", now()
    user = models.User.objects.create_user(address, "correct horse", name="Dana Reed", created_at=moment)
    return models.Mailbox.objects.create(
        user=user,
        address=address,
        kind=kind,
        options=options,
        secrets=secrets,
        connected_at=moment - timedelta(days=1),
        state_since=moment,
        next_read_at=moment,
        spacing=0,
        daily_limit=100_000,
        minute_limit=100_000,
    )


def sequence(user):  # type: ignore[no-untyped-def]  # models cannot be named before Django is set up
    """Create a sequence of two mails."""
    from relent.flows import sequences
    from relent.records import models
    from relent.terms.steps import StepKind

    row = models.Sequence.objects.create(name="Hello", owner=user, created_at=now())
    body = "Hello {{ contact.first_name }},\n\n" + "we would like to show you what we make.\n" * 12 + "\nDana"
    mails = (
        sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello {{ contact.first_name }}", body=body),
        sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=3), body=body, threaded=True),
    )
    sequences.save_version(row, sequences.Rules(), mails, user, now())
    return row


def enroll(mailbox, chosen, address: str):  # type: ignore[no-untyped-def]  # models cannot be named before Django is set up
    """Create a contact with this address and enroll it; return the enrollment."""
    from relent.flows import enrolling
    from relent.records import models

    contact = models.Contact.objects.create(first_name="Ann", owner=mailbox.user, created_at=now())
    models.ContactAddress.objects.create(
        contact=contact, address=address, primary=True, since=now() - timedelta(days=30)
    )
    wish = enrolling.EnrollRequest(contact=contact, sequence=chosen, by=mailbox.user, mailbox=mailbox)
    return enrolling.enroll(wish, now())
