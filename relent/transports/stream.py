"""Reading from a server with bounds on time and on bytes, whatever the server does."""

import select
import socket
import ssl
import time

_CHUNK = 65536


class TooMuchError(OSError):
    """The server sent more than any honest answer holds."""


class BoundedStream:
    """The receiving side of a connection, with the ``readline`` and ``read`` that imaplib and smtplib expect.

    ``begin`` opens a budget: what follows must be over after so many seconds and so many bytes. Timeouts of the socket
    alone bound each silence only, and a server that sends a byte now and then would be waited for without end.
    """

    def __init__(self, connection: socket.socket, silence: float) -> None:
        self._socket = connection
        self._silence = silence
        self._buffer = bytearray()
        self.begin(silence * 2, _CHUNK * 16)

    def begin(self, seconds: float, size: int) -> None:
        """Start a new budget of ``seconds`` and ``size`` bytes."""
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._left = size
        self._socket.settimeout(self._silence)

    def readline(self, limit: int = 1 << 30) -> bytes:
        """Return the next line with its line feed; less at the connection's end or where it passes ``limit``."""
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0 and len(self._buffer) < limit:
            looked = len(self._buffer)
            if not self._fill():
                return self._take(len(self._buffer))
        return self._take(min(end + 1 or limit, limit))

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes; less at the connection's end."""
        if size - len(self._buffer) > self._left:
            raise TooMuchError(f"it announced {size} bytes at once")
        while len(self._buffer) < size and self._fill():
            pass
        return self._take(size)

    def pending(self) -> bool:
        """Say whether something was received that nobody has read yet."""
        return bool(self._buffer) or (isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0)

    def wait(self, seconds: float) -> bool:
        """Say whether there is something to read (or the connection's end) within ``seconds``."""
        return self.pending() or readable(self._socket, seconds)

    def ended(self) -> bool:
        """Say whether the other side has closed the connection, without waiting; what it sent before is kept."""
        try:
            self._socket.setblocking(False)
            while chunk := self._socket.recv(_CHUNK):
                self._buffer += chunk
                if len(self._buffer) > _CHUNK * 16:
                    break
            return True
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except (OSError, ValueError):
            return True

    def received(self) -> bytes:
        """Return what was received and not read yet; it stays unread."""
        return bytes(self._buffer)

    def close(self) -> None:
        """Forget what was received; the socket belongs to the caller."""
        self._buffer.clear()

    def _fill(self) -> bool:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"it took longer than {self._seconds:g} s in all")
        self._socket.settimeout(min(self._silence, left))
        chunk = self._socket.recv(_CHUNK)
        self._left -= len(chunk)
        if self._left < 0:
            raise TooMuchError("it sends without end")
        self._buffer += chunk
        return bool(chunk)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def readable(connection: socket.socket, seconds: float) -> bool:
    """Say whether a socket has bytes waiting, or its end, within ``seconds``."""
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN | select.POLLHUP)
    return bool(poller.poll(max(0.0, seconds) * 1000))
