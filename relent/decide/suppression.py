"""Which suppression speaks first when an address has several."""

from collections.abc import Iterable

from relent.terms.reasons import Refusal

# The person's own word first, then what machines reported, then what an administrator set.
_ORDER = (
    Refusal.UNSUBSCRIBED,
    Refusal.UNSUBSCRIBED_PERSONAL,
    Refusal.MARKED_AS_SPAM,
    Refusal.PREVIOUSLY_BOUNCED,
    Refusal.BLOCKED_ADDRESS,
)


def strongest(codes: Iterable[str]) -> Refusal | None:
    """Return the code that an enrollment or a mail to the address meets; ``None`` where it may be mailed."""
    found = {Refusal(code) for code in codes}
    return next((code for code in _ORDER if code in found), next(iter(sorted(found)), None))
