"""The commands that end."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from relent.flows import meetings
from relent.records import fields, models
from relent.terms.meetings import MeetingSource
from relent.workers.engine import taking
from tests.cast import Cast


def said(*command: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_keys_prints_both_keys_ready_for_the_environment() -> None:
    lines = dict(line.split("=", 1) for line in said("keys").splitlines())
    assert len(lines["RELENT_SECRET_KEY"]) >= 50
    assert Fernet(lines["RELENT_SECRETS_KEYS"])


def test_keys_are_different_each_time() -> None:
    assert said("keys") != said("keys")


def test_rotating_lets_the_old_key_be_taken_away(cast: Cast, settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SECRETS_KEYS = [old]
    models.Mailbox.objects.update(secrets={"password": "swordfish"})
    settings.SECRETS_KEYS = [new, old]
    said("rotate_keys", skip_checks=True)
    settings.SECRETS_KEYS = [new]
    assert models.Mailbox.objects.get().secrets == {"password": "swordfish"}


def test_rotating_keeps_what_an_erased_address_is_known_by(cast: Cast, settings: Settings) -> None:
    models.AccountKey.objects.make(cast.clock())
    before = models.AccountKey.objects.marks(["ann@acme.example"])
    old, new = settings.SECRETS_KEYS[0], Fernet.generate_key().decode()
    settings.SECRETS_KEYS = [new, old]
    said("rotate_keys", skip_checks=True)
    settings.SECRETS_KEYS = [new]
    assert models.AccountKey.objects.marks(["ann@acme.example"]) == before


def test_rotating_twice_changes_nothing(cast: Cast) -> None:
    models.Mailbox.objects.update(secrets={"password": "swordfish"})
    said("rotate_keys")
    said("rotate_keys")
    assert models.Mailbox.objects.get().secrets == {"password": "swordfish"}


def test_without_rotating_a_key_that_was_taken_away_is_missed(cast: Cast, settings: Settings) -> None:
    models.Mailbox.objects.update(secrets={"password": "swordfish"})
    settings.SECRETS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(fields.UndecryptableSecret):
        models.Mailbox.objects.get()


def test_rotating_with_a_wrong_key_names_the_mailbox_and_destroys_nothing(cast: Cast, settings: Settings) -> None:
    models.Mailbox.objects.update(secrets={"password": "swordfish"})
    right = settings.SECRETS_KEYS
    settings.SECRETS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match=r"dana@us\.example"):
        said("rotate_keys", skip_checks=True)
    settings.SECRETS_KEYS = right
    assert models.Mailbox.objects.get().secrets == {"password": "swordfish"}


def test_explain_tells_the_reason_and_the_evidence(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    told = said("explain", "ann@acme.example", language="en")
    assert "The contact replied to a mail of the sequence." in told
    assert "ann@acme.example" in told


def test_explain_speaks_japanese(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert "コンタクトがシーケンスのメールに返信しました。" in said("explain", "ann@acme.example", language="ja")


def test_explain_finds_a_mail_by_its_message_id(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    cast.deliver(mail)
    cast.turn()
    assert "replied" in said("explain", message=str(mail["Message-ID"]), language="en")


def test_explain_says_that_nothing_was_decided(cast: Cast) -> None:
    assert "Nothing has been decided" in said("explain", str(cast.ann.pk), language="en")


def test_explain_refuses_a_stranger(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no contact"):
        said("explain", "nobody@acme.example", language="en")


def test_profiles_shows_both_side_by_side() -> None:
    head, *rows = said("profiles").splitlines()
    assert "safe" in head
    assert "strict" in head
    assert len(rows) > 3


def test_turn_takes_the_turn_of_the_mailbox_named(cast: Cast) -> None:
    cast.enroll()
    assert "executed 1" in said("turn", "dana@us.example")


def test_turn_refuses_a_mailbox_that_is_not_there(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no mailbox"):
        said("turn", "eli@us.example")


def test_a_mailbox_that_a_dead_process_of_this_machine_holds_is_freed(cast: Cast) -> None:
    machine, _, thread = taking.holder().split(":")
    models.Mailbox.objects.update(holder=f"{machine}:999999999:{thread}", held_until=cast.clock.ahead(minutes=10))
    taking.release_leftovers(starting=False)
    assert models.Mailbox.objects.get().holder == ""


def test_a_mailbox_that_this_process_holds_is_freed_only_at_its_start(cast: Cast) -> None:
    models.Mailbox.objects.update(holder=taking.holder(), held_until=cast.clock.ahead(minutes=10))
    taking.release_leftovers(starting=False)
    assert models.Mailbox.objects.get().holder == taking.holder()
    taking.release_leftovers(starting=True)
    assert models.Mailbox.objects.get().holder == ""


def test_a_mailbox_that_another_machine_holds_is_left_alone(cast: Cast) -> None:
    models.Mailbox.objects.update(holder="elsewhere:1:1", held_until=cast.clock() + timedelta(minutes=10))
    taking.release_leftovers(starting=False)
    assert models.Mailbox.objects.get().holder == "elsewhere:1:1"


def test_a_turn_of_a_held_mailbox_is_to_be_tried_again(cast: Cast) -> None:
    models.Mailbox.objects.update(holder="elsewhere:1:1", held_until=cast.clock() + timedelta(days=9999))
    assert taking.take(cast.mailbox.pk) is True


def test_a_turn_of_a_disconnected_mailbox_is_not_tried_again(cast: Cast) -> None:
    models.Mailbox.objects.update(state="disconnected")
    assert taking.take(cast.mailbox.pk) is False


def test_explain_says_how_sure_it_is_and_when_it_was_decided(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    told = said("explain", "ann@acme.example", language="en")
    assert "Certainty: Certain." in told
    assert "Decided: 2026-03-02" in told
    assert "[unenroll, reply]" in told


def test_explain_names_the_meeting(cast: Cast) -> None:
    signal = meetings.Signal(
        source=MeetingSource.RECORD,
        uid="m1",
        title="Coffee",
        starts_at=cast.clock(),
        ends_at=cast.clock(),
        hosts=frozenset({cast.dana.pk}),
        contact_ids=frozenset({cast.ann.pk}),
    )
    cast.enrolled()
    meetings.log(signal, cast.clock.ahead(hours=1))
    assert "Meeting: Coffee (2026-03-02 09:00 UTC)" in said("explain", "ann@acme.example", language="en")


def test_a_list_of_opt_outs_is_imported_row_by_row(cast: Cast, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_bytes(b"email\nann@acme.example\nnonsense\n")
    told = said("opt_outs", "import", str(listed), language="en")
    assert "1 added, 0 known before, 1 without an address" in told
    assert "line 3: no mail address in “nonsense”" in told
    assert models.Suppression.objects.get().address == "ann@acme.example"
