"""The page of the rules names every rule, and for each the tests that would fail without it."""

import ast
import importlib
import re
from functools import cache

import pytest

from tests.architecture.rules import ROOT

PAGE = (ROOT / "docs" / "reference" / "rules.md").read_text()
LINES = re.findall(r"^\| ([A-Z]-\d\d) \| (.+?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
NOT_BUILT = "Not built: "
# The features that the core is built from; those left out belong to later parts.
ROWS = {
    "E": [*range(1, 14)],
    "X": [1, 2, 3, 4, 5, 9, 12, 13, 14],
    "U": [*range(1, 26), 29, *range(31, 36)],
    "O": [*range(1, 14)],
    "A": [*range(1, 10)],
    "T": [*range(1, 11)],
    "M": [*range(1, 15)],
    "W": [1, 3],
    "R": [*range(1, 7)],
    "C": [1, 2, 3, 5],
}

lines = pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])


def in_code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@cache
def sentences_of(path: str) -> set[str]:
    """The rows of a table of the core."""
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    return {row.sentence for row in module.TABLE}


def exists(named: str) -> bool:
    path, _, test = named.partition("::")
    if not (ROOT / path).is_file():
        return False
    if not test:
        return path.startswith("tests/scenarios/") and path.endswith(".yaml")
    name, _, sentence = test.partition("[")
    return name in functions_of(path) and (not sentence or sentence.removesuffix("]") in sentences_of(path))


def test_every_rule_is_there_once_and_in_order() -> None:
    wanted = [f"{letter}-{number:02}" for letter, numbers in ROWS.items() for number in numbers]
    assert [line[0] for line in LINES] == wanted


@lines
def test_a_rule_names_tests_that_exist_or_says_that_it_is_not_built(line: tuple[str, ...]) -> None:
    _, says, _, tests = line
    assert [named for named in in_code(tests) if not exists(named)] == []
    assert bool(in_code(tests)) is not says.startswith(NOT_BUILT)


@lines
def test_a_rule_names_code_that_exists(line: tuple[str, ...]) -> None:
    _, says, where, _ = line
    assert [path for path in in_code(where) if not (ROOT / path).exists()] == []
    assert bool(in_code(where)) is not says.startswith(NOT_BUILT)


@pytest.mark.parametrize(
    "named", ["tests/flows/nothing.py::test_x", "tests/flows/test_turn.py::test_nothing", "README.md"]
)
def test_what_is_not_there_would_be_noticed(named: str) -> None:
    assert not exists(named)
