"""The phrases of ``languages/*.toml``, worked out for the search: by themselves, or from where that was kept.

To spell out the needles of some thousand phrases takes seconds, which every process would spend that reads a mail. So
they are worked out once, when Relent is installed, and kept in ``compiled.json`` beside this file together with a
digest of what they were made from. Where that file is missing or older than the phrases, they are worked out anew.
"""

import hashlib
import json
import re
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypedDict

from relent.mail.notes import notation

COMPILED = "compiled.json"
_MADE_BY = ("phrase_data.py", "notation.py", "words.py")


class Phrases(TypedDict):
    """``entries`` are (meaning, language, whether it takes the meaning back, the phrase as a regular expression), the
    last empty where a needle proves the phrase; ``needles`` give for each string the entries whose first part it may
    be, and those whose second; ``subjects`` are the subject rows of all languages, each with its language as
    ``code``."""

    digest: str
    entries: list[tuple[str, str, bool, str]]
    needles: dict[str, tuple[list[int], list[int]]]
    subjects: list[dict[str, Any]]


def load() -> Phrases:
    """Return the phrases, from what was kept of them if that is of the same phrases."""
    kept = _folder() / COMPILED
    wanted = _digest()
    if kept.is_file():
        try:
            found: Phrases = json.loads(kept.read_text(encoding="utf-8"))
            if found["digest"] == wanted:
                return found
        except (ValueError, KeyError):
            pass  # cut short: as good as missing
    return work_out()


def is_kept() -> bool:
    """Whether what was kept is of the phrases of now."""
    kept = _folder() / COMPILED
    return kept.is_file() and kept.read_text(encoding="utf-8").startswith(f'{{"digest": "{_digest()}"')


def work_out() -> Phrases:
    """Return the phrases, from their files."""
    entries: list[tuple[str, str, bool, str]] = []
    needles: dict[str, tuple[list[int], list[int]]] = {}
    subjects: list[dict[str, Any]] = []
    for data in languages():
        for table, unless in (("says", False), ("unless", True)):
            for meaning, listed in data.get(table, {}).items():
                for written in listed:
                    phrase = notation.read(written)
                    found = notation.needles(phrase)
                    for part, strings in enumerate((found.first, found.second)):
                        for string in strings:
                            needles.setdefault(string, ([], []))[part].append(len(entries))
                    expression = "" if found.exact else notation.expression(phrase)
                    entries.append((meaning, data["code"], unless, expression))
        subjects += [{"code": data["code"], **row} for row in data.get("subject", ())]
    return Phrases(digest=_digest(), entries=entries, needles=needles, subjects=subjects)


def languages() -> tuple[dict[str, Any], ...]:
    """Return the data of every language, by its code. ``{day}`` in a phrase stands for what ``day`` is in its ``sets``,
    and a set may name sets above it: what recurs in a language, as its weekdays, is written down once. Raises
    ValueError, which names the file, where a set is named that is not there or the file is no TOML."""
    return tuple(_language(one) for one in _sources())


def _language(source: Traversable) -> dict[str, Any]:
    try:
        return _filled(tomllib.loads(source.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ValueError(f"languages/{source.name}: {error}") from error


_SET = re.compile(r"\{(\w+)\}")


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    sets: dict[str, str] = {}
    for name, options in data.pop("sets", {}).items():
        sets[name] = f"({_with(sets, options)})"
    for table in ("says", "unless"):
        for meaning, listed in data.get(table, {}).items():
            data[table][meaning] = [_with(sets, written) for written in listed]
    return data


def _with(sets: dict[str, str], written: str) -> str:
    unknown = [name for name in _SET.findall(written) if name not in sets]
    if unknown:
        raise ValueError(f"{written!r} names {{{unknown[0]}}}, which is none of the sets above it")
    return _SET.sub(lambda named: sets[named[1]], written)


def _sources() -> list[Traversable]:
    files = (one for one in (_folder() / "languages").iterdir() if one.name.endswith(".toml"))
    return sorted(files, key=lambda one: one.name)


def _digest() -> str:
    made = hashlib.sha256()
    for one in [*_sources(), *(_folder() / name for name in _MADE_BY)]:
        made.update(one.read_bytes())
    return made.hexdigest()


def _folder() -> Traversable:
    return resources.files("relent.mail.notes")
