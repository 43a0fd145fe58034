"""The demo as a real process, for the tests of a whole visit."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.servers import ground, migrated

RELENT = str(Path(sys.executable).with_name("relent"))
_LINK = re.compile(r"http://\S+/playground/enter/\S+")


@dataclass
class Visit:
    """A newcomer's browser at a running demo."""

    process: subprocess.Popen[str]
    link: str
    browser: httpx.Client

    def press(self, button: str, who: str = "ann@acme.example", **more: str) -> httpx.Response:
        """Press a button of the page."""
        token = next(value for name, value in self.browser.cookies.items() if name.startswith("relent_csrf"))
        form = {"csrfmiddlewaretoken": token, "who": who, **more}
        return self.browser.post(f"/playground/{button}", data=form)

    def page(self, who: str = "ann@acme.example") -> str:
        """Return what the page shows now."""
        return self.browser.get("/playground/live", params={"who": who}).text

    def sees(self, words: str, who: str = "ann@acme.example") -> None:
        """Wait until the page shows ``words``."""
        deadline = time.monotonic() + 30
        while words not in self.page(who):
            assert time.monotonic() < deadline, f"the page did not show {words!r} within 30 s"
            time.sleep(0.05)


@contextmanager
def demo(folder: Path, *arguments: str, enter: bool = True) -> Iterator[Visit]:
    """Run ``relent demo`` in ``folder`` with no environment, and enter it by the printed link.

    The folder seems to have held a demo before, which had done nothing yet: its ports are remembered, and nobody else
    takes them meanwhile.
    """
    ports = folder / "ports.json"
    if not ports.exists():
        migrated.folder(folder)
        ports.write_text(json.dumps(dict(zip(("web", "smtp"), ground.free_ports(2), strict=True))))
    command = [RELENT, "demo", "--no-browser", "--dir", str(folder), *arguments]
    with subprocess.Popen(
        command, env={"PATH": os.environ["PATH"]}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            link = _read_link(process)
            base = link.partition("/playground")[0]
            with httpx.Client(base_url=base, follow_redirects=True, timeout=30, trust_env=False) as browser:
                if enter:
                    browser.get(link).raise_for_status()
                yield Visit(process, link, browser)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            finally:
                process.kill()


def _read_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := _LINK.search(line):
            return found.group()
    raise AssertionError(f"the demo ended without a link: {said}")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """One demo for a module's tests, each of which begins by putting everything back."""
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running
