from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from relent.transports import memory, registry
from relent.transports.base import Account, Found, SendRefused, SendUncertain, Transport, TransportError
from tests.transports.conftest import LONG_AGO, Reading, Waiting, mail

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DANA, ANN = "dana@us.example", "ann@acme.example"


@pytest.fixture
def world() -> Iterator[memory.World]:
    world = memory.world("test")
    world.now = lambda: NOW
    yield world
    memory.forget("test")


@pytest.fixture
def transport(world: memory.World) -> Transport:
    return registry.open_transport("memory", Account(DANA, {"world": "test"}, {}))


def test_delivered_mail_is_read_once(world: memory.World, transport: Transport) -> None:
    reading = Reading(transport.reader())
    for number in range(150):
        world.deliver(DANA, mail(f"Mail {number}"), NOW)
    assert reading.subjects() == [("INBOX", f"Mail {number}") for number in range(150)]
    assert reading.subjects() == []


def test_a_first_reading_begins_at_the_time_asked_for(world: memory.World, transport: Transport) -> None:
    world.deliver(DANA, mail("Old"), LONG_AGO)
    world.deliver(DANA, mail("New"), NOW)
    assert Reading(transport.reader(), NOW).subjects() == [("INBOX", "New")]


def test_moved_and_renumbered_mail_is_read_again(world: memory.World, transport: Transport) -> None:
    reading = Reading(transport.reader())
    world.deliver(DANA, mail("One"), NOW)
    reading.subjects()
    world.move(DANA, "INBOX", "Spam")
    assert reading.subjects() == [("Spam", "One")]
    world.renumber(DANA, "Spam")
    assert reading.subjects() == [("Spam", "One")]


def test_a_sent_mail_is_recorded_at_the_worlds_time_and_filed(world: memory.World, transport: Transport) -> None:
    transport.sender().send(DANA, ANN, mail("One", "first"))
    assert [(sent.recipient, sent.sent_at) for sent in world.sent] == [(ANN, NOW)]
    assert transport.reader().find_sent("first@acme.example") is Found.FOUND
    assert transport.reader().find_sent("second@acme.example") is Found.ABSENT


def test_absence_proves_nothing_where_the_server_files_no_copies(world: memory.World, transport: Transport) -> None:
    world.server_copies = False
    transport.sender().send(DANA, ANN, mail("One", "first"))
    assert transport.reader().find_sent("first@acme.example") is Found.UNKNOWN
    transport.reader().store_sent(mail("One", "first"), NOW)
    assert transport.reader().find_sent("first@acme.example") is Found.FOUND


def test_a_refused_recipient_gets_nothing(world: memory.World, transport: Transport) -> None:
    world.refuse(ANN, 550, "5.1.1")
    with pytest.raises(SendRefused) as told:
        transport.sender().send(DANA, ANN, mail("One"))
    assert (told.value.code, told.value.status, told.value.recipient_refused) == (550, "5.1.1", True)
    assert world.sent == []


def test_an_uncertain_mail_has_left(world: memory.World, transport: Transport) -> None:
    world.uncertain.add(ANN)
    with pytest.raises(SendUncertain):
        transport.sender().send(DANA, ANN, mail("One"))
    assert len(world.sent) == 1


@pytest.mark.parametrize(("hook", "left"), [("before_hand_off", 0), ("after_hand_off", 1)])
def test_a_crash_on_either_side_of_the_hand_off_can_be_played(
    hook: str, left: int, world: memory.World, transport: Transport
) -> None:
    def crash(_: str) -> None:
        raise SystemExit

    setattr(world, hook, crash)
    with pytest.raises(SystemExit):
        transport.sender().send(DANA, ANN, mail("One"))
    assert len(world.sent) == left


@pytest.mark.parametrize(("state", "permanent"), [("down", False), ("disconnected", True)])
def test_a_mailbox_out_of_reach_fails_reading_sending_and_the_check(
    state: str, permanent: bool, world: memory.World, transport: Transport
) -> None:
    reader, sender = transport.reader(), transport.sender()
    setattr(world.mailbox(DANA), state, True)
    for attempt in (reader.folders, transport.reader, lambda: sender.send(DANA, ANN, mail("One"))):
        with pytest.raises(TransportError) as told:
            attempt()
        assert told.value.permanent is permanent
    assert not reader.alive()
    assert [check.ok for check in transport.check()] == [False]


def test_a_delivery_ends_the_wait_and_closing_does(world: memory.World, transport: Transport) -> None:
    watcher = transport.watcher()
    assert not watcher.wait(0.01)
    waiting = Waiting(watcher)
    world.deliver(DANA, mail("One"), NOW)
    assert waiting.end() == [True]
    waiting = Waiting(watcher)
    watcher.close()
    assert waiting.end() == [False]


def test_an_unknown_kind_of_mailbox_is_permanent() -> None:
    with pytest.raises(TransportError, match="no kind of mailbox called 'pigeon'") as told:
        registry.open_transport("pigeon", Account(DANA, {}, {}))
    assert told.value.permanent
