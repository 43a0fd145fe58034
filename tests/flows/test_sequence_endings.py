"""A sequence is deleted, or handed over."""

import pytest

from relent.flows import enrolling, permissions, sequences
from relent.records import models, performance
from tests.cast import Cast, sequence, state, super_admin


def test_a_sequence_with_open_enrollments_is_not_deleted_and_says_how_many(cast: Cast) -> None:
    enrollment = cast.enrolled()
    with pytest.raises(sequences.ActiveEnrollments) as refused:
        sequences.delete(cast.sequence, cast.dana, cast.clock())
    assert (refused.value.code, refused.value.count) == ("ACTIVE_ENROLLMENTS", 1)
    assert state(enrollment) == ("active", "")


def test_with_the_override_every_open_enrollment_ends(cast: Cast) -> None:
    enrollments = [cast.enroll(contact) for contact in (cast.ann, cast.bob, cast.cora)]
    assert sequences.delete(cast.sequence, cast.dana, cast.clock(), override=True) == 3
    assert {state(row) for row in enrollments} == {("unenrolled", "sequence_deleted")}


def test_the_history_and_the_counters_of_a_deleted_sequence_stay(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    before = performance.summaries([cast.sequence.pk])
    sequences.delete(cast.sequence, cast.dana, cast.clock())
    assert performance.summaries([cast.sequence.pk]) == before
    assert enrollment.decisions.exists()


def test_a_deleted_sequence_enrolls_nobody(cast: Cast) -> None:
    sequences.delete(cast.sequence, cast.dana, cast.clock())
    with pytest.raises(enrolling.EnrollmentRefused):
        cast.enroll()


def test_what_a_cut_short_deletion_left_open_is_ended_by_the_upkeep(cast: Cast) -> None:
    enrollment = cast.enrolled()
    models.Sequence.objects.filter(pk=cast.sequence.pk).update(deleted_at=cast.clock())
    assert sequences.finish_deletions(cast.clock()) == 1
    assert state(enrollment) == ("unenrolled", "sequence_deleted")


def test_eli_may_neither_delete_nor_hand_over_danas_sequence(cast: Cast) -> None:
    with pytest.raises(permissions.NotAllowed):
        sequences.delete(cast.sequence, cast.eli, cast.clock())
    with pytest.raises(permissions.NotAllowed):
        sequences.transfer(cast.sequence, cast.eli, cast.eli, cast.clock())


def test_a_transfer_changes_the_owner_and_ends_nothing(cast: Cast) -> None:
    enrollment = cast.enrolled()
    sequences.transfer(cast.sequence, cast.eli, cast.dana, cast.clock())
    assert cast.sequence.owner == cast.eli
    assert state(enrollment) == ("active", "")
    assert models.AuditEntry.objects.filter(action="sequence.transferred").exists()


def test_the_workflows_of_a_deleted_sequence_are_switched_off(cast: Cast) -> None:
    embedded = models.Workflow.objects.create(
        name="Enroll", enabled=True, sequence=cast.sequence, created_at=cast.clock(), changed_at=cast.clock()
    )
    sequences.delete(cast.sequence, super_admin(), cast.clock())
    embedded.refresh_from_db()
    assert not embedded.enabled


def test_another_sequence_of_the_contact_is_not_touched(cast: Cast) -> None:
    other = sequence(cast.dana)
    enrollment = cast.enrolled()
    sequences.delete(other, cast.dana, cast.clock())
    assert state(enrollment) == ("active", "")
