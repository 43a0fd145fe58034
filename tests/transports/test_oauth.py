import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from relent.transports import oauth
from relent.transports.base import Account, TransportError


class TokenServer(ThreadingHTTPServer):
    """Gives numbered access tokens, or ``answer`` where that is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, list[str]]] = []
        self.status, self.lasts, self.rotates = 200, 3600, False
        self.error: dict[str, str] = {}


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(form)
        count = len(self.server.asked)
        answer: dict[str, object] = {"access_token": f"access {count}", "expires_in": self.server.lasts}
        if self.server.rotates:
            answer["refresh_token"] = f"refresh {count}"
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.error or answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[TokenServer]:
    oauth._tokens.clear()  # an earlier test's server may have had the same port
    server = TokenServer()
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def account(server: TokenServer) -> Account:
    url = f"http://127.0.0.1:{server.server_address[1]}/token"
    return Account("dana@us.example", {}, {"refresh_token": "first", "client_id": "relent", "token_url": url})


def test_a_refresh_token_gets_an_access_token_that_is_kept(server: TokenServer, account: Account) -> None:
    assert [oauth.access_token(account) for _ in range(3)] == ["access 1"] * 3
    assert server.asked == [{"grant_type": ["refresh_token"], "refresh_token": ["first"], "client_id": ["relent"]}]


def test_a_token_that_ends_soon_is_not_kept(server: TokenServer, account: Account) -> None:
    server.lasts = 30
    assert oauth.access_token(account) == "access 1"
    oauth.forget(account)
    assert oauth.access_token(account) == "access 2"


def test_a_new_refresh_token_is_used_and_told(server: TokenServer, account: Account) -> None:
    server.rotates = True
    oauth.access_token(account)
    assert oauth.rotated_refresh_token(account) == "refresh 1"
    oauth.forget(account)
    oauth.access_token(account)
    assert server.asked[1]["refresh_token"] == ["refresh 1"]


def test_a_grant_that_is_gone_needs_a_person(server: TokenServer, account: Account) -> None:
    server.status, server.error = 400, {"error": "invalid_grant", "error_description": "Token has been revoked"}
    with pytest.raises(TransportError, match="Token has been revoked") as told:
        oauth.access_token(account)
    assert (told.value.permanent, told.value.part) == (True, "oauth.token")


def test_a_token_server_in_trouble_is_tried_again(server: TokenServer, account: Account) -> None:
    server.status, server.error = 503, {"error": "temporarily_unavailable"}
    with pytest.raises(TransportError) as told:
        oauth.access_token(account)
    assert not told.value.permanent


def test_an_account_without_any_token_needs_a_person() -> None:
    with pytest.raises(TransportError) as told:
        oauth.access_token(Account("dana@us.example", {}, {}))
    assert told.value.permanent
