"""Opting out and its taking back: whose word it is, what it covers, and that saying it twice changes nothing."""

import pytest

from relent.flows import profiles, unsubscribing
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.reasons import Refusal
from tests.cast import Cast, sequence, state, super_admin


def suppressed(address: str) -> set[str]:
    return set(models.Suppression.objects.holding_for([address]).values_list("code", flat=True))


def strictly(cast: Cast) -> None:
    profiles.choose("hubspot-strict", {}, super_admin(), cast.clock())


def test_the_link_opts_out_of_one_to_one_mail(cast: Cast) -> None:
    unsubscribing.unsubscribe(cast.enrolled(), "link", cast.clock())
    assert suppressed("ann@acme.example") == {Refusal.UNSUBSCRIBED_PERSONAL}


def test_or_of_all_mail_where_the_recipient_says_so(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unsubscribing.unsubscribe(enrollment, "link", cast.clock(), everything=True)
    assert suppressed("ann@acme.example") == {Refusal.UNSUBSCRIBED}
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_it_holds_for_every_address_of_the_person(cast: Cast) -> None:
    models.ContactAddress.objects.create(contact=cast.ann, address="ann@home.example", since=cast.clock())
    unsubscribing.unsubscribe(cast.enrolled(), "link", cast.clock())
    assert suppressed("ann@home.example") == {Refusal.UNSUBSCRIBED_PERSONAL}


def test_a_second_press_changes_nothing(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unsubscribing.unsubscribe(enrollment, "link", cast.clock())
    before = models.Decision.objects.count(), models.TimelineEntry.objects.count()
    assert not unsubscribing.unsubscribe(enrollment, "one_click", cast.clock())
    assert (models.Decision.objects.count(), models.TimelineEntry.objects.count()) == before


def test_the_link_of_an_enrollment_that_is_long_over_ends_the_one_that_runs(cast: Cast) -> None:
    old = cast.enrolled()
    models.Enrollment.objects.filter(pk=old.pk).update(state="finished")
    cast.clock.ahead(days=400)
    running = cast.enroll()
    unsubscribing.unsubscribe(old, "link", cast.clock())
    assert state(running) == ("unenrolled", "unsubscribed")
    assert state(old)[0] == "finished"


def test_an_opt_out_elsewhere_ends_at_once(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert unsubscribing.elsewhere(cast.ann, "newsletter", cast.clock())
    assert state(enrollment) == ("unenrolled", "unsubscribed")
    assert models.Suppression.objects.get().source == "newsletter"


def test_or_is_met_by_the_next_mail_where_the_profile_keeps_the_letter(cast: Cast) -> None:
    strictly(cast)
    enrollment = cast.enrolled()
    unsubscribing.elsewhere(cast.ann, "newsletter", cast.clock())
    assert state(enrollment) == ("active", "")
    cast.clock.ahead(days=3)
    cast.turn()
    assert state(enrollment) == ("unenrolled", "error")


def test_an_opt_out_elsewhere_counts_without_an_enrollment_too(cast: Cast) -> None:
    unsubscribing.elsewhere(cast.ann, "newsletter", cast.clock())
    assert suppressed("ann@acme.example") == {Refusal.UNSUBSCRIBED}
    assert cast.ann.timeline.get().kind == "suppressed"


def test_an_opt_out_elsewhere_twice_changes_nothing(cast: Cast) -> None:
    strictly(cast)
    cast.enrolled()
    unsubscribing.elsewhere(cast.ann, "newsletter", cast.clock())
    assert not unsubscribing.elsewhere(cast.ann, "newsletter", cast.clock())
    assert models.Decision.objects.filter(event="unsubscribed").count() == 1


def test_an_address_that_opted_out_stops_the_contact_whose_enrolled_address_it_was(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.ann.addresses.all().delete()
    assert unsubscribing.opt_out("Ann@Acme.example", "import", cast.clock())
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_an_address_that_nobody_has_is_suppressed_as_well(cast: Cast) -> None:
    assert unsubscribing.opt_out("who@else.example", "import", cast.clock())
    assert suppressed("who@else.example") == {Refusal.UNSUBSCRIBED}


def test_the_recipient_takes_it_back_and_the_record_says_who(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unsubscribing.unsubscribe(enrollment, "link", cast.clock())
    assert unsubscribing.resubscribe(enrollment, cast.clock())
    assert suppressed("ann@acme.example") == set()
    assert models.Suppression.objects.get().lifted_because == unsubscribing.BY_THE_RECIPIENT
    assert cast.ann.timeline.filter(kind="resubscribed").exists()


def test_taking_it_back_leaves_a_complaint_as_it_is(cast: Cast) -> None:
    enrollment = cast.enrolled()
    spam = models.Suppression.objects.create(
        address="ann@acme.example", code=Refusal.MARKED_AS_SPAM, source="complaint", since=cast.clock()
    )
    assert not unsubscribing.resubscribe(enrollment, cast.clock())
    assert spam.code in suppressed("ann@acme.example")


def held(cast: Cast, code: str = Refusal.UNSUBSCRIBED) -> models.Suppression:
    return models.Suppression.objects.create(address="ann@acme.example", code=code, source="x", since=cast.clock())


@pytest.mark.parametrize("code", [Refusal.UNSUBSCRIBED, Refusal.MARKED_AS_SPAM])
def test_nobody_lifts_anything_without_a_reason(cast: Cast, code: str) -> None:
    with pytest.raises(unsubscribing.ReasonMissing):
        unsubscribing.lift(held(cast, code), super_admin(), "  ", cast.clock())
    assert suppressed("ann@acme.example") == {code}


def test_a_reason_is_kept_with_who_gave_it(cast: Cast) -> None:
    root, row = super_admin(), held(cast)
    assert unsubscribing.lift(row, root, "She called on 2 March.", cast.clock())
    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_because) == (root, "She called on 2 March.")
    assert models.AuditEntry.objects.filter(action="suppression.lifted", actor=root).exists()
    assert cast.ann.timeline.get(kind="resubscribed").actor == root


def test_reps_may_neither_lift_nor_block(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        unsubscribing.lift(held(cast), cast.eli, "because", cast.clock())
    with pytest.raises(NotAllowed):
        unsubscribing.block("ann@acme.example", cast.eli, "because", cast.clock())


def test_every_running_enrollment_of_the_person_ends_with_one_link(cast: Cast) -> None:
    first = cast.enrolled()
    other = sequence(cast.dana)
    second = models.Enrollment.objects.get(pk=first.pk)
    second.pk, second.sequence, second.version, second.request_id = None, other, other.current, None
    second.save()
    unsubscribing.unsubscribe(first, "link", cast.clock())
    assert {state(first), state(second)} == {("unenrolled", "unsubscribed")}
