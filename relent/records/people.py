"""Whose address is it?"""

from collections.abc import Iterable

from relent.records import models
from relent.terms import addresses


def users_at(written: Iterable[str]) -> dict[str, int]:
    """Return the user behind each of the addresses that is one of ours: what they sign in with, their further and
    former addresses, and their mailboxes'. Addresses come back in canonical spelling."""
    wanted = [addresses.canonical(address) for address in written if address][:200]
    further = models.UserAddress.objects.filter(address__in=wanted).values_list("address", "user_id")
    boxes = models.Mailbox.objects.filter(address__in=wanted, user__isnull=False).values_list("address", "user_id")
    own = models.User.objects.filter(email__in=wanted).values_list("email", "pk")
    return {address: user_id for address, user_id in (*boxes, *further, *own) if user_id is not None}
