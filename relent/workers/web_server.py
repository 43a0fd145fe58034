"""The web server: waitress, with an end that answers what it has begun."""

import threading
import time
from typing import Any

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from waitress import wasyncore

# Bytes. The largest upload is a list of opt-outs; visitors who have not signed in fill no disk.
LARGEST_REQUEST = 12_000_000
_LOOK_EVERY = 0.25  # seconds until a stop is noticed
_FINISH_WITHIN = 3.0  # seconds that requests in hand are given at the end


def _proxy() -> dict[str, Any]:
    """Believe what the proxy named by RELENT_PROXY says of where a visitor comes from; nobody else."""
    if not settings.PROXY:
        return {}
    return {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}


class AddressInUse(Exception):
    """Something else listens on RELENT_LISTEN."""


class WebServer:
    """Answers web requests in RELENT_WEB_THREADS threads. It listens from its making, and answers from ``run``."""

    def __init__(self) -> None:
        self._sockets: dict[int, Any] = {}
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of one that is not there
        try:
            self._server = waitress.create_server(
                get_wsgi_application(),
                map=self._sockets,
                listen=settings.LISTEN,
                threads=settings.WEB_THREADS,
                ident=None,
                max_request_body_size=LARGEST_REQUEST,
                **_proxy(),
                # A proxy in front says by a header whether the visitor came by HTTPS (RELENT_HTTPS).
                clear_untrusted_proxy_headers=settings.SECURE_PROXY_SSL_HEADER is None,
            )
        except OSError as error:
            raise AddressInUse(f"{settings.LISTEN}: {error.strerror or error}") from error

    def run(self, stop: threading.Event) -> None:
        """Answer requests until ``stop``; then accept no more, finish those in hand, and return."""
        while not stop.is_set():
            wasyncore.loop(timeout=_LOOK_EVERY, map=self._sockets, count=1)
        for listener in [entry for entry in self._sockets.values() if getattr(entry, "accepting", False)]:
            listener.del_channel()
            listener.socket.close()
        self._server.task_dispatcher.shutdown(timeout=_FINISH_WITHIN)
        self._flush()
        wasyncore.close_all(self._sockets)

    def _flush(self) -> None:
        """Send what has been answered and lies in buffers still."""
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline and any(
            getattr(entry, "total_outbufs_len", 0) for entry in self._sockets.values()
        ):
            wasyncore.loop(timeout=0.05, map=self._sockets, count=1)
