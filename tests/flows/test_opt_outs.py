"""Lists of opt-outs, worked off in portions."""

import pytest

from relent.flows import opt_outs
from relent.flows.permissions import NotAllowed
from relent.records import models
from tests.cast import Cast, state, super_admin


def imported(cast: Cast, content: bytes) -> models.OptOutImport:
    row = opt_outs.start("list.csv", content, super_admin(), cast.clock())
    return list(opt_outs.portions(row, cast.clock))[-1]


def test_each_row_is_counted_for_what_it_was(cast: Cast) -> None:
    row = imported(cast, b"email\nann@acme.example\nann@acme.example\nnonsense\nwho@else.example\n")
    assert (row.added, row.known, row.bad, row.total) == (2, 1, 1, 4)
    assert row.faults == [[4, "nonsense"]]


def test_a_contact_on_the_list_is_unenrolled(cast: Cast) -> None:
    enrollment = cast.enrolled()
    imported(cast, b"ANN@acme.example")
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_a_list_that_was_cut_short_goes_on_where_it_stopped(cast: Cast) -> None:
    content = b"".join(b"n%d@else.example\n" % number for number in range(5))
    row = opt_outs.start("list.csv", content, super_admin(), cast.clock())
    row = opt_outs.work_off(row.pk, cast.clock(), portion=2)
    assert (row.position, row.ended_at) == (2, None)
    for _ in range(3):
        row = opt_outs.work_off(row.pk, cast.clock(), portion=2)
    assert (row.added, row.position, row.content) == (5, 5, None)


def test_the_same_list_again_adds_nothing(cast: Cast) -> None:
    root = super_admin()
    for expected in ((1, 0), (0, 1)):
        row = opt_outs.start("list.csv", b"ann@acme.example", root, cast.clock())
        row = list(opt_outs.portions(row, cast.clock))[-1]
        assert (row.added, row.known) == expected


def test_an_empty_list_ends_at_once(cast: Cast) -> None:
    assert imported(cast, b"").ended_at == cast.clock()


def test_reps_import_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        opt_outs.start("list.csv", b"ann@acme.example", cast.eli, cast.clock())
    assert not models.OptOutImport.objects.exists()
