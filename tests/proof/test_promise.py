"""No mail leaves unless, after its claim, the mailboxes in scope were read and held no reason to stop."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from relent.flows import sessions
from relent.records import models
from relent.terms.reasons import WaitReason
from relent.terms.states import DeliveryState, EnrollmentState, MailboxState
from tests.cast import Cast, state
from tests.proof import proofs
from tests.servers.bad_imap import IMPATIENT, BadImap
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

# The day of every mail in the server that misbehaves.
ITS_DAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class LiveClock:
    """The machine's clock, which a test moves ahead; at each look, what is to happen by then happens."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self.wanted: Callable[[], bool] = lambda: False
        self.act: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        if self.wanted():
            self.wanted = lambda: False
            self.act()
        return datetime.now(UTC) + self.offset


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    running = SmtpSink(password=PASSWORD)
    yield running
    running.stop()


@pytest.fixture
def bad(cast: Cast, sink: SmtpSink) -> Iterator[BadImap]:
    """Dana's mailbox on a server that misbehaves when told; it holds one old mail, and was read once."""
    running = BadImap(mails=[b"From: old@acme.example\r\nMessage-ID: <old@acme.example>\r\n\r\nOld\r\n"])
    use(cast, {**running.options(), **sink.options(), "sent_copies": "server"})
    cast.clock.moment = ITS_DAY
    assert not cast.turn().error
    yield running
    running.stop()


@pytest.fixture
def live(cast: Cast, sink: SmtpSink, dovecot: Dovecot, dana: str) -> LiveClock:
    """Dana's mailbox on Dovecot, its own for each test; and a clock that a test can act by."""
    use(cast, {**dovecot.options(), **sink.options(), "sent_copies": "relent"}, dana)
    clock = cast.clock = cast.world.now = LiveClock()
    models.Mailbox.objects.update(connected_at=clock(), next_read_at=clock())
    return clock


def use(cast: Cast, options: dict[str, str], address: str = "dana@us.example") -> None:
    mailbox = models.Mailbox.objects.filter(pk=cast.mailbox.pk)
    mailbox.update(kind="imap", options=options, address=address, spacing=0)
    cast.mailbox.refresh_from_db()
    cast.mailbox.secrets = {"password": PASSWORD}
    cast.mailbox.save()


def enroll_a_while_ago(cast: Cast) -> models.Enrollment:
    """Enroll Ann, early enough that whatever she writes now was written after it; IMAP knows whole seconds only."""
    enrollment = cast.enroll()
    early = cast.clock() - timedelta(seconds=5)
    models.Enrollment.objects.filter(pk=enrollment.pk).update(enrolled_at=early, start_at=early)
    return enrollment


def delivery_of(enrollment: models.Enrollment) -> models.Delivery:
    return models.Delivery.objects.get(enrollment=enrollment, position=1)


def is_claimed() -> bool:
    return models.Delivery.objects.filter(state=DeliveryState.CLAIMED).exists()


def is_claimed_and_read_for() -> bool:
    claimed = models.Delivery.objects.filter(state=DeliveryState.CLAIMED).first()
    if claimed is None or claimed.claimed_at is None:
        return False
    return models.Mailbox.objects.filter(pk=claimed.mailbox_id, read_through__gte=claimed.claimed_at).exists()


def answer(cast: Cast, dovecot: Dovecot) -> None:
    dovecot.deliver(cast.mailbox.address, cast.write().as_bytes(), "ann@acme.example")


def test_an_answer_that_arrives_between_claim_and_hand_over_stops_the_mail(
    cast: Cast, live: LiveClock, dovecot: Dovecot, sink: SmtpSink
) -> None:
    enrollment = enroll_a_while_ago(cast)
    live.wanted, live.act = is_claimed, lambda: answer(cast, dovecot)
    cast.turn()
    assert state(enrollment) == (EnrollmentState.UNENROLLED, "off_sequence_mail")
    assert delivery_of(enrollment).state == DeliveryState.CANCELLED
    assert sink.mails == []


def test_an_answer_that_arrives_after_a_reading_that_has_grown_old_stops_the_mail(
    cast: Cast, live: LiveClock, dovecot: Dovecot, sink: SmtpSink
) -> None:
    def answer_while_time_passes() -> None:
        answer(cast, dovecot)
        live.offset += timedelta(seconds=30)

    enrollment = enroll_a_while_ago(cast)
    live.wanted, live.act = is_claimed_and_read_for, answer_while_time_passes
    cast.turn()
    assert state(enrollment)[0] == EnrollmentState.UNENROLLED
    assert sink.mails == []


def test_an_answer_in_the_spam_folder_stops_the_mail(
    cast: Cast, live: LiveClock, dovecot: Dovecot, sink: SmtpSink
) -> None:
    user, _, host = cast.mailbox.address.partition("@")
    enrollment = enroll_a_while_ago(cast)
    live.wanted = is_claimed
    live.act = lambda: dovecot.deliver(f"{user}+Junk@{host}", cast.write().as_bytes(), "ann@acme.example")
    cast.turn()
    assert state(enrollment)[0] == EnrollmentState.UNENROLLED
    assert sink.mails == []


