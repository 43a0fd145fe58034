"""From bytes to characters: character sets, transfer encodings (RFC 2045 section 6) and encoded words (RFC 2047).

Nothing here raises, and nothing takes more than linear time: what cannot be decoded is shown as well as it can be.
"""

import binascii
import codecs
import quopri
import re

# What senders write, and the superset they mean. Windows writes its own extensions under the standard's name.
_MEANT = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Python also has codecs that are no character sets (punycode, unicode_escape, …); some are slow on hostile input.
_CHARSET = re.compile(
    r"(?:utf|iso|cp|windows|koi8|mac|big5|gb|hz|euc|shift|johab|ascii|us-ascii|tis|latin|kz|ptcp)[\w.:-]*"
)
_ESCAPES = re.compile(rb"\x1b[$(]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
# The text of an encoded word may not hold "?" (RFC 2047 section 2), which keeps this search linear. Spaces are not
# allowed either, but some senders write them.
_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]{0,8000})\?=")
_NOT_BASE64 = bytes(byte for byte in range(256) if not (chr(byte).isalnum() and byte < 128) and byte not in b"+/=")


def header_text(raw: bytes) -> str:
    """Return an unfolded header value as text: encoded words decoded, other bytes guessed, controls blanked."""
    return words(guess(raw))


def words(text: str) -> str:
    """Return ``text`` out of a header with its encoded words decoded and its controls blanked."""
    if "=?" in text:
        text = _decode_words(text)
    return (text if text.isprintable() else _CONTROLS.sub(" ", text)).strip()


def guess(raw: bytes) -> str:
    """Return bytes of no stated character set as text: ISO-2022-JP by its escapes, else UTF-8, else Windows-1252."""
    if raw.isascii():
        if b"\x1b" in raw and _ESCAPES.search(raw):
            return raw.decode("iso2022_jp_ext", "replace")
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut within the last character is no reason to doubt the rest.
        if error.reason == "unexpected end of data":
            return raw.decode("utf-8", "replace")
        return raw.decode("cp1252", "replace")


def known(charset: str) -> str | None:
    """Return the name of Python's codec for ``charset``, or ``None``."""
    name = _MEANT.get(charset.lower(), charset.lower())
    if not _CHARSET.fullmatch(name):
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def charset_text(raw: bytes, charset: str) -> str:
    """Return ``raw`` as text in ``charset``; guessed where that is unknown or evidently wrong."""
    codec = known(charset)
    if codec is None or (codec == "ascii" and not raw.isascii()):
        return guess(raw)
    if codec == "ascii":
        return guess(raw)  # mail in ISO-2022-JP without a Content-Type is seven bits too
    try:
        text = raw.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return guess(raw)
    # Half a character (a lone surrogate), which UTF-7 can spell, is no text: it can be neither searched nor stored.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if codec == "utf-7" else text


def transferred(raw: bytes, encoding: str, limit: int) -> tuple[bytes, bool]:
    """Undo a Content-Transfer-Encoding up to ``limit`` bytes; the flag says whether the encoding was sound."""
    match encoding:
        case "base64":
            return base64(raw, limit)
        case "quoted-printable":
            # Three characters for one byte at worst, and line ends that vanish.
            return quopri.decodestring(raw[: limit * 4])[:limit], True
        case _:
            return raw[:limit], True


def base64(raw: bytes, limit: int) -> tuple[bytes, bool]:
    """Decode as much base64 as there is; junk is skipped (RFC 2045 section 6.8) and lacking padding is added."""
    window = raw[: limit * 2 + 4]
    digits, _, _ = window.translate(None, _NOT_BASE64).partition(b"=")
    rest = len(digits) % 4
    sound = len(window) < len(raw) or rest == 0 or window.rstrip().endswith(b"=")
    if rest == 1:
        digits = digits[:-1]
    try:
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))[:limit], sound
    except binascii.Error:
        return b"", False


def _decode_words(text: str) -> str:
    """Decode encoded words. Neighbors in one character set are joined as bytes first: some senders cut a character in
    two (against RFC 2047 section 5), and white space between neighbors does not count (section 6.2)."""
    pieces: list[str] = []
    charset, waiting, position = "", b"", 0
    for word in _ENCODED_WORD.finditer(text):
        gap = text[position : word.start()]
        adjacent = position > 0 and not gap.strip()
        if not adjacent or word[1].lower() != charset:
            pieces.append(charset_text(waiting, charset))
            waiting = b""
        if not adjacent:
            pieces.append(gap)
        charset = word[1].lower()
        waiting += _word_bytes(word[2], word[3])
        position = word.end()
    pieces += charset_text(waiting, charset), text[position:]
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "bB":
        return base64(raw, len(raw))[0]
    return binascii.a2b_qp(raw, header=True)
