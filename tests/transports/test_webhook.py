"""A message is handed over once, where it was meant to go, and not inside our own network unless that is allowed."""

import socket
from collections.abc import Iterator

import pytest

from relent.transports import webhook
from relent.transports.base import TransportError
from tests.servers import receiver


@pytest.fixture
def server() -> Iterator[receiver.Receiver]:
    with receiver.listening() as listening:
        yield listening


def post(url: str, *, allow_private: bool = True) -> int:
    return webhook.post(url, b'{"a":1}', {"Content-Type": "application/json"}, allow_private=allow_private)


def failure(url: str, *, allow_private: bool = True) -> TransportError:
    with pytest.raises(TransportError) as failed:
        post(url, allow_private=allow_private)
    return failed.value


def test_a_message_arrives_under_the_name_it_was_sent_to(server: receiver.Receiver) -> None:
    assert post(f"{server.url}/in?from=relent") == 200
    path, headers, body = server.got[0]
    assert (path, body) == ("/in?from=relent", b'{"a":1}')
    assert headers["host"] == f"localhost:{server.server_address[1]}"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"])
def test_this_machine_is_refused(server: receiver.Receiver, host: str) -> None:
    failed = failure(f"http://{host}:{server.server_address[1]}/", allow_private=False)
    assert failed.permanent or "cannot be found" in str(failed)
    assert server.got == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.8",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "fe80::1",
        "fd00::1",
        "64:ff9b::a00:8",
        "2002:a00:8::1",
        "::ffff:192.168.1.1",
    ],
)
def test_an_address_of_a_private_network_is_not_public_however_it_is_written(address: str) -> None:
    assert not webhook.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert webhook.is_public(address)


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert failure("http://crm.example/", allow_private=False).permanent


def test_a_redirect_is_not_followed(server: receiver.Receiver) -> None:
    server.status, server.location = 302, f"{server.url}/elsewhere"
    assert failure(f"{server.url}/in").permanent
    assert [path for path, _headers, _body in server.got] == ["/in"]


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (503, False), (429, False), (404, True), (410, True)])
def test_what_may_pass_is_worth_another_try(server: receiver.Receiver, status: int, permanent: bool) -> None:
    server.status = status
    assert failure(server.url).permanent is permanent


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        assert not failure(f"http://127.0.0.1:{reserved.getsockname()[1]}/").permanent


@pytest.mark.parametrize("url", ["ftp://crm.example/", "crm.example", "http://[::1", "http://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert failure(url).permanent


def test_proxies_of_the_environment_are_not_used(server: receiver.Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert post(server.url) == 200


def test_an_address_with_signs_that_no_address_has_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert failure("http://crm.example/\x7f").permanent