def test_a_mail_that_left_bears_the_proof_of_its_readings(cast: Cast, live: LiveClock, sink: SmtpSink) -> None:
    for contact in (cast.ann, cast.bob, cast.cora):
        cast.enroll(contact)
    cast.turn()
    assert len(sink.mails) == models.Delivery.objects.filter(state=DeliveryState.SENT).count() == 3
    assert proofs.broken() == []
    row = models.Delivery.objects.filter(state=DeliveryState.SENT)[0]
    assert set(row.proof["mailboxes"][0]["cursors"]) >= {"INBOX", "Sent", "Junk"}


FAILURES = [
    *(f"{kind}:{command}" for kind in ("hang", "drop") for command in ("GREETING", "LOGIN", "LIST", "STATUS")),
    *(f"{kind}:{command}" for kind in ("hang", "drop") for command in ("EXAMINE", "SEARCH", "FETCH")),
    *("bye:STATUS", "no:EXAMINE", "garbage:FETCH", "trickle:FETCH", "flood:FETCH"),
    *("uidnext_back", "ghost", "omit", "hide", "half", "huge", "nil"),
]


@pytest.mark.parametrize("fault", FAILURES)
def test_a_server_that_fails_stops_sending_and_the_page_says_why(
    cast: Cast, bad: BadImap, sink: SmtpSink, fault: str
) -> None:
    enrollment = enroll_a_while_ago(cast)
    write_to(bad, cast)
    bad.fault = fault
    fails_to_read(cast)
    assert sink.mails == []
    cast.mailbox.refresh_from_db()
    assert cast.mailbox.state == MailboxState.UNREADABLE
    assert f"127.0.0.1:{bad.port}" in cast.mailbox.state_detail
    assert delivery_of(enrollment).waits_for == WaitReason.MAILBOX_UNREADABLE
    bad.fault = ""
    cast.clock.ahead(minutes=10)
    cast.turn()
    assert state(enrollment) == (EnrollmentState.UNENROLLED, "off_sequence_mail")
    assert sink.mails == []


def write_to(bad: BadImap, cast: Cast) -> None:
    """Put Ann's mail to Dana into the mailbox."""
    bad.mails.append(cast.write().as_bytes().replace(b"\n", b"\r\n"))


def fails_to_read(cast: Cast) -> None:
    """Take a turn with a new connection, as after a while; and briefly, for the server may never answer."""
    sessions.close_all()
    mailbox = models.Mailbox.objects.filter(pk=cast.mailbox.pk)
    patient = mailbox.get().options
    mailbox.update(options=patient | IMPATIENT)
    assert cast.turn().error
    mailbox.update(options=patient)


def test_when_the_server_is_back_and_nobody_wrote_the_mail_leaves(cast: Cast, bad: BadImap, sink: SmtpSink) -> None:
    enrollment = enroll_a_while_ago(cast)
    bad.fault = "hang:STATUS"
    fails_to_read(cast)
    assert sink.mails == []
    bad.fault = ""
    cast.clock.ahead(minutes=10)
    cast.turn()
    assert delivery_of(enrollment).state == DeliveryState.SENT
    assert len(sink.mails) == 1
    assert proofs.broken() == []


def test_a_mailbox_that_cannot_be_read_while_a_mail_is_in_doubt_is_shown(
    cast: Cast, bad: BadImap, sink: SmtpSink
) -> None:
    enrollment = enroll_a_while_ago(cast)
    sink.fault = "drop_after_dot"
    cast.turn()
    assert delivery_of(enrollment).state == DeliveryState.SENDING
    bad.fault = "drop:LOGIN"
    cast.clock.ahead(minutes=3)
    fails_to_read(cast)
    cast.mailbox.refresh_from_db()
    assert cast.mailbox.state == MailboxState.UNREADABLE


def test_another_mailbox_in_scope_that_cannot_be_read_holds_the_mail(cast: Cast, bad: BadImap, sink: SmtpSink) -> None:
    second = models.Mailbox.objects.create(
        user=cast.dana,
        address="dana@also.us.example",
        kind="memory",
        connected_at=ITS_DAY,
        state_since=ITS_DAY,
    )
    cast.world.mailbox(second.address).down = True
    enrollment = enroll_a_while_ago(cast)
    cast.turn()
    second.refresh_from_db()
    assert (sink.mails, second.state) == ([], MailboxState.UNREADABLE)
    assert delivery_of(enrollment).waits_for == WaitReason.MAILBOX_UNREADABLE
    cast.world.mailbox(second.address).down = False
    cast.world.deliver(second.address, cast.write().as_bytes(), cast.clock())
    cast.clock.ahead(minutes=1)
    cast.turn()
    assert state(enrollment) == (EnrollmentState.UNENROLLED, "off_sequence_mail")
    assert sink.mails == []
