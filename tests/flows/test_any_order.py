"""Whatever arrives, in whatever order and however often: the same end, and no mail after a known reason to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relent.flows import turn, unenrolling
from relent.records import models, performance
from relent.terms.reasons import EndReason
from relent.terms.states import DeliveryState, EnrollmentState
from tests.cast import MONDAY, Cast, contact

pytestmark = pytest.mark.fuzz

# The database is the same for all examples, which use contacts of their own.
FEW = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ORDERS = 4
numbers = count()


@dataclass(frozen=True)
class Subject:
    """A contact at a company of its own, enrolled, with the first mail sent."""

    domain: str
    enrollment: models.Enrollment

    @property
    def address(self) -> str:
        return f"ann@{self.domain}"

    @property
    def first(self) -> models.Delivery:
        return self.enrollment.deliveries.get(position=1)


def mail(sender: str, name: str, extra: str = "", text: str = "Please call me.") -> bytes:
    head = f"From: {sender}\nTo: dana@us.example\nMessage-ID: <{name}.{sender}>\nSubject: Hello\n{extra}"
    return f"{head}\n{text}\n".encode()


def answer(one: Subject) -> bytes:
    return mail(one.address, "answer", f"In-Reply-To: <{one.first.message_id}>\n")


def strangers_answer(one: Subject) -> bytes:
    return mail("kim@elsewhere.example", f"stranger.{one.domain}", f"In-Reply-To: <{one.first.message_id}>\n")


def new_mail(one: Subject) -> bytes:
    return mail(one.address, "new")


def alias(one: Subject) -> bytes:
    return mail(f"ann+home@{one.domain}", "alias")


def absence(one: Subject) -> bytes:
    return mail(one.address, "away", "Auto-Submitted: auto-replied\n", "I am out of the office.")


def unknown_colleague(one: Subject) -> bytes:
    return mail(f"kai@{one.domain}", "kai")


def forged(one: Subject) -> bytes:
    return mail(one.address, "forged", "Authentication-Results: mx.us.example; dmarc=fail\n")


def by_list(one: Subject) -> bytes:
    return mail(one.address, "list", "List-Id: <talk.acme.example>\n")


def bounce(one: Subject) -> bytes:
    extra = 'Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
    return mail(
        "mailer-daemon@us.example",
        f"bounce.{one.domain}",
        extra,
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; us.example\n\n"
        f"Final-Recipient: rfc822; {one.address}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{one.first.message_id}>\n--b--",
    )


def follow_up(one: Subject) -> bytes:
    """What Dana writes in the thread by hand; it lies among her sent mails."""
    names = f"To: {one.address}\nIn-Reply-To: <{one.first.message_id}>\n"
    return (
        f"From: dana@us.example\n{names}Message-ID: <hand.{one.domain}>\nSubject: Hello\n\nOne more thing.\n".encode()
    )


EVIDENCE: tuple[Callable[[Subject], bytes], ...] = (
    absence,
    unknown_colleague,
    strangers_answer,
    bounce,
    answer,
    forged,
    new_mail,
    by_list,
    alias,
    follow_up,
)


def subjects(cast: Cast, number: int) -> list[Subject]:
    """Enroll so many contacts at once, and let their first mails leave."""
    models.Mailbox.objects.update(spacing=0, minute_limit=1000, daily_limit=100_000)
    found = []
    for _ in range(number):
        domain = f"birch{next(numbers)}.example"
        company = models.Company.objects.create(name=domain, domain=domain, created_at=MONDAY)
        found.append(Subject(domain, cast.enroll(contact("Ann", "Archer", company, cast.dana))))
    while turn.take(cast.mailbox.pk, cast.clock, "test").executed:
        pass
    return found


def deliver(cast: Cast, one: Subject, kind: Callable[[Subject], bytes], at: datetime, folder: str = "INBOX") -> None:
    cast.world.deliver("dana@us.example", kind(one), at, "Sent" if kind is follow_up else folder)


def times(kinds: list[Callable[[Subject], bytes]], begun: datetime) -> dict[Callable[[Subject], bytes], datetime]:
    """When each kind of evidence happened: an hour apart, whenever it is read."""
    return {kind: begun + timedelta(hours=1 + EVIDENCE.index(kind)) for kind in kinds}


def standing(one: Subject) -> tuple[object, ...]:
    """Where an enrollment stands: its state, why it ended and by what, its mails, and what was decided about it."""
    row = one.enrollment
    row.refresh_from_db()
    over = (row.reason, row.reason_at) if row.state == EnrollmentState.UNENROLLED else None
    paused = (row.reason, row.paused_until) if row.state == EnrollmentState.PAUSED else None
    mails = tuple(row.deliveries.order_by("position").values_list("position", "state"))
    decided = {(line.event_at, line.verdict) for line in row.decisions.all()}
    return row.state, over, paused, mails, frozenset(decided)


def finish(cast: Cast, those: list[Subject]) -> None:
    """Take out who is still enrolled, so that the next example has the mailbox for itself."""
    unenrolling.in_bulk([one.enrollment.pk for one in those], cast.dana, cast.clock.ahead(hours=1))


kinds = st.lists(st.sampled_from(EVIDENCE), min_size=2, max_size=4, unique=True)


@FEW
@given(data=st.data())
def test_any_order_and_any_duplication_of_the_same_evidence_ends_in_the_same_state(
    cast: Cast, data: st.DataObject
) -> None:
    chosen = data.draw(kinds)
    those = subjects(cast, ORDERS)
    happened = times(chosen, cast.clock())
    cast.clock.ahead(hours=12)
    orders = [data.draw(st.permutations(chosen + chosen[:1])) for _ in those]
    for place in range(len(chosen) + 1):
        for one, order in zip(those, orders, strict=True):
            deliver(cast, one, order[place], happened[order[place]], "INBOX" if place % 2 else "Archive")
        cast.turn()
    assert len({standing(one) for one in those}) == 1
    finish(cast, those)


@FEW
@given(data=st.data())
def test_an_ended_enrollment_never_changes_but_for_a_reason_that_happened_earlier(
    cast: Cast, data: st.DataObject
) -> None:
    chosen = data.draw(kinds)
    [one] = subjects(cast, 1)
    happened = times(chosen, cast.clock())
    unenrolling.by_hand(one.enrollment.pk, cast.dana, cast.clock.ahead(hours=12))
    before = standing(one)[:4], one.enrollment.ended_at
    for kind in chosen:
        deliver(cast, one, kind, happened[kind])
        cast.turn()
    assert (standing(one)[:4], one.enrollment.ended_at) == before
    assert one.enrollment.reason == EndReason.MANUAL


@FEW
@given(data=st.data())
def test_later_evidence_moves_neither_the_end_nor_the_mails_nor_the_moment(cast: Cast, data: st.DataObject) -> None:
    first, *rest = data.draw(st.permutations([answer, bounce, new_mail, strangers_answer]))
    [one] = subjects(cast, 1)
    happened = times([first, *rest], cast.clock())
    cast.clock.ahead(hours=12)
    deliver(cast, one, first, happened[first])
    cast.turn()
    state, (_, reason_at), _, mails, _ = standing(one)  # type: ignore[misc]  # it has ended
    ended_at = one.enrollment.ended_at
    for kind in rest:
        cast.clock.ahead(minutes=1)
        deliver(cast, one, kind, happened[kind])
        cast.turn()
    after = standing(one)
    assert (after[0], one.enrollment.ended_at, after[3]) == (state, ended_at, mails)
    assert one.enrollment.reason_at == min(happened.values()) <= reason_at


@FEW
@given(days=st.lists(st.integers(1, 60), min_size=2, max_size=5))
def test_a_pause_never_shortens(cast: Cast, days: list[int]) -> None:
    [one] = subjects(cast, 1)
    cast.clock.ahead(hours=1)
    longest = cast.clock()
    for number, until in enumerate(days):
        back = cast.clock() + timedelta(days=until)
        text = f"I am out of the office until {back:%d %B %Y}."
        note = mail(one.address, f"away{number}", "Auto-Submitted: auto-replied\n", text)
        cast.world.deliver("dana@us.example", note, cast.clock())
        cast.turn()
        one.enrollment.refresh_from_db()
        assert one.enrollment.paused_until is not None
        assert one.enrollment.paused_until >= longest
        longest = one.enrollment.paused_until
    finish(cast, [one])


@FEW
@given(data=st.data())
def test_unenrolling_changes_no_counter(cast: Cast, data: st.DataObject) -> None:
    those = subjects(cast, 3)
    later = cast.clock() + timedelta(days=9)
    to_come = cast.enroll(contact("Bea", "Best", models.Company.objects.latest("pk"), cast.dana), start_at=later)
    if data.draw(st.booleans()):
        deliver(cast, those[0], answer, cast.clock.ahead(hours=1))
        cast.turn()
    before = counters(cast)
    chosen = data.draw(st.lists(st.sampled_from([*(one.enrollment.pk for one in those), to_come.pk]), unique=True))
    unenrolling.in_bulk(chosen, cast.dana, cast.clock.ahead(hours=1))
    assert counters(cast) == before
    finish(cast, [*those, Subject("", to_come)])


def counters(cast: Cast) -> tuple[object, ...]:
    """What the performance page counts, but for where the enrollments stand now."""
    [numbers_of] = performance.summaries([cast.sequence.pk]).values()
    steps = [(step.position, step.done, step.replied) for step in performance.steps(cast.sequence.current)]
    return numbers_of.enrolled, numbers_of.replied, numbers_of.bounced, numbers_of.unsubscribed, steps


acts = st.lists(st.sampled_from(["turn", "wait", "answer", "bounce", "by hand", "away"]), min_size=8, max_size=14)


@FEW
@given(acts=acts)
def test_no_mail_leaves_after_a_known_reason_to_stop(cast: Cast, acts: list[str]) -> None:
    [one] = subjects(cast, 1)
    stopped_at: datetime | None = None
    for act in acts:
        cast.clock.ahead(minutes=7)
        if act == "wait":
            cast.clock.ahead(days=2)
        elif act == "turn":
            cast.turn()
        elif (
            act == "by hand" and stopped_at is None and unenrolling.by_hand(one.enrollment.pk, cast.dana, cast.clock())
        ):
            stopped_at = cast.clock()
        elif act in {"answer", "bounce"}:
            deliver(cast, one, {"answer": answer, "bounce": bounce}[act], cast.clock())
            stopped_at = stopped_at or cast.clock()
        elif act == "away":
            deliver(cast, one, absence, cast.clock())
    cast.clock.ahead(days=20)
    cast.turn()
    sent = [at for at in one.enrollment.deliveries.values_list("sent_at", flat=True) if at]
    assert stopped_at is None or max(sent) < stopped_at
    assert [mail.recipient for mail in cast.world.sent].count(one.address) == len(sent)
    finish(cast, [one])


@pytest.mark.parametrize("reason", [EndReason.MANUAL, EndReason.WORKFLOW, EndReason.ERROR, EndReason.MERGED])
@pytest.mark.parametrize("kind", [answer, bounce, new_mail], ids=lambda kind: kind.__name__)
def test_an_act_in_relent_is_never_replaced_by_evidence(
    cast: Cast, reason: EndReason, kind: Callable[[Subject], bytes]
) -> None:
    [one] = subjects(cast, 1)
    at = cast.clock.ahead(hours=1)
    cast.clock.ahead(hours=1)
    unenrolling.by_hand(one.enrollment.pk, cast.dana, cast.clock())
    models.Enrollment.objects.filter(pk=one.enrollment.pk).update(reason=reason)
    deliver(cast, one, kind, at)
    cast.turn()
    one.enrollment.refresh_from_db()
    assert (one.enrollment.state, one.enrollment.reason) == ("unenrolled", reason)
    assert DeliveryState.PLANNED not in one.enrollment.deliveries.values_list("state", flat=True)
