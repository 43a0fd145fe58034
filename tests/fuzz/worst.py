"""Mails made to be slow and large: each is the worst we know for some part of the reading, such as a search that might
go back over what it read, or something kept for every header, part, line or character.
"""

import time
from collections.abc import Callable, Iterator

from tests.fuzz import limits, seeds
from tests.mail import broken
from tests.mail.broken import HEAD, HTML, MEGABYTE
from tests.mail.letters import letter, report

SMALL_SIZES = (200_000,)  # bytes
SIZES = (200_000, 2 * MEGABYTE)  # what grows faster than its mail shows between the two

# A text that repeats one piece: bait for the searches over text.
_PIECES = (
    *("a ", "a.", "1 ", "1.", "?", "x@", "@x", "<a@b.example> ", "http://", "(", '"', "--\n", "> ", "wrote:\n", "a:\n"),
    *(
        "On a wrote",
        "From: a\n",
        "From: a\nTo: b\n",
        "-----",
        "_____\n",
        "until ",
        "back ",
        "until 1.1.",
        "May ",
        "12月",
    ),
    *("returning ", "550 ", "5.1.1 ", "550 5.1.1 <a@b>\n", "user unknown ", "Message-ID: <", "Received: a\n", "\n\n\n"),
    *(
        "a@b.",
        "a.b@c-d.",
        "the ",
        "office ",
        "I am ",
        "out of ",
        "left the ",
        "を",
        "不在",
        "年",
        "だ。",
        "é",
        "İ",
        "e\u0301",
    ),
    *(
        "\ufdfa",
        "\u200b",
        "\U0001f469\u200d",
        "\t",
        "\x0b",
        "\x85",
        "\u2028",
        "\r",
        "&#1",
        "=",
        "%41",
        "unsubscribe ",
        ". A",
    ),
)
_MARKUP = (
    "<p>",
    "<a",
    "<!--",
    "<blockquote>",
    "</",
    "<style>",
    "&",
    "&#1;",
    "<br>a",
    "<td>",
    "<![",
    "<p\n",
    "<b>a</b> ",
)
_VALUES = (
    *(
        "(",
        "((a)",
        '"',
        '\\"',
        "<",
        "a@b.example, ",
        "<a@b",
        ",",
        ";",
        ":",
        "=?utf-8?q?a?= ",
        "=?utf-8?b?4p?=",
        "=?",
        "?=",
    ),
    *(
        "=?utf-7?q?+2AA-?=",
        "=?iso-2022-jp?b?GyRC?=",
        "dkim=pass (",
        "\n ",
        " \n ",
        "\t",
        "a=",
        'b="',
        "%4",
        "1:",
        "Re: ",
        "\r",
        "\r\n x",
    ),
)
_HEADERS = (
    *("Subject", "From", "To", "References", "Received", "Date", "Content-Type", "Authentication-Results"),
    *("List-Unsubscribe", "X-Failed-Recipients", "Auto-Submitted", "Content-Disposition"),
)


