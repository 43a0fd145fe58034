"""Mail templates: plain text with tokens, such as ``{{ contact.first_name }}``; ``{{ contact.first_name | default:
"there" }}`` has a fallback.

The language has nothing but these two forms: no logic, no nesting, no code. A body is written as plain text; its HTML
alternative is made from the rendered text, with everything escaped.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from relent.terms.sentences import Said

# Editors turn straight quotes into typographic ones; both are understood.
_TOKEN = re.compile(
    r"\{\{\s*([a-z_]+(?:\.[A-Za-z0-9_-]+)?)\s*(?:\|\s*default\s*:\s*[\"“”]([^\"“”{}\n]*)[\"“”]\s*)?\}\}"
)
_BRACES = re.compile(r"\{\{[^{}\n]{0,200}\}?\}?|\}\}")
_GROUPS = ("contact", "company", "sender", "meeting_link")
_SINGLE = ("meeting_link", "unsubscribe_link")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"“”「」（）]+")
_TRAILING = ".,;:!?)]}'。、"


class MissingToken(Exception):
    """Tokens without a value and without a fallback: nothing may be sent. ``names`` holds each once, in order."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is written: its name, and its fallback or ``None``."""

    name: str
    fallback: str | None


class Fault(Said):
    """What a template's author must put right; the fragment in question follows the sentence."""

    UNKNOWN_TOKEN = "unknown_token", "There is no such token:", "この差し込み項目はありません:"
    BAD_SYNTAX = (
        "bad_syntax",
        "This is no token, and would be sent as it stands:",
        "差し込み項目の書き方が誤っています:",
    )


def tokens(template: str) -> list[Token]:
    """Return the tokens of ``template`` in the order they stand in."""
    return [Token(found[1], found[2]) for found in _TOKEN.finditer(template)]


def problems(template: str, language: str = "en") -> list[str]:
    """Return what is wrong with ``template`` as sentences, to be said when it is edited. ``render`` cannot say it."""
    unknown = [(Fault.UNKNOWN_TOKEN, found[0]) for found in _TOKEN.finditer(template) if not _known(found[1])]
    broken = [(Fault.BAD_SYNTAX, found) for found in _BRACES.findall(_TOKEN.sub("", template))]
    return [f"{fault.say(language)} {written}" for fault, written in unknown + broken]


def missing(template: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the tokens that have neither a value nor a fallback, each once; an empty value is none."""
    names = [token.name for token in tokens(template) if not values.get(token.name) and not token.fallback]
    return tuple(dict.fromkeys(names))


def render(template: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """Put ``values`` into ``template``. Values are data: braces in one stay braces, and with ``html`` they are escaped.
    What is no token stays as written. Raises MissingToken."""
    if names := missing(template, values):
        raise MissingToken(names)

    def value(found: re.Match[str]) -> str:
        text = values.get(found[1]) or found[2]
        return _escape(text) if html else text

    return _TOKEN.sub(value, template)


def html_of(text: str) -> str:
    """Return plain text as HTML: paragraphs at empty lines, line breaks, links to click, all else escaped."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n"))
    return "\n".join(f"<p>{_linked(paragraph.strip(chr(10)))}</p>" for paragraph in paragraphs if paragraph.strip())


def _known(name: str) -> bool:
    group, dot, _ = name.partition(".")
    return group in _GROUPS if dot else name in _SINGLE


def _linked(paragraph: str) -> str:
    pieces: list[str] = []
    position = 0
    for found in _LINK.finditer(paragraph):
        address = found[0].rstrip(_TRAILING)
        pieces += _escape(paragraph[position : found.start()]), f'<a href="{_escape(address)}">{_escape(address)}</a>'
        position = found.start() + len(address)
    pieces.append(_escape(paragraph[position:]))
    return "".join(pieces).replace("\n", "<br>\n")


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
