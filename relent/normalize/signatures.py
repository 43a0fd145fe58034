"""Whether a report by webhook is from whom it says: an HMAC over the bytes as they came."""

import hashlib
import hmac
from datetime import datetime, timedelta

TOO_OLD = timedelta(minutes=3)
# What Cal.com sends, literally, where its webhook has no secret.
NO_SECRET = "no-secret-provided"  # noqa: S105  # a word of a protocol, nobody's secret


def calcom_holds(header: str, raw: bytes, secret: str) -> bool:
    """Whether ``X-Cal-Signature-256`` is the hexadecimal HMAC-SHA256 of ``raw``. Without a secret nothing holds."""
    if not secret or header == NO_SECRET:
        return False
    return _same(header, _digest(secret, raw))


def calendly_holds(header: str, raw: bytes, secret: str, now: datetime) -> bool:
    """Whether ``Calendly-Webhook-Signature`` (``t=…,v1=…``) signs its time and ``raw``, and is not older than three
    minutes; nor from the future, by as much."""
    parts = dict(part.strip().partition("=")[::2] for part in header[:1000].split(","))
    written = parts.get("t", "")
    if not secret or not (written.isascii() and written.isdigit()) or len(written) > 13:
        return False
    if abs(now.timestamp() - int(written)) > TOO_OLD.total_seconds():
        return False
    return _same(parts.get("v1", ""), _digest(secret, written.encode() + b"." + raw))


def _digest(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _same(header: str, digest: str) -> bool:
    # compare_digest takes no text beyond ASCII.
    return hmac.compare_digest(header.strip().lower().encode("utf-8", "replace"), digest.encode())
