"""A PostgreSQL cluster of our own, with fsync on, gone when it is stopped."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ground


class Postgres:
    """A running cluster; ``url`` leads to an empty database on it."""

    def __init__(self) -> None:
        places = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
        initdb, server = (ground.program(name, "postgresql", *places) for name in ("initdb", "postgres"))
        self.directory = ground.directory("postgres")
        (self.port,) = ground.free_ports(1)
        data = str(self.directory / "data")
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        make = [initdb, "-D", data, "-U", "relent", "-A", "trust", "-E", "UTF8", "--no-instructions"]
        subprocess.run(ground.as_unprivileged(make), check=True, env=environment, cwd="/", stdout=subprocess.DEVNULL)
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.directory,
            "fsync": "on",
            "max_connections": 200,
            "shared_buffers": "64MB",
        }
        run = [server, "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
        with (self.directory / "postgres.log").open("wb") as log:
            self.process = subprocess.Popen(ground.as_unprivileged(run), env=environment, cwd="/", stderr=log)
        try:
            ground.until(self._ready, "PostgreSQL", self.process)
            subprocess.run([*self._tool("createdb", places), "relent"], check=True)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            said = (self.directory / "postgres.log").read_text(errors="replace")
            self.stop()
            raise RuntimeError(f"{error}: {said[-2000:]}") from error

    @property
    def url(self) -> str:
        return f"postgresql://relent@127.0.0.1:{self.port}/relent"

    def stop(self) -> None:
        """End the cluster (connections are broken off) and remove its directory."""
        if self.process.poll() is None:
            self.process.send_signal(2)  # SIGINT: fast shutdown
        ground.stop(self.process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _ready(self) -> bool:
        # The last line of this file says whether connections are accepted.
        status = self.directory / "data" / "postmaster.pid"
        return status.exists() and status.read_text().rstrip().endswith("ready")

    def _tool(self, name: str, places: list[str]) -> list[str]:
        return [ground.program(name, "postgresql", *places), "-h", "127.0.0.1", "-p", str(self.port), "-U", "relent"]


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster for the length of a block, and give its URL."""
    running = Postgres()
    try:
        yield running.url
    finally:
        running.stop()
