"""Reads scenario files: the whole grammar is checked before anything runs."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from relent.workers.scenarios import given, nodes, then, when
from relent.workers.scenarios.names import Names
from relent.workers.scenarios.nodes import NotAScenario, Value
from relent.workers.scenarios.story import Scenario


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the scenario files: each path that is a file, and every ``*.yaml`` below each that is a folder.

    Each file comes once. Raises NotAScenario for a path that leads to none.
    """
    seen: set[Path] = set()
    for path in paths:
        found = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
        if not found:
            raise NotAScenario(str(path), "", "there is no scenario here")
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def load(file: Path) -> Scenario:
    """Read one file. Raises NotAScenario, which names file, line and key."""
    try:
        return _scenario(nodes.document(file))
    except RecursionError:
        raise NotAScenario(f"{file}:1", "", "is nested without end") from None


def _properties(document: Value) -> set[str]:
    """The properties of contacts that anything in the file depends on: a token, a workflow, an expectation."""
    keys = nodes.entries(document)
    text = nodes.everything(keys["given"])
    found = set(re.findall(r"\{\{\s*contact\.(\w+)", text))
    parts = nodes.entries(keys["given"])
    for flow in nodes.entries(parts["workflows"]).values() if "workflows" in parts else ():
        fields = nodes.entries(flow)
        found |= set(nodes.entries(fields["property"])) if "property" in fields else set()
    for expected in nodes.items(keys["then"]):
        asked = nodes.entries(expected)
        found |= set(asked) - {"contact"} if "contact" in asked else set()
    return found


def _scenario(document: Value) -> Scenario:
    keys = nodes.entries(document)
    for key in ("id", "given", "when", "then"):
        if key not in keys:
            raise Value(document.node, key, document.file).fault("is missing")
    names = Names.of(keys["given"])
    names.properties = _properties(document)
    head = nodes.fields(
        {"id": nodes.text, "given": given.whole_part(names), "when": nodes.items, "then": nodes.items},
        {"title": nodes.text, "profile": nodes.one_of(*then.PROFILES), "settings": given.account_settings},
    )(document)
    events = when.events(keys["when"], names)
    return Scenario(
        file=document.file,
        id=head["id"],
        title=head.get("title", ""),
        profile=head.get("profile", "safe"),
        settings=head.get("settings", {}),
        given=head["given"],
        events=events,
        expectations=then.expectations(keys["then"], names, len(events)),
    )
