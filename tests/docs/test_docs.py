"""The documentation says what the code does: every word, setting, check, command and file in it is there."""

import os
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from relent.decide import policy
from relent.project import command, environment
from relent.terms.sentences import Said
from tests.architecture.rules import ROOT

WRITER = runpy.run_path(str(ROOT / "scripts" / "write_docs.py"))
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
HOW_TOS = {
    "add-a-mail-source",
    "add-a-page",
    "add-a-transport",
    "add-a-trigger",
    "back-up",
    "connect-a-mailbox",
    "connect-a-scheduler",
    "measure-the-judgement",
    "overrule-a-judgement",
    "rotate-keys",
    "run-on-postgresql",
    "try-a-setting",
    "when-somebody-leaves",
    "write-a-workflow",
}

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def words() -> Iterator[Said]:
    for vocabulary in WRITER["vocabularies"]().values():
        yield from vocabulary


def in_code(text: str) -> str:
    """What stands in backticks or in a code block."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def test_every_state_reason_verdict_and_entry_is_in_the_glossary_with_its_sentences() -> None:
    assert [word for word in words() if f"| `{word.value}` | {word.en} | {word.ja} |" not in GLOSSARY] == []


def test_every_event_is_in_the_glossary() -> None:
    assert [kind for kind in WRITER["event_classes"]() if f"| `{kind.__name__}` |" not in GLOSSARY] == []


@pytest.mark.parametrize("variable", environment.VARIABLES, ids=lambda variable: variable.name)
def test_a_variable_is_documented_with_its_default(variable: environment.Variable) -> None:
    assert re.search(rf"^\| `{variable.name}`( \*)? \| .*{re.escape(variable.meaning)} \|$", SETTINGS, re.MULTILINE)
    assert f"\n#{variable.name}={variable.default}\n" in (ROOT / ".env.example").read_text()


def test_every_setting_of_the_account_is_documented_with_both_profiles() -> None:
    rows = {s.name: f"`{s.name}` | {s.meaning} | `{s.safe}` | `{s.strict}`" for s in policy.SETTINGS}
    assert [name for name, row in rows.items() if row not in SETTINGS] == []


def test_each_difference_between_the_profiles_is_explained_and_nothing_else_is() -> None:
    explained = re.findall(r"^- `(\w+)`: ", SETTINGS.partition("### What the profiles do differently")[2], re.MULTILINE)
    assert explained == [s.name for s in policy.SETTINGS if s.safe != s.strict]


def test_every_check_is_documented_and_no_other() -> None:
    source = (ROOT / "relent" / "project" / "checks.py").read_text()
    assert set(re.findall(r'id="(relent\.[EW]\d+)"', source)) == set(
        re.findall(r"^\| `(relent\.[EW]\d+)`", SETTINGS, re.M)
    )


def test_every_command_is_documented_with_what_it_does() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name, says in command.commands() if f"| `relent {name}` | {says} |" not in text] == []


def test_every_page_is_as_the_code_says_it() -> None:
    stale = [path for path, text in WRITER["pages"]().items() if path.read_text() != text]
    assert stale == [], "run `make glossary`"


def test_every_how_to_is_there() -> None:
    assert {path.stem for path in (ROOT / "docs" / "howto").glob("*.md")} == HOW_TOS


@pages
def test_a_command_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"(?:^\s*|[`/])relent ([a-z][a-z-]+)", in_code(page.read_text()), re.MULTILINE)
    assert {name for name in named if name.replace("-", "_") not in {*get_commands(), "help"}} == set()


@pages
def test_a_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", in_code(page.read_text()), re.MULTILINE)) <= targets


@pages
def test_a_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pages
def test_a_file_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`((?:relent|tests|scripts|docs)/[\w./-]*)`", page.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_documentation_is_in_english_apart_from_the_japanese_sentences() -> None:
    strays = [
        page
        for page in PAGES
        if page.name != "glossary.md" and re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", page.read_text())
    ]
    assert strays == []


def test_the_first_thing_the_readme_shows_is_the_demo_and_the_second_the_tests() -> None:
    text = (ROOT / "README.md").read_text()
    assert 0 < text.index("make demo") < text.index("make test") < text.index("## The promise")


def test_what_is_run_can_be_run() -> None:
    scripts = [ROOT / ".ci" / "run", *(ROOT / "scripts").glob("[!_]*")]
    assert [path for path in scripts if path.is_file() and not os.access(path, os.X_OK)] == []


def test_the_architecture_names_every_file_of_flows() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    table = page.partition("## The files of `flows`")[2].partition("\n## ")[0]
    files = {path.stem for path in (ROOT / "relent/flows").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"`(\w+)`", table)) - {"flows"} == files
