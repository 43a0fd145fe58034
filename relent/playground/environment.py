"""What the demo needs before Django reads its settings: keys, free ports and folders. No Django here.

Everything lies in one folder (``var/demo``), so that a second run goes on where the first one ended, and a clone beside
this one has a demo of its own.
"""

import argparse
import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import TextIO

_KEYS = "keys.json"
_PORTS = "ports.json"
_LOCK = "demo.lock"
_held: list[TextIO] = []  # keeps the lock's file open for as long as the process lives


def prepare(argv: Sequence[str], environ: MutableMapping[str, str] = os.environ) -> None:
    """Set every RELENT_ variable for a demo in the folder that ``argv`` names; exits where one runs there already.

    ``--dir FOLDER`` chooses the folder, ``--fresh`` empties it first. Other arguments are left to the command.
    """
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    chosen, _ = parser.parse_known_args(argv)
    folder = Path(chosen.dir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    _lock(folder)
    if chosen.fresh:
        _empty(folder)
    keys, ports = _keys(folder / _KEYS), _ports(folder / _PORTS)
    for name in [name for name in environ if name.startswith("RELENT_")]:
        del environ[name]  # the demo never touches the install that the environment describes
    environ.update(
        {
            "RELENT_SECRET_KEY": keys["secret_key"],
            "RELENT_SECRETS_KEYS": keys["secrets_key"],
            "RELENT_DATA_DIR": str(folder),
            "RELENT_PLAYGROUND_DIR": str(folder),
            "RELENT_CLOCK_FILE": str(folder / "clock"),
            "RELENT_LISTEN": f"127.0.0.1:{ports['web']}",
            "RELENT_PUBLIC_URL": f"http://127.0.0.1:{ports['web']}",
        }
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that are needed before Django's settings; the command declares them too, for its help."""
    parser.add_argument("--dir", default="var/demo", help="The demo's folder.")
    parser.add_argument("--fresh", action="store_true", help="Start anew; without it the demo goes on where it ended.")


def password(folder: Path) -> str:
    """Return the password of the demo's user."""
    return str(_keys(folder / _KEYS)["password"])


def smtp_port(folder: Path) -> int:
    """Return the port of the demo's SMTP server."""
    return int(json.loads((folder / _PORTS).read_text())["smtp"])


def _lock(folder: Path) -> None:
    file = (folder / _LOCK).open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        # In both languages: no catalog can be asked before Django is there.
        sys.exit(
            f"A demo runs in {folder} already; stop it first, or choose another folder with --dir.\n"
            f"{folder} ではデモがすでに動いています。先に停止するか、--dir で別のフォルダーを指定してください。"
        )
    _held.append(file)


def _empty(folder: Path) -> None:
    """Delete what a demo makes, and nothing else: the folder may have been named by mistake."""
    for name in (_KEYS, "clock", "work.lock", "relent.sqlite3", "relent.sqlite3-wal", "relent.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "mail", ignore_errors=True)


def _keys(path: Path) -> dict[str, str]:
    """Read the keys and the password, or make them, in a file that only its owner may read."""
    if not path.exists():
        made = {
            "secret_key": secrets.token_urlsafe(50),
            "secrets_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "password": secrets.token_urlsafe(12),
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    return dict(json.loads(path.read_text()))


def _ports(path: Path) -> dict[str, int]:
    """Return the ports of the last run where they are still free, so that an open browser tab goes on working."""
    remembered: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    with contextlib.ExitStack() as probes:  # held open together, so that no port is found twice
        ports = {name: _free(remembered.get(name, 0), probes) for name in ("web", "smtp")}
    path.write_text(json.dumps(ports))
    return ports


def _free(wished: int, probes: contextlib.ExitStack) -> int:
    for port in (wished, 0):
        probe = probes.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # in use: the next one is whichever is free
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
