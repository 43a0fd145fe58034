"""Access tokens for mailboxes: from the account as they are, or got with a refresh token (RFC 6749 section 6)."""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

import httpx

from relent.transports.base import Account, TransportError

PART = "oauth.token"

# An access token is given up this many seconds before it ends, so that it does not end in the middle of a sign-in.
_MARGIN = 60


@dataclass(frozen=True, slots=True)
class _Token:
    access: str
    refresh: str
    ends: float


_tokens: dict[tuple[str, str, str], _Token] = {}
# One lock per grant: a token server that hangs must not stop the mailboxes of another.
_locks: defaultdict[tuple[str, str, str], threading.Lock] = defaultdict(threading.Lock)


def access_token(account: Account) -> str:
    """Return a token that signs in now: a kept one, a fresh one, or the account's own ``access_token``.

    Uses the secrets refresh_token, client_id, client_secret (may be empty) and token_url. Raises TransportError:
    permanent where the provider says that the grant is gone (a person must connect the mailbox again).
    """
    secrets = account.secrets
    if not secrets.get("refresh_token"):
        if token := secrets.get("access_token"):
            return token
        raise TransportError("There is neither an access token nor a refresh token.", permanent=True, part=PART)
    key = _key(account)
    with _locks[key]:
        kept = _tokens.get(key)
        if kept is None or kept.ends <= time.monotonic():
            kept = _tokens[key] = _refresh(account, kept)
        return kept.access


def forget(account: Account) -> None:
    """Drop the kept access token, because a server refused it; the refresh token stays."""
    key = _key(account)
    with _locks[key]:
        if kept := _tokens.get(key):
            _tokens[key] = _Token("", kept.refresh, 0.0)


def rotated_refresh_token(account: Account) -> str:
    """Return the refresh token that the provider gave in place of the account's, to be stored, or nothing."""
    kept = _tokens.get(_key(account))
    return kept.refresh if kept and kept.refresh != account.secrets["refresh_token"] else ""


def xoauth2(account: Account) -> str:
    """Return the first client answer of the XOAUTH2 mechanism, before base64."""
    return f"user={username(account)}\x01auth=Bearer {access_token(account)}\x01\x01"


def refusal(challenge: bytes) -> str:
    """Return what a server's XOAUTH2 error challenge says (a JSON object with ``status``), or an empty string."""
    try:
        said = json.loads(challenge)
    except (ValueError, RecursionError):
        return ""
    return f"status {said['status']}" if isinstance(said, dict) and "status" in said else ""


def username(account: Account) -> str:
    """Return the name to sign in with: the option ``username``, else the address."""
    return account.options.get("username") or account.address


def _key(account: Account) -> tuple[str, str, str]:
    secrets = account.secrets
    return secrets.get("token_url", ""), secrets.get("client_id", ""), secrets.get("refresh_token", "")


def _refresh(account: Account, kept: _Token | None) -> _Token:
    secrets = account.secrets
    refresh = kept.refresh if kept else secrets["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": secrets.get("client_id", "")}
    if secrets.get("client_secret"):
        form["client_secret"] = secrets["client_secret"]
    url = secrets.get("token_url", "")
    try:
        response = httpx.post(url, data=form, timeout=httpx.Timeout(20, connect=10))
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise TransportError(f"The token server {url!r} did not answer properly: {error}", part=PART) from error
    if not isinstance(answer, dict):
        raise TransportError(f"The token server {url!r} did not answer with an object.", part=PART)
    if response.is_success and answer.get("access_token"):
        return _token(answer, refresh)
    said = answer.get("error_description") or answer.get("error") or f"HTTP {response.status_code}"
    permanent = answer.get("error") in ("invalid_grant", "invalid_client", "unauthorized_client")
    raise TransportError(f"The token server gave no access token: {said}", permanent=permanent, part=PART)


def _token(answer: dict[str, object], refresh: str) -> _Token:
    try:
        lasts = float(str(answer.get("expires_in", 3600)))
    except ValueError:
        lasts = 3600
    rotated = answer.get("refresh_token")
    return _Token(
        access=str(answer["access_token"]),
        refresh=rotated if isinstance(rotated, str) and rotated else refresh,
        ends=time.monotonic() + max(lasts - _MARGIN, 1),
    )
