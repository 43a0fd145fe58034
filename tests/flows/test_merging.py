"""Two contacts, or two companies, turn out to be one."""

from datetime import timedelta

import pytest

from relent.flows import merging, permissions, profiles
from relent.records import enrollment_facts, models
from relent.terms.reviews import ReviewKind
from relent.terms.steps import Trigger
from tests.cast import MONDAY, Cast, sequence, state, super_admin


def company(name: str) -> models.Company:
    """Return the company of that name."""
    return models.Company.objects.get(name=name)


def several_allowed(cast: Cast) -> None:
    """Let a contact be in several sequences at a time."""
    profiles.choose("safe", {"exclusive": "false"}, super_admin(), cast.clock())
    cast.clock.ahead(minutes=1)


def test_an_enrollment_of_the_loser_follows_the_survivor_with_its_address(cast: Cast) -> None:
    enrollment = cast.enrolled(cast.bob)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    assert state(enrollment) == ("active", "")
    assert (enrollment.contact, enrollment.address) == (cast.ann, "bob@acme.example")


def test_a_reply_from_either_address_then_stops_it(cast: Cast) -> None:
    enrollment = cast.enrolled(cast.bob)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment, "ann@acme.example"))
    cast.turn()
    assert state(enrollment)[0] == "unenrolled"


def test_of_two_in_one_sequence_the_one_further_ahead_stays(cast: Cast) -> None:
    ahead = cast.enrolled(cast.bob)
    cast.clock.ahead(days=2)
    cast.turn()
    behind = cast.enrolled(cast.ann)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    assert (state(ahead), state(behind)) == (("active", ""), ("unenrolled", "merged"))
    assert not models.ReviewItem.objects.filter(kind=ReviewKind.MERGED).exists()


def test_of_two_in_different_sequences_the_older_stays_and_a_person_is_asked(cast: Cast) -> None:
    older = cast.enrolled(cast.bob)
    cast.sequence = sequence(cast.dana)
    cast.clock.ahead(hours=1)
    newer = cast.enrolled(cast.ann)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    assert (state(older), state(newer)) == (("active", ""), ("unenrolled", "merged"))
    assert models.ReviewItem.objects.open().get(kind=ReviewKind.MERGED).contact == cast.ann


def test_both_stay_where_the_account_allows_several(cast: Cast) -> None:
    several_allowed(cast)
    first = cast.enrolled(cast.bob)
    cast.sequence = sequence(cast.dana)
    second = cast.enrolled(cast.ann)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    assert (state(first), state(second)) == (("active", ""), ("active", ""))


def test_two_in_one_sequence_never_both_stay(cast: Cast) -> None:
    several_allowed(cast)
    first, second = cast.enrolled(cast.bob), cast.enrolled(cast.ann)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    assert sorted((state(first), state(second))) == [("active", ""), ("unenrolled", "merged")]


def test_the_losers_addresses_and_history_become_the_survivors(cast: Cast) -> None:
    since = cast.bob.addresses.get().since
    cast.enrolled(cast.bob)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    row = cast.ann.addresses.get(address="bob@acme.example")
    assert (row.primary, row.since, row.until) == (False, since, None)
    assert not cast.bob.timeline.exists()
    assert (cast.bob.merged_into, cast.bob.deleted_at) == (cast.ann, cast.clock())


def test_the_survivor_works_at_both_companies_its_own_being_the_primary(cast: Cast) -> None:
    cast.ann.work_at([company("Acme")], MONDAY)
    cast.cora.work_at([company("Birch")], MONDAY)
    merging.merge_contacts(cast.ann, cast.cora, cast.dana, cast.clock.ahead(hours=1))
    present = cast.ann.associations.filter(until__isnull=True).values_list("company__name", "primary")
    assert set(present) == {("Acme", True), ("Birch", False)}


def test_eli_may_merge_neither_contacts_nor_companies(cast: Cast) -> None:
    with pytest.raises(permissions.NotAllowed):
        merging.merge_contacts(cast.ann, cast.bob, cast.eli, cast.clock())
    with pytest.raises(permissions.NotAllowed):
        merging.merge_companies(company("Acme"), company("Birch"), cast.eli, cast.clock())


def test_nobody_is_merged_with_themselves_or_twice(cast: Cast) -> None:
    with pytest.raises(merging.CannotMerge):
        merging.merge_contacts(cast.ann, cast.ann, cast.dana, cast.clock())
    root = super_admin()
    merging.merge_companies(company("Acme"), company("Birch"), root, cast.clock())
    with pytest.raises(merging.CannotMerge):
        merging.merge_companies(company("Acme"), company("Birch"), root, cast.clock())


def company_wide(cast: Cast) -> tuple[models.Enrollment, models.Enrollment]:
    """Enroll Ann of Acme and Cora of Birch in a sequence whose replies concern the whole company."""
    cast.ann.work_at([company("Acme")], MONDAY)
    cast.cora.work_at([company("Birch")], MONDAY)
    cast.sequence = sequence(cast.dana, reply_trigger=Trigger.COMPANY)
    ann = cast.enrolled(cast.ann)
    cast.clock.ahead(minutes=1)
    return ann, cast.enrolled(cast.cora)


def test_a_merge_of_companies_stops_nobody(cast: Cast) -> None:
    ann, cora = company_wide(cast)
    merging.merge_companies(company("Acme"), company("Birch"), super_admin(), cast.clock.ahead(hours=1))
    assert (state(ann), state(cora)) == (("active", ""), ("active", ""))


def test_after_the_merge_they_are_colleagues(cast: Cast) -> None:
    ann, cora = company_wide(cast)
    merging.merge_companies(company("Acme"), company("Birch"), super_admin(), cast.clock.ahead(hours=1))
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(cora, "cora@birch.example"))
    cast.turn()
    assert (state(cora)[1], state(ann)[1]) == ("reply", "account_reply")


def test_a_reply_of_before_the_merge_concerns_the_old_colleagues_only(cast: Cast) -> None:
    ann, cora = company_wide(cast)
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(cora, "cora@birch.example"))
    merging.merge_companies(company("Acme"), company("Birch"), super_admin(), cast.clock.ahead(hours=1))
    cast.turn()
    assert (state(cora)[1], state(ann)) == ("reply", ("active", ""))


def test_what_held_before_the_merge_stays_as_history(cast: Cast) -> None:
    company_wide(cast)
    at = cast.clock.ahead(hours=1)
    merging.merge_companies(company("Acme"), company("Birch"), super_admin(), at)
    before = enrollment_facts.workplaces_together([cast.cora.pk], at - timedelta(minutes=1))
    after = enrollment_facts.workplaces_together([cast.cora.pk], at + timedelta(minutes=1))
    assert (before.primary, after.primary) == (frozenset({company("Birch").pk}), frozenset({company("Acme").pk}))


def test_a_parent_company_and_its_child_are_not_colleagues(cast: Cast) -> None:
    models.Company.objects.filter(name="Birch").update(parent=company("Acme"))
    ann, cora = company_wide(cast)
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(cora, "cora@birch.example"))
    cast.turn()
    assert (state(cora)[1], state(ann)) == ("reply", ("active", ""))
