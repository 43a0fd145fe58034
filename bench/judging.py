"""Mails judged per second of one core, from raw bytes to what happened, over two floors on the same mails: the standard
library's parser alone, and flufl.bounce, which finds bounces and nothing else.
"""

import email
import hashlib
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import flufl.bounce

from bench import ground, mails
from bench.figures import Figure

_CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
_MAILS = 600
_ROUNDS = 5
_LARGE = 25 * 1024 * 1024
_PARSER = "email.message_from_bytes, nothing else"
_DETECTOR = "flufl.bounce with that parser, bounces only"
_READ_ONCE = "hashing the bytes once"

Act = Callable[[bytes], object]


def measure(folder: Path | None = None) -> list[Figure]:
    """Judge our mix of mails, the mails of the tests, those in ``folder`` where one is given, and a large one."""
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells of each mail that it fails at
    test_mails = _found(_CORPUS)
    known, sets = test_mails[::2], {"our mix": mails.mix(_MAILS), "every other test mail": test_mails[1::2]}
    if folder is not None:
        sets[folder.name] = _found(folder)
    for act in (_judge(), email.message_from_bytes, _detect):
        for mail in (*mails.mix(50, seed=1), *known):
            act(mail)  # what is loaded or compiled once is no mail's cost
    found = [figure for name, raw in sets.items() if raw for figure in _small(name, raw)]
    return found + _large(mails.large(_LARGE))


def _found(folder: Path) -> list[bytes]:
    """Return the mails below ``folder``: the files named ``*.eml``, and where there are none, every file."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    named = [path for path in files if path.suffix == ".eml"]
    return [path.read_bytes() for path in named or files]


def _small(name: str, raw: list[bytes]) -> list[Figure]:
    judged, parsed, detected = _rates(raw, (_judge(), email.message_from_bytes, _detect))
    note = f"{len(raw)} mails, {sum(map(len, raw)) / len(raw) / 1000:.1f} kB each"
    return [
        Figure(f"mails judged: {name}", judged, parsed, "/s", _PARSER, note),
        Figure(f"mails judged: {name}", judged, detected, "/s", _DETECTOR, note),
    ]


def _large(raw: bytes) -> list[Figure]:
    acts: tuple[Act, ...] = (_judge(), lambda raw: hashlib.sha256(raw).digest(), email.message_from_bytes)
    judged, hashed, parsed = (1000 / rate for rate in _rates([raw], acts))
    return [
        Figure("a mail of 25 MB with attachments, judged", judged, hashed, "ms", _READ_ONCE),
        Figure("a mail of 25 MB with attachments, judged", judged, parsed, "ms", _PARSER),
    ]


def _judge() -> Act:
    from relent.mail import message
    from relent.normalize import message as normalize
    from relent.normalize.arrival import Ours, Place

    place, ours = Place(at=ground.now()), Ours()
    return lambda raw: normalize.read(message.parse(raw), place, ours)


def _detect(raw: bytes) -> object:
    try:
        return flufl.bounce.all_failures(email.message_from_bytes(raw))
    except Exception:  # it raises on some mails; the time until then counts as its time
        return None


def _rates(raw: list[bytes], acts: tuple[Act, ...]) -> list[float]:
    """Return how many mails a second of processor time each of ``acts`` gets through: the best of some rounds, in turn,
    so that whatever else the machine does meets all alike. In every round each mail is seen for the first time: a
    search that remembers what it has read would look faster than it is."""
    best = [0.0] * len(acts)
    for _ in range(_ROUNDS):
        for index, act in enumerate(acts):
            best[index] = max(best[index], len(raw) / _apart(raw, act))
    return best


def _apart(raw: list[bytes], act: Act) -> float:
    """Return how many seconds of processor time a new process takes for all mails."""
    answer, told = os.pipe()
    child = os.fork()
    if not child:
        begun = time.process_time()
        for mail in raw:
            act(mail)
        os.write(told, str(time.process_time() - begun).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(answer) as told_us:
        seconds = float(told_us.read())
    os.waitpid(child, 0)
    return seconds
