from typing import Any

from relent.mail import message
from relent.normalize import scores
from relent.normalize.scores import Scored
from tests.mail.letters import letter


def mail(label: str, judged: str, **told: Any) -> Scored:
    return Scored(file=f"{label}.eml", label=label, judged=judged, **told)


MAILS = [
    mail("bounce_hard", "bounce_hard"),
    mail("bounce_hard", "bounce_soft"),
    mail("bounce_soft", "bounce_policy"),
    mail("bounce_soft", "reply"),
    mail("ooo", "ooo", signs=True),
    mail("ooo", "reply"),
    mail("list", "list"),
    mail("reply", "reply"),
    mail("reply", "ooo"),
]
TOLD = scores.summary(MAILS)


def test_the_table_counts_each_label_by_what_it_was_judged() -> None:
    assert TOLD["confusion"]["bounce_hard"] == {"bounce_hard": 1, "bounce_soft": 1}


def test_a_label_is_recalled_and_precise_by_its_own_mails() -> None:
    assert TOLD["labels"]["ooo"] == {"mails": 2, "right": 1, "precision": 0.5, "recall": 0.5}


def test_a_bounce_is_found_whatever_its_severity() -> None:
    assert TOLD["bounces"] == {"mails": 4, "found": 3, "recall": 0.75}


def test_hard_stands_against_soft_among_the_bounces_that_were_found() -> None:
    assert TOLD["hard_against_soft"] == {"mails": 3, "hard_called_soft": 1, "soft_called_hard": 0, "share": 0.3333}


def test_a_weak_label_counts_for_no_side() -> None:
    told = scores.summary([mail("bounce_hard", "bounce_soft", trust="weak")])
    assert told["hard_against_soft"]["mails"] == 0
    assert told["bounces"]["found"] == 1


def test_a_bounce_that_was_none_is_told_in_a_thousand_others() -> None:
    told = scores.summary([mail("reply", "bounce_hard"), *[mail("ooo", "ooo")] * 3, mail("bounce", "bounce_soft")])
    assert told["false_bounces"] == {"mails": 4, "wrong": 1, "in_a_thousand": 250.0}


def test_an_answer_taken_for_a_machines_is_told_in_a_thousand() -> None:
    assert TOLD["replies_judged_automatic"] == {"mails": 2, "wrong": 1, "in_a_thousand": 500.0}


def test_an_absence_is_told_apart_by_whether_a_header_gives_it_away() -> None:
    assert TOLD["out_of_office_with_header_signs"] == {"mails": 1, "found": 1, "recall": 1.0}
    assert TOLD["out_of_office_without"] == {"mails": 1, "found": 0, "recall": 0.0}


def test_what_was_missed_is_named() -> None:
    assert [(one["file"], one["judged"]) for one in TOLD["missed"]] == [
        ("bounce_hard.eml", "bounce_soft"),
        ("bounce_soft.eml", "reply"),
        ("ooo.eml", "reply"),
        ("reply.eml", "ooo"),
    ]


def test_a_share_of_nothing_is_none() -> None:
    assert scores.summary([])["bounces"]["recall"] is None


def test_a_lists_mail_is_no_mistake_of_the_coarser_label() -> None:
    told = scores.summary([mail("list", "list"), mail("auto_other", "challenge")])
    assert told["labels"]["auto_other"]["precision"] == 1.0


def test_a_header_gives_a_machine_away_and_the_subject_is_none() -> None:
    assert scores.has_signs(message.parse(letter(Auto_Submitted="auto-replied")))
    assert not scores.has_signs(message.parse(letter(Auto_Submitted="no")))
    assert not scores.has_signs(message.parse(letter(Subject="Automatic reply: Onboarding")))
