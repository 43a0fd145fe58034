"""What no mail may do to the judgement: stop it, hold it up, or take much memory. Each mail is judged as `relent
classify` and the inbound river judge it, and everything that is kept or shown of it is read.
"""

import json
import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from relent.mail import message
from relent.mail.defects import Defect
from relent.normalize import judgement
from relent.normalize.arrival import Ours

MOST_SECONDS = 0.2  # of processor time
MOST_TIMES_THE_MAIL = 8
MOST_BESIDE = 8 * 1024 * 1024  # bytes: what the bounds of text, headers and parts come to, however short the mail
_MEASURED_AGAIN = 3
_BREAK_OFF = 20.0  # seconds of processor time

_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
_OURS = Ours(
    addresses=frozenset({"dana@us.example"}),
    message_ids=frozenset({"step-1@us.example"}),
    tokens=frozenset({"12:abcdefghijklmnopqrstuvwxyz"}),
)
_KINDS = frozenset(
    {"own", "bounce", "receipt", "complaint", "calendar", "unsubscribe", "auto_reply", "list", "reply"},
)


class TooSlow(Exception):
    """A mail took more processor time than any may."""


class TooLarge(Exception):
    """A mail took more memory than any may."""


def judge(raw: bytes, *, told: bool = True) -> str:
    """Judge a mail, read what is kept of it, and return its kind; ``told``: also what only those read who ask, such as
    its language and its identity, which cost as much as the judgement."""
    judged = judgement.judge(raw, at=_AT, ours=_OURS)
    mail = judged.message
    assert judged.kind in _KINDS
    assert 0.5 <= judged.confidence <= 1.0
    assert len(judged.evidence) < 200
    assert len(mail.text) <= message.MOST_TEXT
    kept = [mail.subject, mail.sender, mail.message_id, mail.text, *(one.seen for one in judged.evidence)]
    "".join(kept).encode("utf-8")  # raises where half a character is left, which no database stores
    assert mail.date is None or mail.date.tzinfo is not None
    if told:
        assert json.loads(json.dumps(judged.as_json()))["kind"] == judged.kind
        assert len(message.identity(raw)) == 64
        assert all(isinstance(defect, Defect) for defect in mail.defects)
    return judged.kind


def timed(raw: bytes, *, told: bool = True) -> tuple[str, float]:
    """Judge a mail; return its kind and the seconds of processor time it took. One that seems slow is measured again,
    and the best counts: once may be the machine's fault. Raises TooSlow where it takes too long every time."""
    kind, seconds = _once(raw, told=told)
    for _ in range(_MEASURED_AGAIN):
        if seconds <= MOST_SECONDS / 10:
            return kind, seconds
        seconds = min(seconds, _once(raw, told=told)[1])
    if seconds > MOST_SECONDS:
        raise TooSlow(f"{seconds:.2f} s for {len(raw)} bytes")
    return kind, seconds


def peak(raw: bytes) -> int:
    """Return how many bytes judging a mail takes at the most, beside the mail. Raises TooLarge where they are more than
    any may take. What RE2 holds, for all mails together, is not counted."""
    _, taken = memory_of(lambda: judge(raw))
    if taken > MOST_TIMES_THE_MAIL * len(raw) + MOST_BESIDE:
        raise TooLarge(f"{taken} bytes for {len(raw)} bytes")
    return taken


def memory_of(act: Callable[[], object]) -> tuple[object, int]:
    """Return what ``act`` returns, and how many bytes it had allocated at the most."""
    tracemalloc.start()
    try:
        return act(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@contextmanager
def broken_off() -> Iterator[None]:
    """Let no mail within the block hang: one that takes many seconds raises TooSlow."""
    before = signal.signal(signal.SIGPROF, _break_off)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _once(raw: bytes, *, told: bool) -> tuple[str, float]:
    signal.setitimer(signal.ITIMER_PROF, _BREAK_OFF if signal.getsignal(signal.SIGPROF) is _break_off else 0)
    begun = time.process_time()
    return judge(raw, told=told), time.process_time() - begun


def _break_off(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"broken off after {_BREAK_OFF:.0f} s")
