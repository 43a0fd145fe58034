"""Names of people, in the order in which they are written."""

import re

# Han characters, kana and Hangul: names written in these put the family name first.
_FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def full(first: str, last: str) -> str:
    """Return the full name: the family name first where it is written in Chinese, Japanese or Korean characters."""
    names = (last, first) if _FAMILY_FIRST.search(last) else (first, last)
    return " ".join(name for name in names if name)
