"""Mail addresses: one spelling for comparison, and when one address is known to be another's alias."""

from enum import StrEnum
from importlib import resources

# Providers whose consumer mail ignores dots, and their one domain under two names
# (support.google.com/mail/answer/7436150).
_FREE_MAIL = frozenset(resources.files("relent.terms").joinpath("free_mail.txt").read_text("ascii").split())
_DOTLESS_DOMAINS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


class AliasRule(StrEnum):
    """How one address is known to belong to the owner of another."""

    SAME = "same"
    SECONDARY = "secondary"
    PLUS = "plus"
    DOTS = "dots"


def canonical(address: str) -> str:
    """Return ``address`` as it is stored and compared: trimmed, lower case.

    The local part's case is given up on purpose: no provider met in practice tells ``Ana@`` from ``ana@``
    (RFC 5321 section 2.4 lets them). A domain in letters beyond ASCII is written as it travels (RFC 5890, A-labels).
    """
    spelled = address.strip().strip("<>").lower()
    local, at, host = spelled.rpartition("@")
    if host.isascii():
        return spelled
    try:
        return f"{local}{at}{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return spelled


def domain(address: str) -> str:
    """Return the part after the last ``@``, or an empty string."""
    return canonical(address).rpartition("@")[2] if "@" in address else ""


def is_free_mail(host: str) -> bool:
    """Whether ``host`` is a provider at which anybody may have an address: such a domain says nothing of a company."""
    return canonical(host) in _FREE_MAIL


def without_plus(address: str) -> str:
    """Return ``address`` without its ``+tag`` (RFC 5233 subaddressing). A leading ``+``, as of a phone number, tags
    nothing."""
    local, at, host = canonical(address).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{host}"


def mailbox_key(address: str) -> str:
    """Return the key under which aliases made by plus tags and by Gmail's dots meet."""
    local, _, host = without_plus(address).rpartition("@")
    if host in _DOTLESS_DOMAINS:
        return f"{local.replace('.', '')}@{_DOTLESS_DOMAINS[host]}"
    return f"{local}@{host}"


def alias_rule(written: str, known: str) -> AliasRule | None:
    """Say by which rule ``written`` is the owner of ``known``; ``None`` where nothing but a guess would join them."""
    if canonical(written) == canonical(known):
        return AliasRule.SAME
    if without_plus(written) == without_plus(known):
        return AliasRule.PLUS
    if mailbox_key(written) == mailbox_key(known):
        return AliasRule.DOTS
    return None
