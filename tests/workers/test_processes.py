"""The long-running processes, as real processes on a database of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.servers import ground, migrated

pytestmark = pytest.mark.integration

RELENT = str(Path(sys.executable).with_name("relent"))


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        **migrated.KEYS,
        "RELENT_DATA_DIR": str(folder),
        "RELENT_LISTEN": f"127.0.0.1:{port}",
        "RELENT_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def running(*command: str, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [RELENT, *command],
        env=environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"the process ended without saying {words!r}")


@pytest.fixture
def port() -> int:
    return ground.free_ports(1)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database that is up to date."""
    return migrated.folder(tmp_path)


@dataclass(frozen=True)
class Up:
    """`relent up`, running: its folder, its port, and the line that said so."""

    folder: Path
    port: int
    said: str


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that runs for all tests that do not end it."""
    folder, (port,) = migrated.folder(tmp_path_factory.mktemp("up")), ground.free_ports(1)
    with running("up", folder=folder, port=port) as process:
        yield Up(folder, port, line_with(process, "Relent is up"))


def test_up_says_where_it_is_and_answers_there(up: Up) -> None:
    assert f"http://127.0.0.1:{up.port}" in up.said
    assert httpx.get(f"http://127.0.0.1:{up.port}/healthz", timeout=30, trust_env=False).json() == {"status": "ok"}


def test_up_refuses_to_work_where_another_one_works(up: Up, port: int) -> None:
    with running("up", folder=up.folder, port=port) as second:
        line_with(second, "already at work")
        assert second.wait(30) == 1


def test_up_says_when_its_address_is_taken(up: Up, folder: Path) -> None:
    with running("up", folder=folder, port=up.port) as second:
        assert f"127.0.0.1:{up.port}" in line_with(second, "Cannot listen")
        assert second.wait(30) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_stops_at_a_signal_and_well(folder: Path, port: int, number: signal.Signals) -> None:
    with running("up", folder=folder, port=port) as process:
        line_with(process, "Relent is up")
        process.send_signal(number)
        assert process.wait(30) == 0


def test_up_migrates_an_empty_folder_and_says_so(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path, port=port) as process:
        assert "(0 migrations" not in line_with(process, "up to date")


def test_up_can_be_started_again_after_it_was_killed(folder: Path, port: int) -> None:
    with running("up", folder=folder, port=port) as process:
        line_with(process, "Relent is up")
        process.kill()
        process.wait(30)
    with running("up", folder=folder, port=port) as process:
        line_with(process, "Relent is up")


def test_web_and_work_run_apart(folder: Path, port: int) -> None:
    with running("web", folder=folder, port=port) as web, running("work", folder=folder, port=port) as work:
        line_with(web, "The web server is up")
        line_with(work, "At work")
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30, trust_env=False).status_code == 200
        for process in (web, work):
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def test_up_tells_a_wrong_setting_and_does_not_start(tmp_path: Path, port: int) -> None:
    wrong = {**environment(tmp_path, port), "RELENT_SECRETS_KEYS": "no key"}
    done = subprocess.run([RELENT, "up"], env=wrong, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "relent.E003" in done.stderr
