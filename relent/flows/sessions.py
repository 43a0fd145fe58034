"""Open connections to mailboxes, kept from one turn to the next: signing in costs more than reading."""

from collections.abc import Iterator
from contextlib import contextmanager

from relent.records import models
from relent.transports import oauth, registry
from relent.transports.base import Account, MailReader, MailSender, Transport
from relent.transports.pool import Pool

_POOL = Pool()


def transport_of(mailbox: models.Mailbox) -> Transport:
    """Return the transport that reaches ``mailbox``."""
    return registry.open_transport(mailbox.kind, account_of(mailbox))


def account_of(mailbox: models.Mailbox) -> Account:
    """Return how to reach ``mailbox``, its secrets decrypted."""
    return Account(address=mailbox.address, options=dict(mailbox.options), secrets=dict(mailbox.secrets))


@contextmanager
def reader(mailbox: models.Mailbox) -> Iterator[MailReader]:
    """Lend a reading connection; one that fails is closed and not lent again."""
    with _POOL.reader(mailbox.pk, mailbox.kind, account_of(mailbox)) as lent:
        _keep_rotated_token(mailbox)
        yield lent


@contextmanager
def sender(mailbox: models.Mailbox) -> Iterator[MailSender]:
    """Lend a sending connection; one that fails is closed and not lent again."""
    with _POOL.sender(mailbox.pk, mailbox.kind, account_of(mailbox)) as lent:
        _keep_rotated_token(mailbox)
        yield lent


def _keep_rotated_token(mailbox: models.Mailbox) -> None:
    """Store the refresh token that a provider gave in place of the last one: without it a new start is locked out."""
    if "refresh_token" not in mailbox.secrets:
        return
    rotated = oauth.rotated_refresh_token(account_of(mailbox))
    if rotated:
        mailbox.secrets = {**mailbox.secrets, "refresh_token": rotated}
        models.Mailbox.objects.filter(pk=mailbox.pk).update(secrets=mailbox.secrets)


def close_idle() -> None:
    """Close the connections that nobody has used for a while."""
    _POOL.close_idle()


def close_all() -> None:
    """Close every connection; for the end of a process."""
    _POOL.close_all()
