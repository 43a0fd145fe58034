"""Opening an SMTP connection step by step: reach, greet, encrypt, sign in; and putting its failures into words."""

import smtplib
import socket
import ssl
from contextlib import suppress

from relent.transports import endpoint as endpoints
from relent.transports import oauth
from relent.transports.base import Account, Check, TransportError
from relent.transports.endpoint import Endpoint, Tls
from relent.transports.stream import BoundedStream

# What an answer may weigh, in bytes, and the slowest connection that a mail is sent over.
_ANSWER = 1_000_000
_BYTES_PER_SECOND = 50_000


class SmtpConnection(smtplib.SMTP):
    """smtplib's connection over a BoundedStream, made by ``endpoint``."""

    def __init__(self, endpoint: Endpoint) -> None:
        # A name of this machine would need the DNS, which may hang, and would tell the world how the machine is called.
        super().__init__(local_hostname="[127.0.0.1]", timeout=endpoint.read_timeout)
        self.endpoint = endpoint
        self.use(endpoints.connect(endpoint))

    def use(self, connection: socket.socket) -> None:
        """Go on over ``connection``."""
        self.connection = self.sock = connection  # smtplib forgets ``sock`` when it gives a connection up
        self.stream = BoundedStream(connection, self.endpoint.read_timeout)
        self.file = self.stream  # where smtplib reads its answers

    def begin(self, size: int = 0) -> None:
        """Start the time of a command; ``size`` is how many bytes of mail go with it."""
        patience = self.endpoint.read_timeout + size / _BYTES_PER_SECOND
        self.stream.begin(self.endpoint.command_timeout + patience, _ANSWER)
        if self.sock:
            self.sock.settimeout(patience)

    def begin_answer(self, seconds: float) -> None:
        """Start waiting for the one answer that is worth more patience."""
        self.file = self.stream = BoundedStream(self.connection, seconds)
        self.stream.begin(seconds, _ANSWER)

    def has_ended(self) -> bool:
        """Say whether the server has closed the connection, or spoken without being asked (421, that is)."""
        return self.sock is None or self.stream.ended() or bool(self.stream.received())

    def leave(self) -> None:
        """Say QUIT without waiting for the answer, and close; never raises."""
        with suppress(OSError, smtplib.SMTPException, ValueError):
            self.putcmd("quit")
        self.close()


def signed_in(account: Account, endpoint: Endpoint, trail: list[Check]) -> SmtpConnection:
    """Open a connection and sign in; ``trail`` receives a Check for each step that worked.

    Raises TransportError with part ``smtp.connect``, ``smtp.encrypt`` or ``smtp.sign_in``.
    """
    connection = SmtpConnection(endpoint)
    try:
        _greet(connection, trail)
        _encrypt(connection, trail)
        _sign_in(connection, account, trail)
    except TransportError:
        connection.close()
        raise
    return connection


def failure(error: Exception, endpoint: Endpoint, part: str, when: str) -> TransportError:
    """Return the TransportError for what smtplib or the network raised."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        cause = error.__context__
        if isinstance(cause, TimeoutError):
            return TransportError(f"{endpoint} hung {when}.", part=part)
        return TransportError(f"{endpoint} closed the connection {when}.", part=part)
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error if isinstance(error.smtp_error, str) else error.smtp_error.decode("utf-8", "replace")
        code = error.smtp_code
        return TransportError(f"{endpoint} answered {code} {said:.300} {when}.", permanent=code >= 500, part=part)
    if isinstance(error, TimeoutError):
        return TransportError(f"{endpoint} hung {when}.", part=part)
    return TransportError(f"{endpoint} failed {when}: {endpoints.reason(error)}.", part=part)


def _greet(connection: SmtpConnection, trail: list[Check]) -> None:
    part = "smtp.connect"
    try:
        connection.begin()
        code, said = connection.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        _hello(connection)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise failure(error, connection.endpoint, part, "before its greeting was over") from error
    trail.append(Check(part, True, f"Connected to {connection.endpoint}."))


def _hello(connection: SmtpConnection) -> None:
    connection.begin()
    code, _ = connection.ehlo()
    if not 200 <= code < 300:
        code, said = connection.helo()
        if not 200 <= code < 300:
            raise smtplib.SMTPHeloError(code, said)


def _encrypt(connection: SmtpConnection, trail: list[Check]) -> None:
    part = "smtp.encrypt"
    endpoint = connection.endpoint
    if endpoint.tls is Tls.STARTTLS:
        if not connection.has_extn("starttls"):
            raise TransportError(f"{endpoint} does not offer STARTTLS.", permanent=True, part=part)
        try:
            connection.begin()
            code, said = connection.docmd("STARTTLS")
            if code != 220:
                raise smtplib.SMTPResponseException(code, said)
            if connection.stream.pending():
                # Nothing that came unprotected may be taken for an answer to a later command (RFC 3207 section 4.2).
                raise smtplib.SMTPException("it sent data before the encryption began")
            connection.use(endpoints.secure(connection.connection, endpoint))
            connection.ehlo_resp = connection.helo_resp = None
            connection.esmtp_features = {}
            _hello(connection)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise failure(error, endpoint, part, "at STARTTLS") from error
    said_so = sock.version() if isinstance(sock := connection.connection, ssl.SSLSocket) else "Not encrypted, as set."
    trail.append(Check(part, True, str(said_so)))


def _sign_in(connection: SmtpConnection, account: Account, trail: list[Check]) -> None:
    """Sign in, unless the account has nothing to sign in with, as with a mail server on the same machine."""
    part = "smtp.sign_in"
    endpoint = connection.endpoint
    oauth2 = account.options.get("auth") == "xoauth2"
    if not oauth2 and not account.secrets.get("password"):
        trail.append(Check(part, True, "No password is set, so none was given."))
        return
    name = oauth.username(account)
    if not connection.has_extn("auth"):
        raise TransportError(f"{endpoint} does not let anybody sign in here.", permanent=True, part=part)
    if not (name + account.secrets.get("password", "")).isascii():
        message = "By SMTP, only names and passwords in plain ASCII can be given."
        raise TransportError(message, permanent=True, part=part)
    try:
        connection.begin()
        if oauth2:
            answer = oauth.xoauth2(account)
            connection.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
        else:
            connection.login(name, account.secrets["password"])
    except smtplib.SMTPAuthenticationError as error:
        oauth.forget(account)
        said = error.smtp_error if isinstance(error.smtp_error, str) else error.smtp_error.decode("utf-8", "replace")
        message = f"{endpoint} did not let {name} sign in: {error.smtp_code} {said:.300}"
        raise TransportError(message, permanent=error.smtp_code >= 500, part=part) from error
    except smtplib.SMTPNotSupportedError as error:
        message = f"{endpoint} offers no way of signing in that is known here: {error}"
        raise TransportError(message, permanent=True, part=part) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise failure(error, endpoint, part, f"when {name} signed in") from error
    trail.append(Check(part, True, f"Signed in as {name}."))
