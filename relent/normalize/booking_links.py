"""Meeting links in the text of a mail: which they are, under which name a booking through them is known, and how a link
carries whom it was sent to.

A link is known by its slug, where it leads to a booking page of ours, or else by its address without query and
fragment, its host in lower case. So a campaign's tags, a prefilled name or the case of the host change nothing.
"""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# Hosts of schedulers that report their bookings to us, and the parameter that each hands back with a booking.
CALENDLY_HOSTS = frozenset({"calendly.com", "www.calendly.com"})
CALCOM_HOSTS = frozenset({"cal.com", "www.cal.com", "app.cal.com"})
CALENDLY_PARAMETER = "utm_content"
CALCOM_PARAMETER = "metadata[seq]"

_WEB = re.compile(r"https?://[^\s<>\"“”「」（）]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'。、"
_LONGEST = 300


def normalized(address: str) -> str:
    """Return the name of the link ``address``: host and path, without scheme, query, fragment and closing slash."""
    try:
        parts = urlsplit(address.strip())
        at = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{at}{port}{parts.path.rstrip('/')}"[:_LONGEST] if at else ""


def own_slug(address: str, pages: str) -> str:
    """Return the slug of a booking page of ours that ``address`` leads to, where ``pages`` is what their addresses
    begin with (``https://relent.example/meet/``); an empty string where it leads elsewhere."""
    prefix = f"{normalized(pages)}/"
    slug = normalized(address).removeprefix(prefix) if normalized(address).startswith(prefix) else ""
    return slug.partition("/")[0]


def links_in(text: str, pages: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Return the names of the meeting links in ``text``, each once: those of our own booking pages, and those at one of
    ``hosts``."""
    found: list[str] = []
    for address in _addresses(text):
        slug = own_slug(address, pages)
        name = slug or (normalized(address) if _host(address) in hosts else "")
        if name and name not in found:
            found.append(name)
    return tuple(found)


def with_token(text: str, token: str, calcom_hosts: Collection[str]) -> str:
    """Return ``text`` with ``token`` in each link to a scheduler, as the parameter that it hands back with a booking.
    A link that carries that parameter already is left alone."""

    def carry(found: re.Match[str]) -> str:
        address = found[0].rstrip(_TRAILING)
        rest = found[0][len(address) :]
        if _host(address) in CALENDLY_HOSTS:
            return _with(address, CALENDLY_PARAMETER, token) + rest
        return (_with(address, CALCOM_PARAMETER, token) if _host(address) in calcom_hosts else address) + rest

    return _WEB.sub(carry, text)


def host(name: str) -> str:
    """Return the host of a link, by its name; an empty string for a slug of ours, which has none."""
    found = name.partition("/")[0].partition(":")[0]
    return found if "." in found else ""


def _with(address: str, name: str, value: str) -> str:
    parts = urlsplit(address)
    if not parts.path.strip("/") or any(key == name for key, _ in parse_qsl(parts.query)):
        return address
    added = urlencode({name: value}, quote_via=quote)
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


def _addresses(text: str) -> list[str]:
    return [found[0].rstrip(_TRAILING) for found in _WEB.finditer(text)]


def _host(address: str) -> str:
    return host(normalized(address))
