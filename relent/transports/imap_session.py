"""A signed-in IMAP connection: opening it step by step, and asking it things with every failure put into words."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from relent.transports import endpoint as endpoints
from relent.transports import oauth
from relent.transports.base import Account, Check, TransportError
from relent.transports.endpoint import Endpoint, Tls
from relent.transports.imap_client import Client

# Response codes with which a server says that a person must act (RFC 5530; OVERQUOTA: RFC 9208).
_PERMANENT_CODES = ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN")
_PASSING_CODES = ("UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "ALERT", "THROTTLED")

# What one command may cost beside the mails it asks for, in bytes; and the slowest connection that is waited for.
_TALK = 16_000_000
_BYTES_PER_SECOND = 50_000

# What the client library raises on answers that are no IMAP: its parser was not written against hostile servers.
_NONSENSE = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError, MemoryError)


class Session:
    """One connection to one mailbox. After any failure it is closed, and every later use fails."""

    def __init__(self, account: Account, trail: list[Check] | None = None) -> None:
        """Connect, encrypt and sign in; ``trail`` receives a Check for each step that worked.

        Raises TransportError with part ``imap.options``, ``imap.connect``, ``imap.encrypt`` or ``imap.sign_in``.
        """
        self.account = account
        self.endpoint = Endpoint.of(account, "imap")
        self._trail = trail if trail is not None else []
        self._client: Any = None
        self._connect()
        self._encrypt()
        self._sign_in()

    @contextmanager
    def asking(self, part: str, what: str, *, size: int = 0) -> Iterator[Any]:
        """Yield the client for one command or a few; ``size`` is how many bytes of mail they will bring.

        ``what`` completes "… when asked to". Any failure closes the session and becomes a TransportError.
        """
        if self._client is None:
            raise TransportError(f"The connection to {self.endpoint} is closed.", part=part)
        limit = self.endpoint.command_timeout + size / _BYTES_PER_SECOND
        self._client.imap.stream.begin(limit, _TALK + 2 * size)
        try:
            yield self._client
        except TransportError:
            self.close()
            raise
        except (imaplib.IMAP4.error, OSError, *_NONSENSE) as error:
            self.close()
            raise failure(error, self.endpoint, part, what) from error

    def has(self, capability: str) -> bool:
        """Say whether the server has ``capability``."""
        with self.asking("imap.sign_in", "list its capabilities") as client:
            return bool(client.has_capability(capability))

    def alive(self) -> bool:
        """Say whether the connection looks usable: nobody has closed it, and the server has not said BYE."""
        if self._client is None:
            return False
        stream = self._client.imap.stream
        return not stream.ended() and b"* BYE" not in stream.received()

    def interrupt(self) -> None:
        """End whatever another thread waits for on this connection; that thread then closes it. Never raises."""
        if (client := self._client) is not None:
            with suppress(OSError):
                # Not close(): the descriptor's number could be given to another file while it is still waited for.
                client.imap.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection; never raises."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(OSError, imaplib.IMAP4.error):
            client.imap.send(b"Z LOGOUT\r\n")  # said, not waited for: a server that hangs would hold its worker
        with suppress(OSError):
            client.imap.shutdown()

    def _connect(self) -> None:
        part = "imap.connect"
        try:
            self._client = Client(self.endpoint)
        except (imaplib.IMAP4.error, OSError, *_NONSENSE) as error:
            raise failure(error, self.endpoint, part, "greet") from error
        self._trail.append(Check(part, True, f"Connected to {self.endpoint}."))

    def _encrypt(self) -> None:
        part = "imap.encrypt"
        if self.endpoint.tls is Tls.STARTTLS:
            with self.asking(part, "encrypt") as client:
                # PREAUTH on a plain connection would keep STARTTLS from being used (RFC 9051 section 11.1).
                if client.imap.state != "NONAUTH" or not client.has_capability("STARTTLS"):
                    message = f"{self.endpoint} does not offer STARTTLS."
                    raise TransportError(message, permanent=True, part=part)
                client.starttls()
        sock = self._client.imap.sock
        said = sock.version() if isinstance(sock, ssl.SSLSocket) else "Not encrypted, as set."
        self._trail.append(Check(part, True, str(said)))

    def _sign_in(self) -> None:
        part = "imap.sign_in"
        name = oauth.username(self.account)
        with self.asking(part, f"sign {name} in") as client:
            if client.imap.state == "AUTH":
                return
            try:
                self._authenticate(client, name)
            except imaplib.IMAP4.error as error:
                if isinstance(error, imaplib.IMAP4.abort):
                    raise
                if isinstance(error.__context__, imaplib.IMAP4.abort):
                    # The library calls every failure here a refused sign-in, a lost connection too.
                    raise error.__context__ from error
                oauth.forget(self.account)
                message = f"{self.endpoint} did not let {name} sign in: {_said(error)}"
                raise TransportError(message, permanent=not _passing(str(error)), part=part) from error
        self._trail.append(Check(part, True, f"Signed in as {name}."))

    def _authenticate(self, client: Any, name: str) -> None:
        secrets = self.account.secrets
        if self.account.options.get("auth") == "xoauth2":
            _xoauth2(client, oauth.xoauth2(self.account))
            return
        password = secrets.get("password", "")
        if any(ord(c) < 32 for c in name + password):
            raise imaplib.IMAP4.error("the name or the password holds a control character")
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(name, password)  # UTF-8, unlike LOGIN
        elif client.has_capability("LOGINDISABLED"):
            raise imaplib.IMAP4.error("[PRIVACYREQUIRED] it takes no password on this connection; use TLS")
        elif not (name + password).isascii():
            raise imaplib.IMAP4.error("it takes only plain ASCII in names and passwords")
        else:
            client.login(name, password)


def failure(error: Exception, endpoint: Endpoint, part: str, what: str) -> TransportError:
    """Return the TransportError for what the library or the network raised while the server was asked to ``what``."""
    if isinstance(error, imaplib.IMAP4.abort):
        return TransportError(f"{endpoint} broke off when asked to {what}: {_said(error)}", part=part)
    if isinstance(error, imaplib.IMAP4.error):
        text = str(error)
        if "OVERQUOTA" in text.upper():
            return TransportError(f"The mailbox at {endpoint} is full: {_said(error)}", permanent=True, part=part)
        permanent = any(f"[{code}" in text.upper() for code in _PERMANENT_CODES)
        return TransportError(f"{endpoint} refused to {what}: {_said(error)}", permanent=permanent, part=part)
    if isinstance(error, TimeoutError):
        said = str(error) if "in all" in str(error) else f"no answer within {endpoint.read_timeout:g} s"
        return TransportError(f"{endpoint} hung when asked to {what}: {said}.", part=part)
    if isinstance(error, OSError):
        return TransportError(f"{endpoint} failed when asked to {what}: {endpoints.reason(error)}.", part=part)
    return TransportError(f"{endpoint} answered nonsense when asked to {what}: {error!r:.200}", part=part)


def _passing(text: str) -> bool:
    return any(f"[{code}" in text.upper() for code in _PASSING_CODES)


def _said(error: Exception) -> str:
    """Return the server's own words from imaplib's message, on one line and not without end."""
    return " ".join(str(error).replace("b'", "'").split())[:300]


def _xoauth2(client: Any, answer: str) -> None:
    """Sign in by XOAUTH2; the error challenge wants an empty answer before the server says NO."""
    said = ""

    def respond(challenge: bytes) -> str | bytes:
        nonlocal said
        said = oauth.refusal(challenge)
        return b"" if challenge else answer

    try:
        client.sasl_login("XOAUTH2", respond)
    except imaplib.IMAP4.error as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise error.__context__ from error
        raise imaplib.IMAP4.error(f"{error} {said}".strip()) from None
