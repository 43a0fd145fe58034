"""What every server here stands on: a directory, a free port, a user that is not root, a process."""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TextIO

# Ports that no outgoing connection is given begin here; Linux says where they end.
_FIRST_PORT = 10_000
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LEASES = Path(tempfile.gettempdir()) / f"relent-tests-{os.getuid()}.ports"
_leased: set[int] = set()


class Missing(RuntimeError):
    """A server cannot be started, and this says what is missing and which package brings it."""


def program(name: str, package: str, *places: str) -> str:
    """Return the path of a program; raises Missing that names the Debian package."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *places]))
    if found is None:
        raise Missing(f"{name} is not installed: apt-get install -y --no-install-recommends {package}")
    return found


def free_ports(count: int) -> list[int]:
    """Return ports that are free, all different, and that no other run of the tests takes while this process lives.

    A port is listened on only seconds after it was chosen. Until then a lock (one byte of a file for each port) keeps
    other runs off it, and the system's outgoing connections begin above it.
    """
    end = int(_EPHEMERAL.read_text().split()[0]) if _EPHEMERAL.exists() else 32_768
    end = end if end > _FIRST_PORT + 5_000 else 60_000
    middle = _FIRST_PORT + os.getpid() * 50 % (end - _FIRST_PORT)
    places = chain(range(middle, end), range(_FIRST_PORT, middle))
    return [next(port for port in places if _lease(port)) for _ in range(count)]


def _lease(port: int) -> bool:
    """Take ``port`` for the life of this process, if nobody has it and nothing listens on it."""
    if port in _leased:
        return False
    try:
        fcntl.lockf(_leases_file(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    _leased.add(port)
    return True


@cache
def _leases_file() -> TextIO:
    """Open the file of the locks, which end with the process; it is never closed, for that would end them too."""
    return _LEASES.open("a")


def unprivileged() -> pwd.struct_passwd:
    """Return the user that servers run as: ``nobody`` where we are root, else ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def directory(name: str) -> Path:
    """Make a directory with a short path (UNIX sockets allow 108 bytes), owned by the unprivileged user."""
    path = Path(tempfile.mkdtemp(prefix=f"relent-{name}-", dir="/tmp"))
    give(path)
    path.chmod(0o755)
    return path


def give(path: Path) -> None:
    """Let the unprivileged user own a file or directory."""
    user = unprivileged()
    os.chown(path, user.pw_uid, user.pw_gid)


def as_unprivileged(command: list[str]) -> list[str]:
    """Return ``command`` run as the unprivileged user, ended when its parent ends."""
    setpriv = program("setpriv", "util-linux", "/usr/bin", "/bin")
    user = unprivileged()
    change = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if os.geteuid() == 0 else []
    return [setpriv, *change, "--pdeathsig=TERM", *command]


def until(ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until ``ready`` says so; how long is no matter, short of a minute."""
    ends = time.monotonic() + 60
    while not ready():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what} ended at once, with code {process.returncode}")
        if time.monotonic() > ends:
            raise RuntimeError(f"{what} did not come up")
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Say whether something on this port greets or at least accepts."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
