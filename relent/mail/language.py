"""Which language somebody wrote in.

Told by the script where the script tells, else by how often short runs of letters occur (``py3langid``, naive Bayes).
Its model takes most of a second and 120 MB to load, so it is loaded for the first text that needs it, and nothing that
decides waits for it.
"""

import functools
import re
from typing import TYPE_CHECKING

from relent.mail import quoting
from relent.mail.message import Message

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = (
    *("en", "ja", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no"),
    *("fi", "pl", "cs", "tr", "ru", "uk", "zh", "ko"),
)
_MOST_READ = 800  # characters: as sure as by any more
_FEWEST_LETTERS = 6  # of an alphabet: "Hello" is a word of many languages
_BEGINNING = 20
_NOT_WORDS = re.compile(r"https?://\S{1,2000}|\S{1,300}@\S{1,300}|[\d_]{1,100}")
_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# Han characters alone may be either; then the charset tells, which is made for one language (RFC 1468, RFC 1557).
_JAPANESE_CHARSETS = frozenset(
    ("iso-2022-jp", "shift_jis", "shift-jis", "sjis", "x-sjis", "euc-jp", "cp932", "windows-31j")
)


def of(message: Message) -> str:
    """Return the ISO 639-1 code of the language that the sender of ``message`` wrote in, one of ``LANGUAGES``; empty
    where too little was written to tell it by."""
    told = tell(quoting.written(message.text))
    charsets = {part.parameters.get("charset", "").lower() for part in message.parts}
    return "ja" if told == "zh" and charsets & _JAPANESE_CHARSETS else told


def tell(text: str) -> str:
    """Return the ISO 639-1 code of the language of ``text``, one of ``LANGUAGES``; empty where there are no words."""
    words = _NOT_WORDS.sub(" ", text[:_MOST_READ])
    if not words.isascii() and (by_script := _by_script(words)):
        return by_script
    if len(_LETTER.findall(words[:_BEGINNING])) < _FEWEST_LETTERS and len(_LETTER.findall(words)) < _FEWEST_LETTERS:
        return ""
    language, _ = _identifier().classify(words)
    return str(language)


def _by_script(words: str) -> str:
    """Tell the languages that have a script of their own. A name in it below a text in another one tells nothing;
    one character of these scripts says about as much as three letters."""
    kana, hangul, han = (len(script.findall(words)) for script in (_KANA, _HANGUL, _HAN))
    asian = kana + hangul + han
    if not asian or 3 * asian < len(_LETTER.findall(words)) - asian:
        return ""
    if hangul > kana + han:
        return "ko"
    # Every Japanese sentence has kana in it; no Chinese one has.
    return "ja" if kana else "ko" if hangul else "zh"


@functools.cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # brings numpy, which takes long to load

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    return identifier
