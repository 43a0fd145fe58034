"""Handing a small JSON message to somebody's web server, once. Addresses inside our own network are refused unless they
are allowed: who may edit a workflow may not, by that, reach what only this machine can reach."""

import ipaddress
import socket
from urllib.parse import urlsplit

import httpx

from relent.transports.base import TransportError

PART = "webhook"

# Seconds. A server that answers more slowly is treated as one that does not answer.
_TIMEOUT = httpx.Timeout(10, connect=5)
_WORTH_ANOTHER_TRY = {408, 425, 429}  # RFC 9110 section 15.5.9, RFC 8470 section 5.2, RFC 6585 section 4
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052 section 2.1


def post(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool = False) -> int:
    """POST ``body`` and return the status code, which is 2xx.

    Redirects are not followed, proxies of the environment are not used, and the answer's body is not read. Raises
    TransportError: permanent where the address is refused or the server says that trying again is of no use.
    """
    host, port = _target(url)
    failure: Exception | None = None
    for address in _addresses(host, port, allow_private=allow_private):
        try:
            return _post(url, address, body, headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
        except httpx.HTTPError as error:
            raise TransportError(f"{host} did not answer properly: {error}", part=PART) from error
    raise TransportError(f"{host} cannot be reached: {failure}", part=PART)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, also where it is wrapped in one of another kind."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _target(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise TransportError(f"{url!r} is no web address.", permanent=True, part=PART) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TransportError(f"{url!r} is no web address.", permanent=True, part=PART)
    return parts.hostname, port


def _addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Resolve once and judge what came of it: a name that is resolved again later could lead elsewhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransportError(f"{host} cannot be found: {error}", part=PART) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not allow_private and not all(is_public(address) for address in addresses):
        raise TransportError(f"{host} is an address of a private network.", permanent=True, part=PART)
    return addresses[:3]


def _post(url: str, address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise TransportError(f"{url!r} is no web address.", permanent=True, part=PART) from error
    # Connect to the address that was judged; the name stays in the Host header and in the certificate's check.
    request = httpx.Request(
        "POST",
        asked.copy_with(host=address),
        content=body,
        headers={**headers, "Host": asked.netloc.decode("ascii")},
        extensions={"sni_hostname": asked.raw_host.decode("ascii"), "timeout": _TIMEOUT.as_dict()},
    )
    with httpx.Client(trust_env=False, follow_redirects=False) as client:
        response = client.send(request, stream=True)
        response.close()
    if response.is_success:
        return response.status_code
    again = response.is_server_error or response.status_code in _WORTH_ANOTHER_TRY
    raise TransportError(f"HTTP {response.status_code}", permanent=not again, part=PART)
