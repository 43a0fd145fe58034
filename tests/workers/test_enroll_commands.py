"""Enrolling and unenrolling from a terminal."""

import io

import pytest
from django.core.management import CommandError, call_command

from relent import clock
from relent.records import models
from tests.cast import Cast, sequence, state, super_admin


@pytest.fixture(autouse=True)
def _cast_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", cast.clock)


def said(*command: str, language: str = "en") -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, language=language)
    return out.getvalue()


def test_a_contact_is_taken_out_in_the_name_of_a_user(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert said("unenroll", "Ann@acme.example", "--by=dana@us.example") == "Ann Archer has left “Hello”.\n"
    assert state(enrollment) == ("unenrolled", "manual")
    assert models.Decision.objects.latest("pk").actor == cast.dana


def test_without_a_user_it_is_the_first_super_admin_who_does_it(cast: Cast) -> None:
    enrollment, root = cast.enrolled(), super_admin()
    said("unenroll", str(cast.ann.pk))
    assert state(enrollment) == ("unenrolled", "manual")
    assert models.Decision.objects.latest("pk").actor == root


def test_another_sequence_than_the_one_named_goes_on(cast: Cast) -> None:
    enrollment = cast.enrolled()
    other = sequence(cast.dana)
    models.Sequence.objects.filter(pk=other.pk).update(name="Other")
    with pytest.raises(CommandError, match="is in no such sequence"):
        said("unenroll", "ann@acme.example", "--sequence=Other", "--by=dana@us.example")
    assert state(enrollment) == ("active", "")


def test_eli_may_not_take_danas_contact_out(cast: Cast) -> None:
    enrollment = cast.enrolled()
    with pytest.raises(CommandError, match="Eli Moss may not do this"):
        said("unenroll", "ann@acme.example", "--by=eli@us.example")
    assert state(enrollment) == ("active", "")


def test_several_are_enrolled_and_one_bad_name_keeps_nobody_out(cast: Cast) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 were not enrolled"):
        call_command(
            "enroll", "Hello", "nobody@acme.example", "ann@acme.example", str(cast.bob.pk),
            by="dana@us.example", language="en", stdout=out,
        )  # fmt: skip
    assert "Ann Archer: Enrolled." in out.getvalue()
    assert models.Enrollment.objects.filter(enrolled_by=cast.dana).count() == 2


def test_a_refused_contact_is_told_with_its_reason_in_the_terminals_language(cast: Cast) -> None:
    cast.enroll()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("enroll", "Hello", "ann@acme.example", by="dana@us.example", language="ja", stdout=out)
    assert "コンタクトはすでにシーケンスに登録されています。" in out.getvalue()
