"""Whose mailbox one is, where that matters to what its mails look like."""

from collections.abc import Mapping

GMAIL, MICROSOFT, IMAP = "gmail", "microsoft", "imap"

# The servers that mail programs are told to read (support.google.com/mail/answer/7126229,
# learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4).
_HOSTS = {
    "gmail.com": GMAIL,
    "googlemail.com": GMAIL,
    "office365.com": MICROSOFT,
    "office365.us": MICROSOFT,
    "outlook.com": MICROSOFT,
    "outlook.cn": MICROSOFT,
    "hotmail.com": MICROSOFT,
    "live.com": MICROSOFT,
    "partner.outlook.cn": MICROSOFT,
}


def of(options: Mapping[str, str]) -> str:
    """Return ``gmail``, ``microsoft`` or, of every other, ``imap``: as the mailbox's option ``provider`` says, else by
    the host of its IMAP server."""
    stated = options.get("provider", "").strip().lower()
    if stated:
        return {"google": GMAIL, "outlook": MICROSOFT}.get(stated, stated)
    host = options.get("imap_host", "").strip().rstrip(".").lower()
    return next((name for domain, name in _HOSTS.items() if host == domain or host.endswith(f".{domain}")), IMAP)
