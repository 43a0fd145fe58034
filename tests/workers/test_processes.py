"""The long-running processes, as real processes on a database of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers import ground

pytestmark = pytest.mark.integration

RELENT = str(Path(sys.executable).with_name("relent"))


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "RELENT_SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-for-every-check-0123456789",
        "RELENT_SECRETS_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
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


def test_up_says_where_it_is_and_answers_there(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path, port=port) as process:
        assert f"http://127.0.0.1:{port}" in line_with(process, "Relent is up")
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30, trust_env=False).json() == {"status": "ok"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_stops_at_a_signal_and_well(tmp_path: Path, port: int, number: signal.Signals) -> None:
    with running("up", folder=tmp_path, port=port) as process:
        line_with(process, "Relent is up")
        process.send_signal(number)
        assert process.wait(30) == 0


def test_up_migrates_an_empty_folder_and_says_so(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path, port=port) as process:
        assert "(0 migrations" not in line_with(process, "up to date")


def test_up_refuses_to_work_where_another_one_works(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path, port=port) as first:
        line_with(first, "Relent is up")
        (other_port,) = ground.free_ports(1)
        with running("up", folder=tmp_path, port=other_port) as second:
            line_with(second, "already at work")
            assert second.wait(30) == 1


def test_up_says_when_its_address_is_taken(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path / "a", port=port) as first:
        line_with(first, "Relent is up")
        with running("up", folder=tmp_path / "b", port=port) as second:
            assert f"127.0.0.1:{port}" in line_with(second, "Cannot listen")
            assert second.wait(30) == 1


def test_up_can_be_started_again_after_it_was_killed(tmp_path: Path, port: int) -> None:
    with running("up", folder=tmp_path, port=port) as process:
        line_with(process, "Relent is up")
        process.kill()
        process.wait(30)
    with running("up", folder=tmp_path, port=port) as process:
        line_with(process, "Relent is up")


def test_web_and_work_run_apart(tmp_path: Path, port: int) -> None:
    subprocess.run([RELENT, "migrate", "-v0"], env=environment(tmp_path, port), check=True)
    with running("web", folder=tmp_path, port=port) as web, running("work", folder=tmp_path, port=port) as work:
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
