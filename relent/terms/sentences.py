"""A code that carries its sentence: how Relent says a reason to a person, in English and in Japanese."""

from enum import StrEnum
from typing import Self


class Said(StrEnum):
    """Base of every vocabulary whose members are stored by code and shown as a sentence.

    A member is written ``CODE = "code", "English sentence.", "日本語の文。"``. Sentences live beside their code, and
    not in a translation catalog, so that a reason without a Japanese sentence cannot be written at all.
    """

    en: str
    ja: str

    def __new__(cls, code: str, en: str = "", ja: str = "") -> Self:
        # The defaults are for the type checker, which reads ``Vocabulary(code)``, the look-up, as this call.
        if not (en and ja):
            raise TypeError(f"{cls.__name__} {code!r} needs a sentence in English and one in Japanese")
        member = str.__new__(cls, code)
        member._value_ = code
        member.en = en
        member.ja = ja
        return member

    def say(self, language: str) -> str:
        """Return the sentence in ``language`` (a tag such as ``ja`` or ``en-us``); English where there is no other."""
        return self.ja if language.lower().startswith("ja") else self.en

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return ``(code, English sentence)`` pairs; fields take it as a callable, so a new code needs no migration."""
        return [(member.value, member.en) for member in cls]
