"""What the demo prepares before Django reads its settings."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from relent.playground import environment
from tests.servers import ground


@pytest.fixture(autouse=True)
def unlocked() -> Iterator[None]:
    """Let go of the folders that a test prepared, as the end of the process does."""
    yield
    while environment._held:
        environment._held.pop().close()


def prepared(folder: Path, *arguments: str, **given: str) -> dict[str, str]:
    environ = dict(given)
    environment.prepare(["--dir", str(folder), *arguments], environ)
    while environment._held:
        environment._held.pop().close()
    return environ


def test_no_environment_is_needed(tmp_path: Path) -> None:
    environ = prepared(tmp_path)
    assert environ["RELENT_PUBLIC_URL"] == f"http://{environ['RELENT_LISTEN']}"
    assert len(environ["RELENT_SECRET_KEY"]) >= 50


def test_the_install_that_the_environment_describes_is_not_touched(tmp_path: Path) -> None:
    environ = prepared(
        tmp_path, RELENT_DATABASE_URL="postgres://somewhere/real", RELENT_SECRET_KEY_FILE="/real", HOME="/x"
    )
    assert "RELENT_DATABASE_URL" not in environ
    assert "RELENT_SECRET_KEY_FILE" not in environ
    assert environ["HOME"] == "/x"


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    prepared(tmp_path)
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_second_run_has_the_same_keys_and_ports(tmp_path: Path) -> None:
    assert prepared(tmp_path) == prepared(tmp_path)


def test_a_fresh_run_has_new_keys_and_no_database(tmp_path: Path) -> None:
    first = prepared(tmp_path)
    (tmp_path / "relent.sqlite3").touch()
    assert prepared(tmp_path, "--fresh")["RELENT_SECRET_KEY"] != first["RELENT_SECRET_KEY"]
    assert not (tmp_path / "relent.sqlite3").exists()


def test_a_fresh_run_deletes_nothing_that_the_demo_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    prepared(tmp_path, "--fresh")
    assert (tmp_path / "thesis.txt").exists()


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    web, before = ground.free_ports(2)
    (tmp_path / "ports.json").write_text(json.dumps({"web": web, "smtp": before}))
    prepared(tmp_path)
    assert json.loads((tmp_path / "ports.json").read_text())["smtp"] == before
    with socket.create_server(("127.0.0.1", before)):
        prepared(tmp_path)
    assert json.loads((tmp_path / "ports.json").read_text())["smtp"] != before


def test_a_folder_in_which_a_demo_runs_is_refused(tmp_path: Path) -> None:
    environment.prepare(["--dir", str(tmp_path)], {})
    with pytest.raises(SystemExit, match="already"):
        environment.prepare(["--dir", str(tmp_path)], {})
