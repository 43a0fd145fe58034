"""Broken and hostile mails, made here: each is named by what is wrong with it."""

from collections.abc import Callable

MEGABYTE = 1024 * 1024
HEAD = b"From: ann@acme.example\r\nTo: dana@us.example\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"


def nested(depth: int, *, closed: bool = True) -> bytes:
    """Return multiparts one inside the other."""
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    closing = b"".join(b"--b%d--\n" % n for n in reversed(range(depth))) if closed else b""
    return HEAD + opening + b"\nhello\n" + closing


# Small ones, read in every test run.
SMALL: dict[str, bytes] = {
    "nothing": b"",
    "one byte": b"\xff",
    "one line end": b"\n",
    "no headers": b"Hello Dana,\ncall me.\n",
    "no body": HEAD,
    "no blank line": HEAD + b"Hello Dana,\r\ncall me.",
    "junk among the headers": HEAD + b"this is no header\r\nX-After: yes\r\n\r\nhello",
    "a continuation first": b" folded\r\n" + HEAD + b"\r\nhello",
    "an envelope line": b"From ann@acme.example Mon Mar  2 10:00:00 2026\n" + HEAD + b"\nhello",
    "lone carriage returns": HEAD.replace(b"\r\n", b"\r") + b"\rhello",
    "doubled carriage returns": HEAD.replace(b"\r\n", b"\r\r\n") + b"\r\r\nhello",
    "eight-bit headers": "From: Änn <ann@acme.example>\r\nSubject: 在庫\r\n\r\nhello".encode(),
    "eight-bit headers in no character set": b"From: \xff\xfe <ann@acme.example>\r\nSubject: \x80\x81\r\n\r\nhello",
    "a bad character set": HEAD + b"Content-Type: text/plain; charset=no-such\r\n\r\nhello",
    "a codec that is no character set": HEAD + b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\N{x",
    "a character set with a NUL": HEAD + b"Content-Type: text/plain; charset=\x00\r\n\r\nhello",
    "bytes outside the character set": HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xff\xfehello",
    "NULs": b"From: \x00ann@acme.example\r\nSubject: \x00\r\n\r\nhel\x00lo",
    "cut base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8",
    "base64 that is none": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!=!!",
    "cut quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nhello=\r\n=",
    "an unknown encoding": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin",
    "a multipart without boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\nhello",
    "a boundary that never occurs": HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nhello",
    "an empty boundary": HEAD + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nhello\r\n----',
    "an unclosed multipart": HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello",
    "a boundary inside itself": HEAD
    + b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed;"
    b" boundary=x\n\n--x\n\nhello\n--x--\n--x--\n",
    "two hundred deep": nested(200),
    "two hundred deep and unclosed": nested(200, closed=False),
    "an endless type": b"Content-Type: multipart/mixed" + b'; a="' * 10_000 + b"\n\nhello",
    "a date out of range": HEAD + b"Date: Mon, 99 Jan 99999 99:99:99 +9999999\n\nhello",
    "encoded words cut short": b"Subject: =?utf-8?b?4p?= =?utf-8?q?=e3=8?= =?utf-8?q?\n\nhello",
    "a digit too long for a number": HTML + b"&#" + b"9" * 10_000 + b";",
    "a report that reports nothing": HEAD + b"Content-Type: multipart/report; report-type=delivery-status\n\n",
    "a calendar that is none": HEAD + b"Content-Type: text/calendar; method=\xff\n\n\xff",
}

# Large ones, made on demand: what costs a careless reader minutes, or the machine's memory.
LARGE: dict[str, Callable[[], bytes]] = {
    "25 MB of text": lambda: HEAD + b"\n" + b"hello world this is it\n" * (25 * MEGABYTE // 23),
    "25 MB of base64": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\n\n" + (b"QUJD" * 19 + b"\n") * (25 * MEGABYTE // 77)
    ),
    "25 MB of HTML in base64": lambda: (
        HEAD + b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + b"PHA+" * (6 * MEGABYTE)
    ),
    "25 MB attached": lambda: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\nContent-Type: application/pdf\n"
        + b"Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n"
        + (b"QUJD" * 19 + b"\n") * (25 * MEGABYTE // 77)
        + b"--x--\n"
    ),
    "five thousand deep": lambda: nested(5000),
    "sixty deep over 12 MB": lambda: nested(60, closed=False) + b"x\n" * (6 * MEGABYTE),
    "an endless header": lambda: b"X: " + b"a" * (25 * MEGABYTE),
    "an endless folded header": lambda: b"X: " + b"a\n " * (8 * MEGABYTE),
    "endless junk headers": lambda: HEAD + b"junk\n" * (5 * MEGABYTE),
    "a million headers": lambda: b"".join(b"X%d: y\n" % n for n in range(1_000_000)) + b"\nhello",
    "a million addresses": lambda: (
        b"From: ann@acme.example\nTo: " + b",\n ".join(b"u%d@acme.example" % n for n in range(1_000_000)) + b"\n\nhello"
    ),
    "three hundred long lists": lambda: (b"To: " + b"a@b.example, " * 5000 + b"\n") * 300 + b"\nhello",
    "a million parts": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * MEGABYTE,
    "a million near boundaries": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--xx\n" * MEGABYTE,
    "NULs only": lambda: b"\x00" * (25 * MEGABYTE),
    "line ends only": lambda: b"\n" * (25 * MEGABYTE),
    "carriage returns only": lambda: b"\r" * (25 * MEGABYTE),
    "spaces only": lambda: b" " * (25 * MEGABYTE),
    "unclosed comments": lambda: HTML + b"<!--" * (6 * MEGABYTE),
    "unclosed tags": lambda: HTML + b"<a " * (8 * MEGABYTE),
    "paragraphs": lambda: HTML + b"<p>" * (8 * MEGABYTE),
    "quotations": lambda: HTML + b"<blockquote>x" * (2 * MEGABYTE),
    "unclosed styles": lambda: HTML + b"<style>" * (3 * MEGABYTE),
    "encoded words begun": lambda: (
        b"From: " + b"=?a?q?" * 1_000_000 + b"\nSubject: " + b"=?a?q?" * 1_000_000 + b"\n\nhi"
    ),
    "comments begun": lambda: b"From: " + b"(" * 1_000_000 + b"\n\nhello",
    "quotes begun": lambda: b"From: " + b'"\\' * 1_000_000 + b"\n\nhello",
    "identifiers begun": lambda: (
        b"References: " + b"<a b" * 1_000_000 + b"\nIn-Reply-To: " + b"a@" * 1_000_000 + b"\n\nhi"
    ),
    "attribution lines": lambda: HEAD + b"Return-Path: <>\n\n" + b"On x wrote:\n" * (2 * MEGABYTE),
    "almost a return date": lambda: HEAD + b"Auto-Submitted: auto-replied\n\nout of office " + b"back 1 " * MEGABYTE,
    "almost a bounce": lambda: b"From: MAILER-DAEMON@x.example\n\n" + b"user " * MEGABYTE,
    "a report of a million recipients": lambda: (
        HEAD
        + b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822;a@b.example\nAction: failed\n\n" * 400_000
        + b"--x--\n"
    ),
}
