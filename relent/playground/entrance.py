"""The link that signs a newcomer in: good once, for this run of the demo, from this machine."""

import hmac
import secrets
import threading

_lock = threading.Lock()
_token = ""


def open_once() -> str:
    """Make a new link's token; an earlier one no longer works."""
    global _token
    with _lock:
        _token = secrets.token_urlsafe(24)
        return _token


def admits(token: str, remote_address: str) -> bool:
    """Whether ``token`` signs the visitor in; if so, it does not work again."""
    global _token
    with _lock:
        fits = bool(_token) and hmac.compare_digest(token, _token) and remote_address == "127.0.0.1"
        if fits:
            _token = ""
        return fits
