"""Ways to spoil a mail. Each takes and returns bytes with ``\\n`` as line end, whatever state they are in already."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from tests.fuzz.seeds import Stock

Mutation = Callable[[random.Random, bytes, Stock], bytes]

_LONGEST = 20_000  # bytes that a mail may grow to
_CHARSET = re.compile(rb"(charset=)\"?[\w-]+\"?", re.IGNORECASE)
_ENCODING = re.compile(rb"(content-transfer-encoding:)[^\n]*", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary=\"?([^\"\n;]+)", re.IGNORECASE)
_FIELD = re.compile(
    rb"^((?:final-recipient|original-recipient|action|status|diagnostic-code|remote-mta|reporting-mta|disposition|"
    rb"feedback-type|original-rcpt-to|attendee|dtstart|method)[:;])([^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER = re.compile(rb"\d+")
_CHARSETS = (
    *(b"utf-8", b"utf-7", b"utf-16", b"utf-32le", b"us-ascii", b"iso-8859-1", b"iso-2022-jp", b"shift_jis", b"euc-jp"),
    *(b"gb18030", b"hz", b"big5", b"euc-kr", b"iso-2022-kr", b"koi8-r", b"windows-1251", b"x-none", b"", b"punycode"),
)
_ENCODINGS = (b" base64", b" quoted-printable", b" 7bit", b" 8bit", b" binary", b" x-uuencode", b"", b' "Base64"')
_HEADERS = (
    *(b"Auto-Submitted: auto-replied", b"Auto-Submitted: no", b"Precedence: bulk", b"Precedence: auto_reply"),
    *(b"Return-Path: <>", b"X-Auto-Response-Suppress: All", b"X-Autoreply: yes", b"List-Id: <x.example>"),
    *(b"X-Failed-Recipients: ann@acme.example", b"From: MAILER-DAEMON", b"From: postmaster@acme.example", b"From:"),
    *(b"Sender: <dana@us.example>", b"Content-Type: multipart/report; report-type=delivery-status; boundary=cut"),
    *(b"Content-Type: multipart/mixed; boundary=cut", b"Content-Type: message/rfc822", b"Content-Type: text/html"),
    *(b"Content-Type: message/delivery-status", b"Content-Type: text/calendar; method=REQUEST", b"Date: 99 Foo 0"),
    *(b"Content-Disposition: attachment; filename=a.eml", b"In-Reply-To: <step-1@us.example>", b"References: <a> <b"),
    *(b"Authentication-Results: x; dmarc=pass (a(b)", b"To: a: b, c;, <@x,@y:d@e.example>", b"Received: ; Mon"),
)
_WORDS = (
    *(b"=?utf-8?b?4p?=", b"=?utf-8?q?=e3=8?=", b"=?utf-8?q?", b"=?x?b??=", b"=?iso-2022-jp?B?GyRCJ", b"=?=?=?=?"),
    *(b"=?utf-7?q?+2AA-?=", b"=?big5?q?=a3=?= =?big5?q?=c0?=", b"=?utf-8*en?q?a?=", b"(((", b'"\\', b"<<>@", b"@,;:"),
)
_DATES = (
    *(b"until 30.11.2026", b"31/02/2026", b"back on Monday", b"2026-13-45", b"0000-00-00", b"12/11/26", b"May 2-13"),
    *("12月3日より".encode(), "令和8年12月3日".encode(), "bis 5. März".encode(), b"1 Jan 9999", b"29 February 2027"),
    *(
        "до 7 декабря".encode(),
        "١٢/٣/٢٠٢٦".encode(),
        "２０２６年１２月".encode(),
        b"99999999999999999999.1.1",
        b"-1/-1/0",
    ),
)
_CHARACTERS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        *(
            "\u200b",
            "\u202e",
            "\ufeff",
            "\u0301" * 40,
            "\ufdfa",
            "\U0001f469\u200d\U0001f4bb",
            "\ud800",
            "\x00",
            "\x1a",
        ),
        *(
            "\u2028",
            "\x85",
            "\x0b\x0c",
            "\u3000",
            "İ",
            "ß",
            "ﬁ",
            "ｱﾞ",
            "각",
            "\U000e0041",
            "\U0010ffff",
            "’“”",
            "\t \xa0",
        ),
    )
)
_BYTES = (b"\xff\xfe", b"\x1b$B", b"\x1b(B", b"\x80\x81", b"\xc3", b"\xf0\x9f", b"\r", b"\n\n", b"\x00", b"=\n", b"=3D")
_MARKUP = (
    *(
        b"<blockquote>",
        b"</blockquote>",
        b"<!--",
        b"-->",
        b"<style>",
        b"</p>",
        b"<br>",
        b"<a href='x",
        b"<td>",
        b"<![x",
    ),
    *(b"&#0;", b"&#99999999999;", b"&#xd800;", b"&nbsp;", b"&amp", b"<div class=gmail_quote>", b"<script>", b"<hr>"),
)
_CUTS = (
    *(b"On x wrote:\n", b"-----Original Message-----\n", b"> ", b">>>> ", b"-- \n", b"____________\nFrom: a\nTo: b\n"),
    *(b"From: a\nSent: b\nTo: c\nSubject: d\n", b"---------- Forwarded message ---------\n", b"Sent from my iPhone\n"),
    *(b"Begin forwarded message:\n", "-----元のメッセージ-----\n".encode(), b"*From:* a@b.example\n", b"\n\n\n"),
)


def spoil(dice: random.Random, stock: Stock) -> tuple[bytes, list[str]]:
    """Return a mail out of ``stock`` after one to four mutations, and their names."""
    raw = _pick(dice, stock.short if dice.random() < 0.85 else stock.long)
    names = []
    for _ in range(1 + int(dice.random() * 4)):
        mutation = _pick(dice, MUTATIONS)
        raw = mutation(dice, raw, stock)[:_LONGEST]
        names.append(mutation.__name__)
    return raw, names


def _pick(dice: random.Random, choices: Sequence[Any]) -> Any:
    return choices[int(dice.random() * len(choices))]


def _place(dice: random.Random, raw: bytes) -> int:
    return int(dice.random() * (len(raw) + 1))


def _insert(dice: random.Random, raw: bytes, piece: bytes, start: int = 0) -> bytes:
    place = start + int(dice.random() * (len(raw) - start + 1))
    return raw[:place] + piece + raw[place:]


def _body(raw: bytes) -> int:
    """Return where the body begins; 0 where nothing divides it from the headers."""
    return raw.find(b"\n\n") + 2 if b"\n\n" in raw else 0


def _lines(raw: bytes) -> tuple[list[bytes], bytes]:
    """Return the lines of the headers, and the rest."""
    start = _body(raw) or len(raw)
    return raw[:start].rstrip(b"\n").split(b"\n"), raw[max(start - 2, 0) :]


def headers_swapped(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    lines, rest = _lines(raw)
    one, two = int(dice.random() * len(lines)), int(dice.random() * len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines) + rest


def header_repeated(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    lines, rest = _lines(raw)
    return b"\n".join([_pick(dice, lines), *lines]) + rest


def header_removed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    lines, rest = _lines(raw)
    del lines[int(dice.random() * len(lines))]
    return b"\n".join(lines) + rest


def header_added(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return _pick(dice, _HEADERS) + b"\n" + raw


def header_borrowed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return _pick(dice, _lines(_pick(dice, stock.long))[0]) + b"\n" + raw


def value_swapped(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    lines, rest = _lines(raw)
    one, two = int(dice.random() * len(lines)), int(dice.random() * len(lines))
    lines[one] = lines[one].partition(b":")[0] + b":" + lines[two].partition(b":")[2]
    return b"\n".join(lines) + rest


def boundary_broken(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    found = _BOUNDARY.search(raw)
    if found is None:
        return b"Content-Type: multipart/alternative; boundary=cut\n" + _insert(dice, raw, b"\n--cut\n")
    mark = b"--" + found[1]
    how = int(dice.random() * 4)
    if how == 0:
        return raw.replace(b"\n" + mark + b"--", b"")
    if how == 1:
        return _insert(dice, raw, b"\n" + mark + b"\n", _body(raw))
    return raw.replace(mark, mark + b"x", 1) if how == 2 else _insert(dice, raw, b"\n" + mark + b"--\n")


def nested(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    kind = _pick(dice, (b"mixed", b"report; report-type=delivery-status", b"digest", b"alternative", b"related", b"x"))
    inner = b"" if dice.random() < 0.5 else _pick(dice, (b"Content-Type: message/rfc822\n\n", b"\n", b"X: y\n\n"))
    head, mark = b"\n".join(_lines(_pick(dice, stock.short))[0]), b"b%d" % int(dice.random() * 9)
    wrapped = b"Content-Type: multipart/" + kind + b"; boundary=" + mark + b"\n" + head
    return wrapped + b"\n\n--" + mark + b"\n" + inner + raw + b"\n--" + mark + b"--\n"


def charset_swapped(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    charset = _pick(dice, _CHARSETS)
    if _CHARSET.search(raw):
        return _CHARSET.sub(rb"\g<1>" + charset, raw, count=1)
    return b"Content-Type: text/plain; charset=" + charset + b"\n" + raw


def encoding_swapped(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    encoding = _pick(dice, _ENCODINGS)
    if _ENCODING.search(raw):
        return _ENCODING.sub(rb"\g<1>" + encoding, raw, count=1)
    return b"Content-Transfer-Encoding:" + encoding + b"\n" + raw


def words_cut(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    name = _pick(dice, (b"Subject: ", b"From: ", b"To: ", b"References: ", b"Content-Type: "))
    return name + b"".join(_pick(dice, _WORDS) for _ in range(1 + int(dice.random() * 6))) + b"\n" + raw


def date_changed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    if dice.random() < 0.5:
        return _insert(dice, raw, b" " + _pick(dice, _DATES) + b" ", _body(raw))
    found = list(_NUMBER.finditer(raw))
    if not found:
        return raw
    number = _pick(dice, found)
    return raw[: number.start()] + b"%d" % int(dice.random() * 10 ** int(dice.random() * 6)) + raw[number.end() :]


def line_grown(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    start = _place(dice, raw)
    piece = raw[start : start + 1 + int(dice.random() * 40)] or b"x"
    return raw[:start] + piece * int(dice.random() ** 4 * 300) + raw[start:]


def field_mangled(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    found = list(_FIELD.finditer(raw))
    if not found:
        return raw + b"\nFinal-Recipient: rfc822;" + _pick(dice, _WORDS) + b"\nStatus: " + _pick(dice, _DATES)
    field, other = _pick(dice, found), _pick(dice, found)
    value = _pick(
        dice, (other[2], b"", b" 5.7.1", b" 2.0.0", b";;;", b" failed", _pick(dice, _WORDS), b" expanded\n\n")
    )
    return raw[: field.start(2)] + value + raw[field.end() :]


def zipped(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    other = _pick(dice, stock.short if dice.random() < 0.8 else stock.long)
    if dice.random() < 0.6:
        return raw[: _body(raw)] + other[_body(other) :]
    return raw[: _place(dice, raw)] + other[_place(dice, other) :]


def phrases_added(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    said = [_pick(dice, stock.phrases or _CUTS) for _ in range(1 + int(dice.random() * 8))]
    return _insert(dice, raw, _pick(dice, (b". ", b" ", b"\n", b"")).join(said), _body(raw))


def subject_marked(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    mark = _pick(dice, stock.subjects or _WORDS)
    if b"Subject: " not in raw:
        return b"Subject: " + mark + b"\n" + raw
    return raw.replace(b"Subject: ", b"Subject: " + mark + _pick(dice, (b"", b" ", b"Re: ", mark)), 1)


def quoted(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    start = _body(raw)
    if dice.random() < 0.3:
        return raw[:start] + _pick(dice, (b"> ", b">", b" > ")) + raw[start:].replace(b"\n", b"\n> ")
    return _insert(dice, raw, b"\n" + _pick(dice, _CUTS), start)


def characters_added(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return _insert(dice, raw, _pick(dice, _CHARACTERS) * (1 + int(dice.random() ** 3 * 60)))


def bytes_added(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return _insert(dice, raw, _pick(dice, _BYTES))


def byte_changed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    place = _place(dice, raw)
    return raw[:place] + bytes((int(dice.random() * 256),)) + raw[place + 1 :]


def markup_added(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    raw = _insert(dice, raw, _pick(dice, _MARKUP) * (1 + int(dice.random() ** 3 * 40)), _body(raw))
    return raw.replace(b"text/plain", b"text/html", 1) if dice.random() < 0.5 else raw


def piece_removed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    place = _place(dice, raw)
    return raw[:place] + raw[place + 1 + int(dice.random() ** 3 * 200) :]


def end_cut(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return raw[: _place(dice, raw)]


def line_ends_changed(dice: random.Random, raw: bytes, stock: Stock) -> bytes:
    return raw.replace(b"\n", _pick(dice, (b"\r\n", b"\r\n", b"\r", b"\r\r\n", b"\n\r", b"\n ")))


MUTATIONS: tuple[Mutation, ...] = (
    headers_swapped,
    header_repeated,
    header_removed,
    header_added,
    header_borrowed,
    value_swapped,
    boundary_broken,
    nested,
    charset_swapped,
    encoding_swapped,
    words_cut,
    date_changed,
    line_grown,
    field_mangled,
    zipped,
    phrases_added,
    subject_marked,
    quoted,
    characters_added,
    bytes_added,
    byte_changed,
    markup_added,
    piece_removed,
    end_cut,
    line_ends_changed,
)
