"""The settings that the environment gives, as one table: settings.py reads it, the checks and the documentation too."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url


@dataclass(frozen=True)
class Variable:
    """One environment variable. ``secret`` ones are also read from the file that ``NAME_FILE`` names."""

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


@dataclass(frozen=True)
class Fault:
    """A variable that was told wrong, and how."""

    variable: str
    message: str


def text(value: str) -> str:
    """Take the value as it is."""
    return value


def items(value: str) -> list[str]:
    """Read a comma-separated list."""
    return [item.strip() for item in value.split(",") if item.strip()]


def boolean(value: str) -> bool:
    """Read ``true`` or ``false``."""
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
    if value.lower() not in known:
        raise ValueError("must be true or false")
    return known[value.lower()]


def whole(value: str) -> int:
    """Read a whole number, zero or more."""
    if not value.isdecimal():
        raise ValueError("must be a whole number, zero or more")
    return int(value)


def seconds(value: str) -> float:
    """Read a positive number of seconds."""
    try:
        number = float(value)
    except ValueError:
        raise ValueError("must be a number of seconds") from None
    if not 0 < number < float("inf"):
        raise ValueError("must be more than zero seconds")
    return number


def listening(value: str) -> str:
    """Read ``address:port``."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be an address and a port, such as 127.0.0.1:8000")
    return value


def web_address(value: str) -> str:
    """Read an address that a browser can open; whether it is one that mails may carry, a check says."""
    if urlsplit(value).port == 0:  # raises ValueError for a port that is no number
        raise ValueError("must not name port 0")
    return value


def database(value: str) -> str:
    """Read a database URL; empty stands for the SQLite file."""
    if value and urlsplit(value).scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError("must be empty or start with postgres:// or sqlite://")
    if value:
        dj_database_url.parse(value)
    return value


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "RELENT_SECRET_KEY",
        text,
        "",
        "Signs sessions and unsubscribe links; make it with `relent keys`. To change it, put the old one into "
        "RELENT_SECRET_KEY_FALLBACKS, so that the links in mails already sent go on working.",
        secret=True,
    ),
    Variable(
        "RELENT_SECRET_KEY_FALLBACKS", items, "", "Earlier values of RELENT_SECRET_KEY, comma-separated.", secret=True
    ),
    Variable(
        "RELENT_SECRETS_KEYS",
        items,
        "",
        "Encrypts mailbox passwords and tokens at rest; made by `relent keys`. Comma-separated: the first encrypts, "
        "all decrypt. After putting a new one in front, run `relent rotate-keys`, then take the old one away.",
        secret=True,
    ),
    Variable(
        "RELENT_DATABASE_URL",
        database,
        "",
        "Where the records are: empty for SQLite in RELENT_DATA_DIR, or postgres://user:password@host/name.",
        secret=True,
    ),
    Variable("RELENT_DATA_DIR", text, "var", "The folder for the SQLite file."),
    Variable(
        "RELENT_PUBLIC_URL",
        web_address,
        "http://127.0.0.1:8000",
        "How others reach this install; used in the links of mails.",
    ),
    Variable("RELENT_ALLOWED_HOSTS", items, "", "Further host names that may be asked for, besides the public URL's."),
    Variable("RELENT_LISTEN", listening, "127.0.0.1:8000", "Address and port that the web server listens on."),
    Variable("RELENT_WEB_THREADS", whole, "8", "How many requests are answered at a time."),
    Variable("RELENT_TURN_THREADS", whole, "4", "How many mailboxes take their turn at a time."),
    Variable("RELENT_DEBUG", boolean, "false", "Show error details in the browser. Never on a public address."),
    Variable("RELENT_HTTPS", boolean, "false", "Say that visitors come by HTTPS: cookies are then sent by HTTPS only."),
    Variable(
        "RELENT_PROXY",
        text,
        "",
        "IP address of the proxy in front, which adds the visitor's to `X-Forwarded-For`. Without it, all visitors who "
        "come through a proxy are counted as one.",
    ),
    Variable(
        "RELENT_FRESHNESS_SECONDS",
        seconds,
        "5",
        "How old the reading of the mailboxes may be when a mail is handed over; past that they are read again first.",
    ),
    Variable("RELENT_READ_EVERY_SECONDS", seconds, "60", "How often a mailbox is read when nothing wakes it."),
    Variable("RELENT_BACKFILL_DAYS", whole, "14", "How far back a newly connected mailbox is read."),
    Variable(
        "RELENT_KEEP_RAW_DAYS",
        whole,
        "90",
        "How long the original of a received mail is kept, with its attachments; 0 keeps it for ever. Its headers and "
        "text stay after that, so that the mail can be judged again.",
    ),
    Variable(
        "RELENT_KEEP_HEADERS_DAYS",
        whole,
        "0",
        "How long headers and text of a received mail are kept after its original was dropped, counted from the day it "
        "came; 0 keeps them until the contact is erased.",
    ),
    Variable(
        "RELENT_CLASSIFIER",
        text,
        "",
        "The file of a text classifier, made by `relent train-classifier`, as one more witness: it can ask a person to "
        "look at a reply, and decides nothing. Empty: the rules alone judge.",
    ),
    Variable(
        "RELENT_WEBHOOKS_TO_PRIVATE",
        boolean,
        "false",
        "Let the webhooks of workflows call this machine and private networks. Whoever edits workflows can then reach "
        "what only this machine can.",
    ),
    Variable(
        "RELENT_CLOCK_FILE", text, "", "For the playground only: a file with the seconds by which its clock is ahead."
    ),
    Variable("RELENT_PLAYGROUND_DIR", text, "", "For the playground only: where its mailboxes lie."),
)


def read(environ: Mapping[str, str] = os.environ) -> tuple[dict[str, Any], list[Fault]]:
    """Return every variable's value by name, and the faults found; a variable told wrong gets its default."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for variable in VARIABLES:
        try:
            values[variable.name] = variable.parse(_given(variable, environ))
        except OSError as error:
            faults.append(Fault(f"{variable.name}_FILE", f"cannot be read: {error.strerror}"))
            values[variable.name] = variable.parse(variable.default)
        except ValueError as error:
            faults.append(Fault(variable.name, str(error)))
            values[variable.name] = variable.parse(variable.default)
    return values, faults


def _given(variable: Variable, environ: Mapping[str, str]) -> str:
    file = environ.get(f"{variable.name}_FILE", "")
    if variable.secret and file:
        return Path(file).read_text(encoding="utf-8").strip()  # secrets of container platforms are files
    return environ.get(variable.name, variable.default)
