"""The skeleton of a mail: what is needed to judge it again, and nothing else.

All headers stay, those of its parts too, and the text that a reader reads. So do the parts in which machines tell what
happened: delivery reports and receipts (RFC 3464, RFC 8098, RFC 5965), what they return (RFC 6522 section 3), and
calendar parts (RFC 5545). The bodies of all other parts, attachments above all, are left out; their headers still say
what they were. A mail that lies in another becomes a skeleton too.
"""

from relent.mail import message
from relent.mail.structure import Part

MOST_TEXT = 64 * 1024  # bytes of one text as it stands in the mail
MOST_HTML = 256 * 1024  # of one in HTML, which can begin with as much style as Word writes
MOST = 1024 * 1024  # bytes of a skeleton
_DEEPEST = 3  # mails in mails; what lies deeper is only cut
_MAILS = ("message/rfc822", "message/global")
_TOLD_BY_MACHINES = ("text/rfc822-headers", "text/calendar", "application/ics")


def of(raw: bytes, depth: int = 0) -> bytes:
    """Return the skeleton of the mail ``raw``, itself a mail, of at most ``MOST`` bytes. Never raises."""
    parsed = message.parse(raw)
    source, pieces, position = parsed.raw, [], 0
    for part in parsed.parts:
        if part.multipart:
            continue  # its parts come next
        pieces += [source[position : part.start], _body(part, source[part.start : part.end], depth)]
        position = part.end
    pieces.append(source[position:])
    return b"".join(pieces)[:MOST]


def _body(part: Part, body: bytes, depth: int) -> bytes:
    if part.content_type in _MAILS and depth < _DEEPEST:
        return of(body, depth + 1)
    if part.content_type.startswith("message/") or part.content_type in _TOLD_BY_MACHINES:
        return _cut(body, MOST_TEXT)
    if part.content_type.startswith("text/") and not part.attached:
        return _cut(body, MOST_HTML if part.content_type == "text/html" else MOST_TEXT)
    return b""


def _cut(body: bytes, most: int) -> bytes:
    """Cut at the end of a line, so that an encoded one (RFC 2045 section 6) stays readable."""
    if len(body) <= most:
        return body
    return body[: body.rfind(b"\n", 0, most) + 1 or most]
