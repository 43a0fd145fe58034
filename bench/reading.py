"""Mails parsed and decided per second, over the floor of the standard library's parser on the same mails."""

import time
from collections.abc import Callable
from datetime import timedelta
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser

from bench import ground, mails
from bench.figures import Figure

_MAILS = 600
_FLOOR = "email.parser (compat32), headers and text"
_HEADERS = ("From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Date")


def measure() -> list[Figure]:
    """Measure the pure reading of a mail, and the whole way into SQLite with all consequences."""
    mix = mails.mix(_MAILS)
    floor = _rate(mix, _bare)
    return [
        Figure("mails parsed and understood", _rate(mix, _understood()), floor, "/s", _FLOOR),
        Figure("mails read, decided and stored in SQLite", _stored(mix), floor, "/s", _FLOOR, "half concern somebody"),
    ]


def _rate(mix: list[bytes], act: Callable[[bytes], object]) -> float:
    """Return how many mails a second; the better of two runs, so that the first only warms up."""
    rates = []
    for _ in range(2):
        begun = time.perf_counter()
        for raw in mix:
            act(raw)
        rates.append(len(mix) / (time.perf_counter() - begun))
    return max(rates)


def _bare(raw: bytes) -> object:
    parsed = BytesParser(policy=policy.compat32).parsebytes(raw)
    headers = [str(make_header(decode_header(parsed[name]))) for name in _HEADERS if parsed[name]]
    part = next((part for part in parsed.walk() if part.get_content_type() == "text/plain"), parsed)
    body = part.get_payload(decode=True) or b""
    return headers, body.decode(part.get_content_charset() or "ascii", "replace")


def _understood() -> Callable[[bytes], object]:
    from relent.mail import message
    from relent.normalize import message as normalize
    from relent.normalize.arrival import Ours, Place

    place, ours = Place(at=ground.now()), Ours(addresses=frozenset({"dana@us.example"}))

    def act(raw: bytes) -> object:
        parsed = message.parse(raw)
        assert message.identity(raw)
        return parsed.text, normalize.read(parsed, place, ours)

    return act


def _stored(mix: list[bytes]) -> float:
    from relent.flows import inbound
    from relent.records import models
    from relent.terms.states import DeliveryState
    from relent.transports import memory

    mailbox = ground.rep("dana", "memory", {}, {})
    chosen = ground.sequence(mailbox.user)
    for number in range(0, len(mix), 2):
        enrollment = ground.enroll(mailbox, chosen, mails.sender(number))
        models.Delivery.objects.filter(enrollment=enrollment).update(
            state=DeliveryState.SENT, message_id=mails.answered(number), sent_at=ground.now()
        )
    for raw in mix:
        memory.world().deliver(mailbox.address, raw, ground.now() + timedelta(seconds=1))
    begun = time.perf_counter()
    inbound.read(mailbox, ground.now)
    seconds = time.perf_counter() - begun
    assert models.InboundItem.objects.filter(mailbox=mailbox).exclude(kind="unreadable").count() == len(mix)
    assert models.Decision.objects.count() >= len(mix) * 0.4
    return len(mix) / seconds
