"""Mail that came through a mailing list or in bulk (RFC 2919, RFC 2369)."""

from relent.mail.message import Message

_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "feedback-id")
_PRECEDENCES = ("list", "bulk", "junk")  # RFC 3834 section 3.1.8 mentions them; no standard defines them


def read(message: Message) -> tuple[str, ...]:
    """Return the lines that make ``message`` list or bulk mail; empty where none does."""
    seen = [header.line for name in _HEADERS for header in message.all(name)[:1]]
    return (*seen, *precedence(message))


def precedence(message: Message) -> tuple[str, ...]:
    """Return the Precedence line that says list or bulk. Programs that answer write it too."""
    return tuple(header.line for header in message.all("precedence")[:1] if header.text.lower() in _PRECEDENCES)
