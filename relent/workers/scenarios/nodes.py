"""YAML with places: every value knows its file, its line and its key, so that a fault can name all three.

A *shape* is a function that takes a Value and returns what it means, or raises NotAScenario.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

_TYPES = {
    "tag:yaml.org,2002:str": "a text",
    "tag:yaml.org,2002:int": "a whole number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:seq": "a list",
    "tag:yaml.org,2002:map": "a mapping",
}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d+)([smhdw])")


class NotAScenario(Exception):
    """A file does not follow the format. Says where: file, line (from 1) and the key at fault."""

    def __init__(self, place: str, key: str, message: str) -> None:
        super().__init__(f"{place}: {key}: {message}" if key else f"{place}: {message}")


@dataclass(frozen=True)
class Value:
    """A node, the key that it stands under and the file that it stands in."""

    node: yaml.Node
    key: str
    file: Path

    def fault(self, message: str) -> NotAScenario:
        """Return the fault that ``message`` describes, at this place."""
        return NotAScenario(f"{self.file}:{self.line}", self.key, message)

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def kind(self) -> str:
        """What YAML took the value for, as a person would say it."""
        return _TYPES.get(self.node.tag, self.node.tag)

    @property
    def written(self) -> str:
        """The text of a scalar as it stands in the file, whatever YAML took it for."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fault(f"must be a single value, not {self.kind}")
        return str(self.node.value)


Shape = Callable[[Value], Any]


def document(file: Path) -> Value:
    """Return the one YAML document of ``file``. Raises NotAScenario where there is none."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise NotAScenario(f"{file}:1", "", f"cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotAScenario(f"{file}:{line}", "", f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise NotAScenario(f"{file}:1", "", f"is not YAML: {error}") from error
    if node is None:
        raise NotAScenario(f"{file}:1", "", "is empty")
    return Value(node, "", file)


def entries(value: Value) -> dict[str, Value]:
    """Return the values of a mapping by key, in the order of the file; a key may stand there once."""
    if not isinstance(value.node, yaml.MappingNode):
        raise value.fault(f"must be a mapping, not {value.kind}")
    found: dict[str, Value] = {}
    for key_node, node in value.node.value:
        key = Value(key_node, value.key, value.file).written
        if key in found:
            raise Value(key_node, key, value.file).fault("stands here twice")
        found[key] = Value(_at(key_node, node), key, value.file)
    return found


def items(value: Value) -> list[Value]:
    """Return the values of a list, each under the key of the list."""
    if not isinstance(value.node, yaml.SequenceNode):
        raise value.fault(f"must be a list, not {value.kind}")
    return [Value(node, value.key, value.file) for node in value.node.value]


def fields(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """Shape of a mapping with exactly these keys. Returns a dict with the keys that were given."""
    known = {**required, **(optional or {})}

    def read(value: Value) -> dict[str, Any]:
        given = entries(value)
        for key, entry in given.items():
            if key not in known:
                raise entry.fault(f"unknown key; known here: {', '.join(known) or 'none'}")
        for key in required:
            if key not in given:
                raise Value(value.node, key, value.file).fault("is missing")
        return {key: known[key](entry) for key, entry in given.items()}

    return read


def mapping(shape: Shape) -> Shape:
    """Shape of a mapping with names of the writer's own choice."""
    return lambda value: {key: shape(entry) for key, entry in entries(value).items()}


def sequence(shape: Shape) -> Shape:
    """Shape of a list."""
    return lambda value: [shape(item) for item in items(value)]


def one_or_more(shape: Shape) -> Shape:
    """Shape of a single value or a list of such; returns a list."""
    several = sequence(shape)
    return lambda value: several(value) if isinstance(value.node, yaml.SequenceNode) else [shape(value)]


def text(value: Value) -> str:
    """Shape of a text."""
    if value.node.tag != "tag:yaml.org,2002:str":
        hint = "; put it in quotes" if isinstance(value.node, yaml.ScalarNode) else ""
        raise value.fault(f"must be a text, not {value.kind}{hint}")
    return value.written


def flag(value: Value) -> bool:
    """Shape of true or false."""
    if value.node.tag != "tag:yaml.org,2002:bool":
        raise value.fault(f"must be true or false, not {value.kind}")
    return value.written.lower() in ("true", "yes", "on")


def whole(minimum: int) -> Shape:
    """Shape of a whole number of at least ``minimum``."""

    def read(value: Value) -> int:
        if value.node.tag != "tag:yaml.org,2002:int" or not re.fullmatch(r"-?\d+", value.written):
            raise value.fault(f"must be a whole number, not {value.kind}")
        if int(value.written) < minimum:
            raise value.fault(f"must be {minimum} or more")
        return int(value.written)

    return read


def one_of(*names: str) -> Shape:
    """Shape of one name out of several."""

    def read(value: Value) -> str:
        if value.node.tag == "tag:yaml.org,2002:bool" and "off" in names:
            raise value.fault(f'YAML reads a bare {value.written} as a boolean: write "{value.written}" in quotes')
        if text(value) not in names:
            raise value.fault(f"unknown name {value.written!r}; known here: {', '.join(names)}")
        return value.written

    return read


def address(value: Value) -> str:
    """Shape of a mail address."""
    local, at, host = text(value).rpartition("@")
    if not (local and at and host) or re.search(r"[\s<>,]", value.written):
        raise value.fault(f"{value.written!r} is not a mail address")
    return value.written


def instant(value: Value) -> datetime:
    """Shape of an ISO 8601 instant with its zone; returns it in UTC."""
    try:
        moment = datetime.fromisoformat(value.written)
    except ValueError:
        raise value.fault(f"{value.written!r} is not an ISO 8601 instant") from None
    if moment.tzinfo is None:
        raise value.fault(f"{value.written!r} names no zone: end it with Z or an offset")
    return moment.astimezone(UTC)


def duration(value: Value) -> timedelta:
    """Shape of a duration: ``30s``, ``15m``, ``2h``, ``3d`` or ``1w``."""
    found = _DURATION.fullmatch(text(value))
    if found is None:
        raise value.fault(f"{value.written!r} is not a duration such as 30s, 15m, 2h, 3d or 1w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def elapsed(value: Value) -> timedelta:
    """Shape of ``+DURATION``."""
    return duration(Value(_without_plus(value.node), value.key, value.file))


def anything(value: Value) -> Any:
    """Shape of any value: what YAML makes of it."""
    match value.node:
        case yaml.MappingNode():
            return {key: anything(entry) for key, entry in entries(value).items()}
        case yaml.SequenceNode():
            return [anything(item) for item in items(value)]
        case _:
            return yaml.SafeLoader("").construct_object(value.node)


def everything(value: Value) -> str:
    """Return all the text in a value, whatever its shape."""
    match value.node:
        case yaml.MappingNode():
            return "\n".join(everything(entry) for entry in entries(value).values())
        case yaml.SequenceNode():
            return "\n".join(everything(item) for item in items(value))
        case _:
            return value.written


def _at(key_node: yaml.Node, node: yaml.Node) -> yaml.Node:
    """Return ``node``, placed on the line of its key: that is where a reader looks for it."""
    return type(node)(node.tag, node.value, key_node.start_mark, node.end_mark)


def _without_plus(node: yaml.Node) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", str(node.value).removeprefix("+"), node.start_mark, node.end_mark)
