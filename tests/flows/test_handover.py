"""What is made of each answer of a mail server, and of none."""

from relent.flows import apply, reviewing, turn
from relent.records import models
from relent.terms.reasons import HoldReason, WaitReason
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.states import DeliveryState
from relent.transports.base import TransportError
from tests.cast import Cast, state


class Killed(BaseException):
    """The worker dies here: nothing of the product catches it."""


def dies(_: str) -> None:
    raise Killed


def test_a_refused_recipient_counts_as_a_bounce(cast: Cast) -> None:
    cast.world.refuse("ann@acme.example", 550, "5.1.1")
    enrollment = cast.enrolled()
    assert state(enrollment) == ("unenrolled", "bounced")
    assert models.Suppression.objects.get().address == "ann@acme.example"


def test_a_refusal_for_policy_does_not_blame_the_address(cast: Cast) -> None:
    cast.world.refuse("ann@acme.example", 550, "5.7.1")
    enrollment = cast.enrolled()
    assert state(enrollment) == ("held", "sender_refused")
    assert not models.Suppression.objects.exists()


def test_a_passing_refusal_is_tried_again(cast: Cast) -> None:
    cast.world.refuse("ann@acme.example", 451, "4.2.0")
    enrollment = cast.enrolled()
    assert enrollment.deliveries.get().waits_for == WaitReason.SERVER_BUSY
    cast.world.refusals.clear()
    cast.clock.moment = turn.next_due(cast.clock()) or cast.clock()
    cast.turn()
    assert len(cast.world.sent) == 1


def test_a_mail_that_a_dead_worker_sent_is_found_in_the_sent_folder(cast: Cast) -> None:
    cast.world.after_hand_off = dies
    enrollment = cast.enroll()
    try:
        cast.turn()
    except Killed:
        cast.world.after_hand_off = None
    cast.turn()
    assert enrollment.deliveries.get(position=1).state == DeliveryState.SENT
    assert enrollment.deliveries.get(position=2).state == DeliveryState.PLANNED
    assert len(cast.world.sent) == 1


def test_a_mail_known_not_to_have_left_is_sent_after_all(cast: Cast) -> None:
    cast.world.before_hand_off = dies
    enrollment = cast.enroll()
    try:
        cast.turn()
    except Killed:
        cast.world.before_hand_off = None
    cast.turn()
    assert cast.world.sent == []  # the service may still be about to file its copy
    cast.clock.ahead(minutes=3)
    cast.turn()
    cast.turn()
    assert enrollment.deliveries.get(position=1).state == DeliveryState.SENT
    assert len(cast.world.sent) == 1


def test_a_mailbox_that_takes_no_copy_sends_nothing_more_until_it_does(cast: Cast) -> None:
    models.Mailbox.objects.update(options={"sent_copies": "relent"}, spacing=0)
    cast.world.server_copies = False
    cast.enroll(cast.ann)
    cast.enroll(cast.bob)
    there = cast.world.mailbox("dana@us.example")
    cast.world.after_hand_off = lambda _: setattr(there, "down", True)
    cast.turn()
    assert models.Mailbox.objects.get().state == "unreadable"
    assert [mail.recipient for mail in cast.world.sent] == ["ann@acme.example"]
    there.down, cast.world.after_hand_off = False, None
    cast.clock.ahead(minutes=1)
    cast.turn()
    assert len(there.sent().mails) == 2


def test_a_server_that_cannot_be_reached_is_not_asked_for_each_mail(cast: Cast) -> None:
    models.Mailbox.objects.update(spacing=0)
    cast.world.before_hand_off = unreachable
    cast.enroll(cast.ann)
    second = cast.enroll(cast.bob)
    cast.turn()
    assert models.Mailbox.objects.get().waits_for == WaitReason.SERVER_BUSY
    assert second.deliveries.get().attempts == 0
    assert turn.wanted(cast.clock()) == []


def unreachable(_: str) -> None:
    raise TransportError("The server does not answer.", part="smtp.connect")


def unknown(cast: Cast) -> models.Enrollment:
    """A mail that left without an answer, from a mailbox whose copies Relent files itself."""
    models.Mailbox.objects.update(options={"sent_copies": "relent"})
    cast.world.server_copies = False
    cast.world.uncertain.add("ann@acme.example")
    enrollment = cast.enrolled()
    cast.world.uncertain.clear()
    return enrollment


def says(cast: Cast, enrollment: models.Enrollment, answer: ReviewAnswer) -> None:
    """Dana answers the question whether the mail left."""
    asked = models.ReviewItem.objects.open().get(enrollment=enrollment, kind=ReviewKind.SENT_UNKNOWN)
    reviewing.answer(asked.pk, answer, cast.dana, cast.clock())


def test_where_nobody_can_know_a_person_is_asked_and_nothing_is_sent_again(cast: Cast) -> None:
    enrollment = unknown(cast)
    cast.clock.ahead(days=1)
    cast.turn()
    assert enrollment.deliveries.get().state == DeliveryState.UNKNOWN
    assert state(enrollment) == ("held", "sent_unknown")
    assert len(cast.world.sent) == 1


def test_a_persons_word_that_it_left_lets_the_sequence_go_on(cast: Cast) -> None:
    enrollment = unknown(cast)
    says(cast, enrollment, ReviewAnswer.LEFT)
    assert state(enrollment)[0] == "active"
    assert enrollment.deliveries.get(position=2).state == DeliveryState.PLANNED


def test_a_persons_word_that_it_did_not_leave_sends_it(cast: Cast) -> None:
    enrollment = unknown(cast)
    says(cast, enrollment, ReviewAnswer.NOT_LEFT)
    cast.clock.ahead(minutes=5)
    cast.turn()
    assert enrollment.deliveries.get(position=1).state == DeliveryState.SENT
    assert len(cast.world.sent) == 2


def test_an_answer_to_an_unknown_mail_proves_that_it_left(cast: Cast) -> None:
    enrollment = unknown(cast)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert enrollment.deliveries.get(position=1).state == DeliveryState.SENT
    assert state(enrollment) == ("unenrolled", "reply")


def test_another_reason_to_hold_outlives_the_answer_whether_it_left(cast: Cast) -> None:
    enrollment = unknown(cast)
    apply.hold(enrollment, HoldReason.UNSURE_SENDER)
    says(cast, enrollment, ReviewAnswer.LEFT)
    assert state(enrollment) == ("held", "unsure_sender")
    assert enrollment.deliveries.get(position=2).state == DeliveryState.PARKED


def test_an_address_that_no_mail_can_be_made_for_ends_its_own_enrollment_only(cast: Cast) -> None:
    models.Mailbox.objects.update(spacing=0)
    models.ContactAddress.objects.filter(contact=cast.ann).update(address="änn@acme.example")
    bad = cast.enroll(models.Contact.objects.get(pk=cast.ann.pk))
    cast.enroll(cast.bob)
    cast.turn()
    assert state(bad) == ("unenrolled", "error")
    assert [mail.recipient for mail in cast.world.sent] == ["bob@acme.example"]
