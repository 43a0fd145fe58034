"""Everything that the pages say is said in Japanese too."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from django.utils.translation.template import templatize

import relent

ROOT = Path(relent.__file__).parent
KEYWORDS = {
    name: extract.DEFAULT_KEYWORDS.get(name)
    for name in ("_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_noop")
} | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


@pytest.mark.parametrize("room", ["web", "playground"])
def test_every_sentence_of_the_pages_has_a_japanese_translation(room: str) -> None:
    translated = dict(catalog())
    missing = {sentence for sentence in sentences(ROOT / room) if not translated.get(sentence)}
    assert missing == set()


@pytest.mark.parametrize("room", ["web", "playground"])
def test_no_translation_is_left_over(room: str) -> None:
    assert set(dict(catalog(room))) - set(sentences(ROOT / room)) == set()


def test_a_translation_uses_the_same_placeholders() -> None:
    wrong = [
        sentence for sentence, said in catalog() for name in placeholders(sentence) if name not in placeholders(said)
    ]
    assert wrong == []


def sentences(room: Path) -> Iterator[str]:
    """Yield every sentence that a room's templates and code hand to gettext."""
    for path in sorted([*room.rglob("*.py"), *room.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        code = templatize(text) if path.suffix == ".html" else text
        for _line, name, message, _comments in extract.extract_python(BytesIO(code.encode()), KEYWORDS, [], {}):
            # pgettext is given a context before the sentence.
            yield first(message[1:] if "pgettext" in name else message)


def first(message: object) -> str:
    """Return the sentence among what one call of gettext was given: no context, no plural."""
    if isinstance(message, str):
        return message
    assert isinstance(message, tuple)
    return str(message[0])


def catalog(room: str = "*") -> Iterator[tuple[str, str]]:
    """Yield each sentence with its Japanese translation."""
    for path in ROOT.glob(f"{room}/locale/ja/LC_MESSAGES/django.po"):
        for message in pofile.read_po(BytesIO(path.read_bytes()), locale="ja"):
            said = message.string if isinstance(message.string, str) else message.string[0]
            if message.id:
                yield first(message.id), said


def placeholders(text: str) -> set[str]:
    """Return the names between ``%(`` and ``)``."""
    return {part.partition(")")[0] for part in text.split("%(")[1:]}
