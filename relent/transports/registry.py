"""Which transport a kind of mailbox has."""

from relent.transports.base import Account, Transport, TransportError
from relent.transports.imap import ImapTransport
from relent.transports.maildir import MaildirTransport
from relent.transports.memory import MemoryTransport

TRANSPORTS: dict[str, type[Transport]] = {
    "imap": ImapTransport,
    "maildir": MaildirTransport,
    "memory": MemoryTransport,
}


def open_transport(kind: str, account: Account) -> Transport:
    """Return the transport of a kind of mailbox for one account; raises a permanent TransportError for no such kind."""
    if kind not in TRANSPORTS:
        raise TransportError(f"There is no kind of mailbox called {kind!r}.", permanent=True, part="transport")
    return TRANSPORTS[kind].for_account(account)
