"""Where a server is and how the way to it is protected; connecting to it with exact words for what failed."""

import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from relent.transports.base import Account, TransportError


class Tls(StrEnum):
    """``tls``: encrypted from the first byte; ``starttls``: by a command; ``none``: never."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


_DEFAULT_PORTS = {
    ("imap", Tls.TLS): 993,
    ("imap", Tls.STARTTLS): 143,
    ("imap", Tls.NONE): 143,
    ("smtp", Tls.TLS): 465,
    ("smtp", Tls.STARTTLS): 587,
    ("smtp", Tls.NONE): 25,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server. ``protocol`` is ``imap`` or ``smtp``; timeouts are in seconds.

    ``connect_timeout`` bounds reaching the server, ``read_timeout`` each silence of it, ``command_timeout`` a whole
    command, so that a server which sends one byte now and then cannot hold a worker.
    """

    protocol: str
    host: str
    port: int
    tls: Tls
    ca_file: str
    connect_timeout: float
    read_timeout: float
    command_timeout: float

    @classmethod
    def of(cls, account: Account, protocol: str) -> Self:
        """Read ``{protocol}_host``, ``_port`` and ``_tls``, ``ca_file`` and the timeouts from the account's options.

        Raises a permanent TransportError (part ``{protocol}.options``) that names the option which is wrong.
        """
        options = account.options
        part = f"{protocol}.options"
        host = options.get(f"{protocol}_host", "").strip()
        if not host:
            raise TransportError(f"{protocol}_host is not set.", permanent=True, part=part)
        try:
            tls = Tls(options.get(f"{protocol}_tls") or Tls.TLS)
        except ValueError:
            said = options[f"{protocol}_tls"]
            message = f"{protocol}_tls must be tls, starttls or none, not {said!r}."
            raise TransportError(message, permanent=True, part=part) from None
        return cls(
            protocol=protocol,
            host=host,
            port=int(_number(options, f"{protocol}_port", _DEFAULT_PORTS[protocol, tls], part)),
            tls=tls,
            ca_file=options.get("ca_file", ""),
            connect_timeout=_number(options, "connect_timeout", 10, part),
            read_timeout=_number(options, "read_timeout", 20, part),
            command_timeout=_number(options, "command_timeout", 120, part),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def connect(endpoint: Endpoint) -> socket.socket:
    """Open a connection, encrypted already where the endpoint says ``tls``; silence on it ends after the read timeout.

    Raises TransportError with part ``{protocol}.connect`` or ``{protocol}.encrypt``.
    """
    part = f"{endpoint.protocol}.connect"
    try:
        connection = socket.create_connection((endpoint.host, endpoint.port), endpoint.connect_timeout)
    except socket.gaierror as error:
        message = f"There is no server called {endpoint.host!r}: {error.strerror}."
        raise TransportError(message, permanent=error.errno == socket.EAI_NONAME, part=part) from error
    except TimeoutError as error:
        message = f"{endpoint} did not accept a connection within {endpoint.connect_timeout:g} s."
        raise TransportError(message, part=part) from error
    except (OSError, UnicodeError, OverflowError) as error:
        raise TransportError(f"{endpoint} cannot be reached: {reason(error)}.", part=part) from error
    connection.settimeout(endpoint.read_timeout)
    return secure(connection, endpoint) if endpoint.tls is Tls.TLS else connection


def secure(connection: socket.socket, endpoint: Endpoint) -> ssl.SSLSocket:
    """Encrypt a connection and check the server's certificate; closes the connection where that fails.

    Raises TransportError with part ``{protocol}.encrypt``: permanent where the certificate is not accepted.
    """
    part = f"{endpoint.protocol}.encrypt"
    try:
        return _context(endpoint).wrap_socket(connection, server_hostname=endpoint.host)
    except ssl.SSLCertVerificationError as error:
        message = f"The certificate of {endpoint} was not accepted: {error.verify_message}."
        failure = TransportError(message, permanent=True, part=part)
    except ssl.SSLError as error:
        said = (error.reason or str(error)).replace("_", " ").lower()
        message = f"{endpoint} did not agree on encryption ({said}); does this port use STARTTLS or no encryption?"
        failure = TransportError(message, part=part)
    except TimeoutError:
        message = f"{endpoint} did not answer the encryption handshake within {endpoint.read_timeout:g} s."
        failure = TransportError(message, part=part)
    except (OSError, ValueError) as error:
        failure = TransportError(f"{endpoint} cannot be encrypted: {reason(error)}.", part=part)
    connection.close()
    raise failure


def reason(error: Exception) -> str:
    """Return the operating system's or the library's words for ``error``, never empty and without a final stop."""
    said = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return said.rstrip(".")


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if endpoint.ca_file:
        if not Path(endpoint.ca_file).is_file():
            raise FileNotFoundError(2, f"there is no certificate file {endpoint.ca_file}")
        context.load_verify_locations(endpoint.ca_file)
    return context


def _number(options: dict[str, str], name: str, default: float, part: str) -> float:
    said = options.get(name) or str(default)
    try:
        number = float(said)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise TransportError(f"{name} must be a number between 0 and 65535, not {said!r}.", permanent=True, part=part)
    return number
