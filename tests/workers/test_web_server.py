"""Where a visitor comes from, as the pages are told, with and without a proxy in front."""

import http.client
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from relent.workers import web_server


def _address(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]


@contextmanager
def _running(monkeypatch: pytest.MonkeyPatch, proxy: str) -> Iterator[str]:
    """Run the server with an application that answers where the visitor comes from; yield its address."""
    monkeypatch.setattr(web_server, "get_wsgi_application", lambda: _address)
    with override_settings(PROXY=proxy, LISTEN="127.0.0.1:0"):
        server = web_server.WebServer()
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server._server.effective_port}/"
    finally:
        stop.set()
        thread.join(timeout=30)


@pytest.mark.parametrize(
    ("proxy", "seen"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9"), ("10.0.0.1", "127.0.0.1")]
)
def test_only_the_proxy_that_is_named_says_where_a_visitor_comes_from(
    monkeypatch: pytest.MonkeyPatch, proxy: str, seen: str
) -> None:
    with _running(monkeypatch, proxy) as address:
        # The visitor's own word stands first, the proxy's last.
        asked = urllib.request.Request(address, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.read().decode() == seen


def test_what_is_larger_than_any_upload_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with _running(monkeypatch, "") as address:
        asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        asked.putrequest("POST", "/")
        asked.putheader("Content-Length", str(web_server.LARGEST_REQUEST + 1))
        asked.endheaders(b"x")
        assert asked.getresponse().status == 413
        asked.close()
