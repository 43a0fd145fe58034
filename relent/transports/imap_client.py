"""The IMAP client library, made to read with bounds and to connect through ``endpoint``."""

import imaplib
import ssl
from typing import Any

from imapclient import IMAPClient

from relent.transports import endpoint as endpoints
from relent.transports.endpoint import Endpoint
from relent.transports.stream import BoundedStream

# A SEARCH answer is one line: a million UIDs of seven digits fit.
_LONGEST_LINE = 8_000_000


class BoundedImap(imaplib.IMAP4):
    """imaplib's connection over a BoundedStream."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        super().__init__(endpoint.host, endpoint.port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect; called by imaplib's constructor."""
        self.host = host
        self.port = port
        self.sock = endpoints.connect(self._endpoint)
        self.stream = BoundedStream(self.sock, self._endpoint.read_timeout)

    def read(self, size: int) -> bytes:
        """Read a literal's bytes."""
        return self.stream.read(size)

    def readline(self) -> bytes:
        """Read a line."""
        line = self.stream.readline(_LONGEST_LINE)
        if len(line) >= _LONGEST_LINE:
            raise self.error("it sent a line without an end")
        return line

    def shutdown(self) -> None:
        """Close the socket."""
        self.sock.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Encrypt the connection (RFC 9051 section 6.2.1); the endpoint's own settings say whom to trust."""
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK":
            raise self.error(f"STARTTLS was refused: {data}")
        if self.stream.pending():
            # Whatever came before the handshake was not protected: an attacker's answer to a later command, perhaps.
            raise self.abort("it sent data before the encryption began")
        self.sock = endpoints.secure(self.sock, self._endpoint)
        self.stream = BoundedStream(self.sock, self._endpoint.read_timeout)
        self._get_capabilities()
        return typ, data

    def start_idle(self) -> None:
        """Send IDLE and wait for the server's continuation (RFC 2177); untagged responses before it are kept."""
        tag = self._command("IDLE")
        while self._get_response() is not None:
            if self.tagged_commands[tag]:
                raise self.error(f"IDLE was refused: {self.tagged_commands.pop(tag)}")
        self._idle_tag = tag

    def end_idle(self) -> None:
        """Send DONE and wait until the server has ended IDLE; untagged responses on the way are kept."""
        self.send(b"DONE\r\n")
        self._command_complete("IDLE", self._idle_tag)

    def next_untagged(self) -> None:
        """Read one response that the server sends of its own accord; it is kept for ``response()``."""
        self._get_response()
        self._check_bye()


class Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient over a BoundedImap; times are aware, nothing (not even passwords) is passed to its loggers."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        super().__init__(endpoint.host, endpoint.port, ssl=endpoint.tls is endpoints.Tls.TLS)
        self.normalise_times = False
        self.imap.debug = 0

    @property
    def imap(self) -> BoundedImap:
        """The connection below the client."""
        connection: BoundedImap = self._imap
        return connection

    def _create_IMAP4(self) -> BoundedImap:  # noqa: N802  # the library's name
        return BoundedImap(self.endpoint)

    def _set_read_timeout(self) -> None:
        """The stream sets the socket's timeouts."""