def cases(sizes: tuple[int, ...] = SIZES) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the cases by name; each is made when it is called for. ``sizes`` are those of the ones that repeat a
    piece."""
    yield from LARGE.items()
    for size in sizes:
        for piece in _PIECES:
            yield f"text {piece!r} {size:,}", lambda piece=piece, size=size: _text(piece, size)  # type: ignore[misc]
            yield f"bounce {piece!r} {size:,}", lambda piece=piece, size=size: _bounce(piece, size)  # type: ignore[misc]
            yield f"note {piece!r} {size:,}", lambda piece=piece, size=size: _note(piece, size)  # type: ignore[misc]
        for piece in _MARKUP:
            yield f"html {piece!r} {size:,}", lambda piece=piece, size=size: HTML + _filled(piece, size)  # type: ignore[misc]
        for name in _HEADERS:
            for piece in _VALUES:
                yield f"{name} {piece!r} {size:,}", lambda n=name, p=piece, s=size: _header(n, p, s)  # type: ignore[misc]
    for number, line in enumerate(seeds.stock().phrases[::50]):
        yield f"phrase {number}", lambda line=line: _note(line.decode() + " ", MEGABYTE)  # type: ignore[misc]


def main(only: str = "") -> int:
    """Judge every case whose name holds ``only``; print those near or over a limit, and return the exit code."""
    for raw in seeds.stock().short:
        limits.judge(raw)
    slowest = most = broken = count = 0.0
    with limits.broken_off():
        for name, make in cases():
            if only not in name:
                continue
            raw = make()
            count += 1
            seconds, taken = _measured(raw)
            over = taken - limits.MOST_TIMES_THE_MAIL * len(raw)
            slowest, most = max(slowest, seconds), max(most, over)
            bad = seconds > limits.MOST_SECONDS or over > limits.MOST_BESIDE
            broken += bad
            if bad or seconds > limits.MOST_SECONDS / 2 or over > limits.MOST_BESIDE / 2:
                figures = f"{seconds * 1000:8.0f} ms {taken / 1e6:7.1f} MB of {len(raw):>12,}"
                print(f"{'FAILED' if bad else 'near':<7}{figures}  {name}", flush=True)
    print(
        f"{count:.0f} cases; slowest {slowest * 1000:.0f} ms; most memory {most / 1e6:.1f} MB beside 8 times the mail; "
        f"{broken:.0f} failed"
    )
    return 1 if broken else 0


def _measured(raw: bytes) -> tuple[float, int]:
    """Return the seconds of processor time that judging takes, the best of three, and the bytes beside the mail."""
    seconds = []
    for _ in range(3):
        begun = time.process_time()
        limits.judge(raw, told=False)
        seconds.append(time.process_time() - begun)
        if seconds[-1] < limits.MOST_SECONDS / 2:
            break
    return min(seconds), limits.memory_of(lambda: limits.judge(raw))[1]


def _filled(piece: str, size: int) -> bytes:
    unit = piece.encode()
    return unit * (size // len(unit))


def _text(piece: str, size: int) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + _filled(piece, size)


def _bounce(piece: str, size: int) -> bytes:
    opening = b"From: MAILER-DAEMON@acme.example\nContent-Type: text/plain; charset=utf-8\n\nCould not be delivered: "
    return opening + _filled(piece, size)


def _note(piece: str, size: int) -> bytes:
    opening = b"Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n\nI am out of the office until "
    return HEAD + opening + _filled(piece, size)


def _header(name: str, piece: str, size: int) -> bytes:
    return f"{name}: ".encode() + _filled(piece, size) + b"\n" + letter()


_CUT = b"Content-Type: multipart/mixed; boundary=x\n\n"
LARGE: dict[str, Callable[[], bytes]] = {
    **broken.LARGE,
    "25 MB in a single line": lambda: HEAD + b"\n" + b"a" * (25 * MEGABYTE),
    "25 MB of astral characters": lambda: _text("\U0001f469", 25 * MEGABYTE),
    "25 MB of quoted-printable": lambda: _coded(b"quoted-printable", b"=F0=9F=91=A9=\n" * (25 * MEGABYTE // 14)),
    "25 MB of wide base64": lambda: _coded(b"base64", b"8J+RqfCfkanwn5Gp" * (25 * MEGABYTE // 16)),
    "25 MB of UTF-7": lambda: (
        HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+2D3caQ-" * (25 * MEGABYTE // 8)
    ),
    "25 MB of HTML entities": lambda: HTML + b"&#128105;" * (25 * MEGABYTE // 9),
    "25 MB of ISO-2022-JP escapes": lambda: HEAD + b"\n" + b"\x1b$B!!\x1b(B" * (25 * MEGABYTE // 8),
    "100,000 headers": lambda: b"".join(b"X-%d: y\n" % n for n in range(100_000)) + b"\nhello",
    "headers of one letter up to 64 kB": lambda: b"X:\n" * 21_000 + b"\nhello",
    "junk among headers up to 64 kB": lambda: HEAD + b"x\n" * 30_000 + b"\nhello",
    "10,000 parts": lambda: HEAD + _CUT + b"--x\nContent-Type: text/plain\n\nhi\n" * 10_000 + b"--x--\n",
    "1,000 parts of many headers": lambda: HEAD + _CUT + (b"--x\n" + b"X: y\n" * 100 + b"\nhi\n") * 1_000 + b"--x--\n",
    "1,000 texts of astral characters": lambda: (
        HEAD + _CUT + b"--x\n\n" + b"\n--x\n\n".join(["👩".encode() * 20] * 1000)
    ),
    "1,000 returned mails": lambda: (
        HEAD
        + b"Content-Type: multipart/report; boundary=x\n\n"
        + b"--x\nContent-Type: message/rfc822\n\nMessage-ID: <a@b>\nTo: a@b.example\n\nhi\n" * 1_000
    ),
    "a returned mail of 25 MB": lambda: report("", "Subject: x\n\n" + "hello\n" * (25 * MEGABYTE // 6)),
    "a report in one line of 2 MB": lambda: report("Final-Recipient: rfc822; " + "a@b.example " * 170_000),
    "a calendar of 2 MB": lambda: (
        HEAD
        + b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n"
        + b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\n" * 45_000
    ),
    "a calendar folded into one line": lambda: (
        HEAD
        + b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:"
        + b"x\n " * MEGABYTE
    ),
    "a megabyte of nested comments": lambda: b"From: " + b"(" * 500_000 + b")" * 500_000 + b" <a@b.example>\n\nhi",
    "a megabyte of encoded words": lambda: b"Subject: " + b"=?utf-8?q?=F0=9F=91=A9?=\n " * 40_000 + b"\n\nhi",
    "ten thousand short lines": lambda: letter("Hi.\n" * 16_000),
    "a forward of forwards": lambda: letter(
        "---------- Forwarded message ---------\nFrom: a\n" * 1_500, From="dana@us.example"
    ),
    "three hundred short mails in one": lambda: letter().join([b"\n"] * 300),
}


def _coded(encoding: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body
