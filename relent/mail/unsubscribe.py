"""Unsubscribing without reading the mail: the headers of an outgoing mail (RFC 2369 section 3.2, RFC 8058)."""

from urllib.parse import quote, urlsplit

ONE_CLICK = "List-Unsubscribe=One-Click"


def headers(url: str, mailto: str = "", subject: str = "unsubscribe") -> dict[str, str]:
    """Return the headers that offer ``url``, and where given a mail to ``mailto``, to unsubscribe.

    One-click is offered where the address is an ``https`` one (RFC 8058 section 3.1); the server must then act on a
    POST that bears ``ONE_CLICK``, and never on a GET. Raises ValueError for an address that would break the header.
    """
    if any(character in url for character in "<>, \t\r\n") or urlsplit(url).scheme not in ("https", "http"):
        raise ValueError("The address to unsubscribe at is not a web address.")
    if any(character in mailto for character in "<>, \t\r\n?"):
        raise ValueError("The mail address to unsubscribe at is not one.")
    ways = [f"<{url}>"] + ([f"<mailto:{mailto}?subject={quote(subject)}>"] if mailto else [])
    found = {"List-Unsubscribe": ", ".join(ways)}
    if url.startswith("https:"):
        found["List-Unsubscribe-Post"] = ONE_CLICK
    return found
