import pytest

from relent.mail import message
from relent.mail.bounces import mail_systems
from tests.mail.letters import failed, letter, mixed, report


def marked(raw: bytes) -> bool | None:
    """Return whether the mark of a mail system is a strong one, ``None`` where there is none."""
    read = message.parse(raw)
    mark = mail_systems.mark(read, read.text)
    return mark and mark.strong


@pytest.mark.parametrize(
    "raw",
    [
        letter(From="MAILER-DAEMON@mx.acme.example"),
        letter(From="MAILER-DAEMON"),
        letter(From="odd@acme.example", X_Failed_Recipients="ann@acme.example"),
        letter(From="odd@acme.example", Auto_Submitted="auto-generated (failure)"),
        letter("This is the mail system at host mx.acme.example.\n", From="odd@acme.example"),
        letter("Hi. This is the qmail-send program at mx.acme.example.\n", From="odd@acme.example"),
        letter("****** Message from InterScan Messaging Security Suite ******\n", From="odd@acme.example"),
        report(failed(), From="odd@acme.example"),
    ],
)
def test_what_only_mail_systems_write_is_a_strong_mark(raw: bytes) -> None:
    assert marked(raw) is True


@pytest.mark.parametrize(
    "author",
    [
        "postmaster@acme.example",
        "System Administrator <x1@acme.example>",
        "<>",
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@acme.example>",
    ],
)
def test_a_sender_that_people_and_programs_use_as_well_is_a_weak_mark(author: str) -> None:
    assert marked(letter(From=author)) is False


@pytest.mark.parametrize("author", ["Ann <ann@acme.example>", "news@acme.example", "Delivery <ann@acme.example>"])
def test_people_and_newsletters_are_no_mail_system(author: str) -> None:
    assert marked(letter(From=author)) is None


@pytest.mark.parametrize("subject", ["Fwd: x", "AW: x", "RE[2]: x", "転送: x", "Re: x", "回复：x"])
def test_a_mail_program_marks_answers_and_forwards(subject: str) -> None:
    assert mail_systems.answers_or_forwards(subject)


def test_a_report_kept_in_a_forwarded_mail_marks_no_mail_system() -> None:
    raw = mixed(("text/plain", "See below."), ("message/delivery-status", failed()), Subject="Fwd: Undelivered Mail")
    assert marked(raw) is None


def test_a_subject_of_blanks_is_read_at_once() -> None:
    assert not mail_systems.answers_or_forwards("re" + " " * 60_000)
