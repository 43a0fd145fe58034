"""The names that a provider gives our mails, and the mails that unsubscribe by a token of ours."""

from email import message_from_bytes
from urllib.parse import unquote

import pytest

from relent.records import models
from tests.cast import Cast, state


def sent(enrollment: models.Enrollment) -> models.Delivery:
    return enrollment.deliveries.get(position=1)


def copy(cast: Cast, mail: models.Delivery, message_id: str = "", thread: str = "") -> None:
    """Let the provider file its copy of ``mail``, in its conversation and under its own Message-ID."""
    raw = bytes(mail.raw or b"")
    if message_id:
        raw = raw.replace(f"<{mail.message_id}>".encode(), f"<{message_id}>".encode())
    cast.world.deliver(cast.mailbox.address, raw, cast.clock(), "Sent", thread)
    cast.turn()


def unsubscribe_subject(mail: models.Delivery) -> str:
    ways = message_from_bytes(bytes(mail.raw or b""))["List-Unsubscribe"]
    return unquote(str(ways).rpartition("?subject=")[2].rstrip(">"))


def test_a_copy_tells_the_conversation(cast: Cast) -> None:
    enrollment = cast.enrolled()
    copy(cast, sent(enrollment), message_id="theirs-1@mail.example", thread="1278455344230334865")
    assert sent(enrollment).thread == "1278455344230334865"


def test_a_copy_under_another_message_id_is_known_as_ours(cast: Cast) -> None:
    enrollment = cast.enrolled()
    copy(cast, sent(enrollment), message_id="theirs-1@mail.example")
    assert sent(enrollment).provider_message_id == "theirs-1@mail.example"
    assert state(enrollment)[0] == "active"


def test_an_answer_to_the_providers_message_id_is_credited(cast: Cast) -> None:
    enrollment = cast.enrolled()
    copy(cast, sent(enrollment), message_id="theirs-1@mail.example")
    cast.deliver(cast.write(In_Reply_To="<theirs-1@mail.example>"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")


def test_a_copy_to_somebody_else_gives_no_name(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = sent(enrollment)
    raw = bytes(mail.raw or b"").replace(b"ann@acme.example", b"bob@acme.example")
    raw = raw.replace(str(mail.message_id).encode(), b"theirs-1@mail.example")
    cast.deliver(raw, "Sent")
    cast.turn()
    assert sent(enrollment).provider_message_id == ""


@pytest.mark.parametrize("sender", ["ann@acme.example", "bob@elsewhere.example"])
def test_whoever_mails_the_token_unsubscribes_the_contact(cast: Cast, sender: str) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.write(sender, Subject=unsubscribe_subject(sent(enrollment))))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "unsubscribed")
    assert models.Suppression.objects.holding_for([enrollment.address]).exists()


def test_a_token_that_is_not_ours_unsubscribes_nobody(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    forged = unsubscribe_subject(sent(enrollment))[:-1]
    cast.deliver(cast.write("bob@elsewhere.example", Subject=forged))
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert models.InboundItem.objects.get(sender="bob@elsewhere.example").kind == "person_wrote"


def test_an_answer_read_together_with_our_copy_is_known_by_the_conversation(cast: Cast) -> None:
    cast.world.thread_of = lambda raw: "conversation-1"
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    answer = cast.write("ann@elsewhere.example", In_Reply_To="<theirs-1@mail.example>")
    cast.world.deliver(cast.mailbox.address, answer.as_bytes(), cast.clock(), "INBOX", "conversation-1")
    cast.turn()
    assert state(enrollment) == ("unenrolled", "thread_reply")
