"""How often a visitor without a sign-in may do a thing."""

from django.core.cache import cache
from django.http import HttpRequest


def is_over(request: HttpRequest, what: str, most: int, seconds: int) -> bool:
    """Count one more try at ``what`` from the visitor's address, and say whether there were more than ``most`` within
    ``seconds``."""
    counter = f"{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(counter, 0, seconds)
    try:
        return cache.incr(counter) > most
    except ValueError:  # its time ended in between
        cache.set(counter, 1, seconds)
        return False
