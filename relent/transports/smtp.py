"""Handing over mail by SMTP (RFC 5321), over one kept connection, with exact outcomes.

A mail has left when the server answered 2xx to the final dot; it has not when the server refused, or when the
connection failed before the final dot was written. In between nobody can know: SendUncertain.
"""

import re
import smtplib
import time
from contextlib import suppress

from relent.transports.base import Account, Check, SendRefused, SendUncertain, TransportError
from relent.transports.endpoint import Endpoint
from relent.transports.smtp_session import SmtpConnection, failure, signed_in

# A connection that was used less than so many seconds ago is taken for alive unless the server has spoken or closed it.
_FRESH = 5.0

# RFC 5321 section 4.5.3.2.6 asks for 10 minutes of patience after the final dot; a mailbox waits two.
_AFTER_DOT = 120.0

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class SmtpSender:
    """A MailSender over one kept connection, which is opened when the first mail is sent."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._endpoint = Endpoint.of(account, "smtp")
        self._after_dot = float(account.options.get("smtp_data_timeout") or _AFTER_DOT)
        self._connection: SmtpConnection | None = None
        self._used_at = 0.0

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> str:
        connection = self._ready()
        try:
            _check_abilities(connection, envelope_from, recipient, raw)
            self._envelope(connection, envelope_from, recipient, raw)
            answer = self._data(connection, raw)
        except SendRefused:
            self._reset(connection)
            raise
        except TransportError:
            self.close()
            raise
        self._used_at = time.monotonic()
        return answer

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.leave()

    def _ready(self) -> SmtpConnection:
        """Return a connection that works: the kept one, or a new one where that has died meanwhile."""
        connection = self._connection
        if connection is not None and not self._alive(connection):
            self.close()
            connection = None
        if connection is None:
            connection = self._connection = signed_in(self._account, self._endpoint, [])
            self._used_at = time.monotonic()
        return connection

    def _alive(self, connection: SmtpConnection) -> bool:
        if connection.has_ended():
            return False
        if time.monotonic() - self._used_at < _FRESH:
            return True
        with suppress(smtplib.SMTPException, OSError, ValueError):
            connection.begin()
            return connection.noop()[0] == 250
        return False

    def _envelope(self, connection: SmtpConnection, envelope_from: str, recipient: str, raw: bytes) -> None:
        options = []
        if connection.has_extn("size"):
            options.append(f"SIZE={len(raw)}")
        if connection.has_extn("8bitmime") and not raw.isascii():
            options.append("BODY=8BITMIME")
        if not (envelope_from + recipient).isascii():
            options.append("SMTPUTF8")
        said = " ".join(["", *options])
        self._ask(connection, f"MAIL FROM:<{envelope_from}>{said}", 250)
        self._ask(connection, f"RCPT TO:<{recipient}>", 250, 251, recipient=True)
        self._ask(connection, "DATA", 354)

    def _ask(self, connection: SmtpConnection, command: str, *good: int, recipient: bool = False) -> None:
        verb = command.partition(":")[0]
        try:
            connection.begin()
            connection.command_encoding = "ascii" if command.isascii() else "utf-8"
            code, said = connection.docmd(command)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise failure(error, self._endpoint, "smtp.send", f"after {verb}") from error
        if code in good:
            return
        text = said.decode("utf-8", "replace")
        if not 400 <= code < 600:
            message = f"{self._endpoint} answered nonsense to {verb}: {code} {text:.200}"
            raise TransportError(message, part="smtp.send")
        raise _refused(self._endpoint, verb, code, text, recipient=recipient)

    def _data(self, connection: SmtpConnection, raw: bytes) -> str:
        try:
            connection.begin(len(raw))
            connection.send(_on_the_wire(raw))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # The last byte was never given to the network, so no server can have taken the mail for complete.
            raise failure(error, self._endpoint, "smtp.send", "before the mail's last byte") from error
        try:
            connection.begin_answer(self._after_dot)
            code, said = connection.getreply()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            said_so = failure(error, self._endpoint, "smtp.send", "after the mail's last byte, before it answered")
            raise SendUncertain(str(said_so), part="smtp.send") from error
        text = said.decode("utf-8", "replace")
        if 200 <= code < 300:
            return f"{code} {text}"
        if 400 <= code < 600:
            raise _refused(self._endpoint, "the mail", code, text, recipient=False)
        message = f"{self._endpoint} answered nonsense to the mail: {code} {text:.200}"
        raise SendUncertain(message, part="smtp.send")

    def _reset(self, connection: SmtpConnection) -> None:
        """Make the connection ready for the next mail after a refusal, or give it up."""
        with suppress(smtplib.SMTPException, OSError, ValueError):
            connection.begin()
            if connection.rset()[0] == 250:
                self._used_at = time.monotonic()
                return
        self.close()


def check(account: Account) -> list[Check]:
    """Try connecting, encrypting, signing in and naming the sender; the last Check is the one that failed, if any."""
    trail: list[Check] = []
    try:
        connection = signed_in(account, Endpoint.of(account, "smtp"), trail)
        try:
            _check_sender(connection, account.address)
        finally:
            connection.leave()
    except TransportError as error:
        return [*trail, Check(error.part, False, str(error))]
    return [*trail, Check("smtp.send", True, f"Mail from {account.address} is accepted.")]


def _check_sender(connection: SmtpConnection, address: str) -> None:
    try:
        connection.begin()
        connection.command_encoding = "ascii" if address.isascii() else "utf-8"
        code, said = connection.docmd(f"MAIL FROM:<{address}>" + ("" if address.isascii() else " SMTPUTF8"))
        connection.rset()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise failure(error, connection.endpoint, "smtp.send", "after MAIL FROM") from error
    if code != 250:
        raise _refused(connection.endpoint, "MAIL FROM", code, said.decode("utf-8", "replace"), recipient=False)


def _check_abilities(connection: SmtpConnection, envelope_from: str, recipient: str, raw: bytes) -> None:
    """Refuse, in the server's place, what it has not said it can do."""
    for address in (envelope_from, recipient):
        wrong_recipient = address is recipient
        if any(ord(c) <= 32 or c in "<>" or ord(c) == 127 for c in address) or (wrong_recipient and not address):
            message = f"{address!r} is no mail address."
            raise SendRefused(message, code=553, status="5.1.3", recipient_refused=wrong_recipient)
        if not address.isascii() and not connection.has_extn("smtputf8"):
            message = f"{address} is not plain ASCII, and {connection.endpoint} does not offer SMTPUTF8 (RFC 6531)."
            raise SendRefused(message, code=553, status="5.6.7", recipient_refused=wrong_recipient)
    if not raw.isascii() and not connection.has_extn("8bitmime"):
        message = f"The mail is not plain ASCII, and {connection.endpoint} does not offer 8BITMIME (RFC 6152)."
        raise SendRefused(message, code=554, status="5.6.3")


def _refused(endpoint: Endpoint, verb: str, code: int, text: str, *, recipient: bool) -> SendRefused:
    status = _ENHANCED.match(text)
    message = f"{endpoint} refused {verb}: {code} {' '.join(text.split()):.400}"
    return SendRefused(message, code=code, status=status.group(1) if status else "", recipient_refused=recipient)


def _on_the_wire(raw: bytes) -> bytes:
    """Return the mail with CRLF line ends, its leading dots doubled (RFC 5321 section 4.5.2), and the final dot."""
    lines = _LEADING_DOT.sub(b"..", _LINE_ENDS.sub(b"\r\n", raw))
    return lines + (b"" if lines.endswith(b"\r\n") or not lines else b"\r\n") + b".\r\n"
