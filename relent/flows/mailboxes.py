"""Connecting a mailbox: every part is tried first, and said exactly when it fails."""

from datetime import datetime
from typing import Any

from relent.flows import auditing, sessions, wake
from relent.records import models
from relent.terms import addresses
from relent.terms.states import MailboxState
from relent.transports import registry
from relent.transports.base import Account, Check, MailWatcher, TransportError

# What a door that watches needs to name; doors do not import transports.
Watcher = MailWatcher
WatchLost = TransportError
# What a door that shows a connection test needs to name.
Tested = Check


class ConnectionFailed(Exception):
    """A part of the mailbox does not work. ``checks`` says which, and what the server said."""

    def __init__(self, checks: list[Check]) -> None:
        super().__init__("; ".join(f"{check.part}: {check.detail}" for check in checks if not check.ok))
        self.checks = checks


def test(kind: str, address: str, options: dict[str, str], secrets: dict[str, str]) -> list[Check]:
    """Try each part of a mailbox and return what came of it."""
    return registry.open_transport(kind, Account(addresses.canonical(address), options, secrets)).check()


def connect(
    user: models.User | None,
    address: str,
    kind: str,
    options: dict[str, str],
    secrets: dict[str, str],
    now: datetime,
    **limits: Any,
) -> models.Mailbox:
    """Test and save a mailbox; its first reading is due at once. ``limits`` may set ``display_name``, ``daily_limit``,
    ``minute_limit`` and ``spacing``. Raises ConnectionFailed."""
    checks = test(kind, address, options, secrets)
    if not all(check.ok for check in checks):
        raise ConnectionFailed(checks)
    mailbox = models.Mailbox.objects.create(
        user=user,
        address=addresses.canonical(address),
        kind=kind,
        options=options,
        secrets=secrets,
        connected_at=now,
        state_since=now,
        next_read_at=now,
        **limits,
    )
    auditing.note(user, "mailbox.connected", f"mailbox:{mailbox.pk}", now, address=mailbox.address)
    wake.request_turn(mailbox.pk)
    return mailbox


def disconnect(mailbox: models.Mailbox, by: models.User, now: datetime) -> None:
    """Stop reading and sending; what is due is held until it is connected again."""
    models.Mailbox.objects.filter(pk=mailbox.pk).update(
        state=MailboxState.DISCONNECTED, state_detail="", state_since=now, next_read_at=None
    )
    auditing.note(by, "mailbox.disconnected", f"mailbox:{mailbox.pk}", now, address=mailbox.address)


def reconnect(mailbox: models.Mailbox, secrets: dict[str, str] | None, by: models.User, now: datetime) -> None:
    """Test and read on from where the last reading ended, before anything is sent. Raises ConnectionFailed."""
    used = secrets if secrets is not None else dict(mailbox.secrets)
    checks = test(mailbox.kind, mailbox.address, dict(mailbox.options), used)
    if not all(check.ok for check in checks):
        raise ConnectionFailed(checks)
    mailbox.secrets, mailbox.state, mailbox.state_detail = used, MailboxState.UNREADABLE, ""
    mailbox.state_since = mailbox.next_read_at = now
    # Not the whole row: the lease and the limits may have changed since it was loaded.
    mailbox.save(
        update_fields=["options", "display_name", "secrets", "state", "state_detail", "state_since", "next_read_at"]
    )
    auditing.note(by, "mailbox.reconnected", f"mailbox:{mailbox.pk}", now, address=mailbox.address)
    wake.request_turn(mailbox.pk)


def watcher(mailbox_id: int) -> MailWatcher:
    """Return what waits for new mail in the mailbox. Raises TransportError."""
    return sessions.transport_of(models.Mailbox.objects.get(pk=mailbox_id)).watcher()
