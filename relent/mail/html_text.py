"""HTML reduced to the text a reader sees.

Read by one pass over the tags rather than by ``html.parser``: that one starts over at every unclosed comment, which
makes a hostile mail cost the square of its size.
"""

import html
import re

MOST_HTML = 256 * 1024  # characters looked at
_DEEPEST_QUOTE = 20

# The beginning of a comment, a tag, or a declaration; any other "<" is text.
_MARKUP = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|[!?/][^<>]*>)")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNSEEN = {name: re.compile(rf"</{name}[^<>]*>", re.IGNORECASE) for name in ("script", "style", "title", "template")}
_PARAGRAPHS = {"p", "blockquote", "ul", "ol", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"br", "div", "tr", "li", "section", "article", "header", "footer", "dt", "dd", "center", "hr"}
_CELLS = {"td", "th"}
# Outlook sets what it quotes into no blockquote, only below a header of this name: in its plain text, this line.
_OUTLOOKS_QUOTATION = 'id="divRplyFwdMsg"'
_AS_PLAIN_TEXT = "-----Original Message-----"
_SHAPING = _PARAGRAPHS | _LINES | _CELLS


def reduce(markup: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``markup`` as text. A quoted block's lines start with ``> ``."""
    page = _Page(limit)
    source = markup[:MOST_HTML]
    position, comments_close = 0, True
    while not page.full and (found := _MARKUP.search(source, position)):
        if found.start() > position:
            page.write(source[position : found.start()])
        position = found.end()
        if found[1]:
            end = source.find("-->", position) if comments_close else -1
            comments_close = end >= 0  # looked for once: where none closes, none after it does
            position = end + 3 if comments_close else position
        elif name := found[3]:
            name = name.lower()
            if name in _SHAPING:
                page.tag(name, closing=bool(found[2]))
                if name == "div" and _OUTLOOKS_QUOTATION in found[0]:
                    page.write(_AS_PLAIN_TEXT)
                    page.tag("br", closing=False)
            elif name in _UNSEEN and not found[2]:
                closing = _UNSEEN[name].search(source, position)
                position = closing.end() if closing else len(source)
    if not page.full:
        page.write(source[position:])
    return page.text()


class _Page:
    """The text written so far."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._length = 0
        self._done: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self.full = False

    def write(self, text: str) -> None:
        if not text:
            return
        words = text if text.isalnum() else _BLANKS.sub(" ", _unescape(text))
        if words.startswith(" ") and (not self._line or self._line[-1].endswith(" ")):
            words = words[1:]
        if words:
            self._line.append(words)
            self._length += len(words)
            self.full = self._length > self._limit

    def tag(self, name: str, *, closing: bool) -> None:
        if name in _PARAGRAPHS:
            self._break()
            outside = self._quotes
            if name == "blockquote":
                self._quotes = min(max(self._quotes + (-1 if closing else 1), 0), _DEEPEST_QUOTE)
            between = "> " * min(outside, self._quotes)
            if not self._done or self._done[-1] != between:
                self._done.append(between)
        elif name == "br":
            self._end_line()
        elif name in _LINES:
            self._break()
            if name == "hr":
                self._done.append("_" * 32)
        elif name in _CELLS:
            self.write(" ")

    def text(self) -> str:
        self._break()
        lines = "\n".join(line.rstrip() for line in self._done)
        return _EMPTY_LINES.sub("\n\n", lines).strip("\n")[: self._limit]

    def _break(self) -> None:
        if self._line:
            self._end_line()

    def _end_line(self) -> None:
        self._length += 1 + 2 * self._quotes
        self.full = self._length > self._limit
        self._done.append("> " * self._quotes + "".join(self._line))
        self._line = []


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        return text  # a numeric reference of thousands of digits
