"""What is installed is pinned by hash, from the public index, and the two forms of the lock agree."""

import re
import tomllib

import pytest

from tests.architecture.rules import ROOT

LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
# A package may be locked in two versions, for older and for newer Pythons.
PINNED = {(package["name"], package.get("version", "")): package for package in LOCK["package"]}
RELENT = next(package for package in LOCK["package"] if package["name"] == "relent")
LEVELS = ("run", "dev")


def blocks(level: str) -> list[str]:
    return (ROOT / "requirements" / f"{level}.txt").read_text().replace("\\\n", " ").strip().splitlines()


@pytest.mark.parametrize("level", LEVELS)
def test_every_requirement_is_the_locked_version_with_its_hashes(level: str) -> None:
    for block in blocks(level):
        name, version = re.match(r"([\w.-]+)(?:\[.*\])?==(\S+)", block).groups()  # type: ignore[union-attr]  # or it fails here
        package = PINNED[name, version]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert set(re.findall(r"--hash=(\S+)", block)) == {file["hash"] for file in files}


def test_every_package_comes_from_the_public_index() -> None:
    assert {str(p["source"]) for p in LOCK["package"] if p["name"] != "relent"} == {
        "{'registry': 'https://pypi.org/simple'}"
    }


def test_the_lock_was_made_for_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = [line for lines in asked["project"]["optional-dependencies"].values() for line in lines]
    names = {re.split(r"[\[<>=; ]", line)[0] for line in (*asked["project"]["dependencies"], *extras)}
    locked = {each["name"] for each in RELENT["metadata"]["requires-dist"]}
    groups = RELENT["metadata"]["requires-dev"]
    wanted = {
        g: {re.split(r"[<>=; ]", e)[0].lower().replace(".", "-") for e in es if isinstance(e, str)}
        for g, es in asked["dependency-groups"].items()
    }
    assert names == locked
    assert all(wanted[group] <= {each["name"] for each in groups[group]} for group in wanted)


@pytest.mark.parametrize("path", ["uv.lock", "requirements/run.txt", "requirements/dev.txt", "pyproject.toml"])
def test_nothing_names_a_place_on_one_machine(path: str) -> None:
    assert not re.search(r"file:|find-links|index-url|/(opt|home|root|work|Users)/", (ROOT / path).read_text())
