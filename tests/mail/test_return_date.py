from datetime import date

import pytest

from relent.mail.dates import return_date

RECEIVED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I will be back on Monday, 30 November 2026.", date(2026, 11, 30)),
        ("I am back on November 30th.", date(2026, 11, 30)),
        ("Returning Dec 1, 2026", date(2026, 12, 1)),
        ("I am away until 30 November.", date(2026, 12, 1)),
        ("Out of office until Monday, the 30th of November", date(2026, 12, 1)),
        ("away until 2026-11-30", date(2026, 12, 1)),
        ("away through 30 Nov 2026", date(2026, 12, 1)),
        ("on leave from 25 November to 1 December", date(2026, 12, 2)),
        ("I will not be back until 30 November.", date(2026, 11, 30)),
        ("back in the office on 4 January", date(2027, 1, 4)),
        ("Ich bin ab dem 30.11. wieder im Büro.", date(2026, 11, 30)),
        ("Ich bin bis zum 30.11.2026 nicht im Büro.", date(2026, 12, 1)),
        ("bis 30. November abwesend", date(2026, 12, 1)),
        ("11月30日まで不在にしております。", date(2026, 12, 1)),
        ("11月25日から11月30日まで休暇をいただきます。", date(2026, 12, 1)),
        ("12月1日より出社いたします。", date(2026, 12, 1)),
        ("お返事は2026年12月1日(火)より順次差し上げます。", date(2026, 12, 1)),
        ("１２月１日から業務を再開します。", date(2026, 12, 1)),
        ("11/30まで休業、12/1より営業いたします。", date(2026, 12, 1)),
        ("back on 23 November, and back from my second trip on 7 December", date(2026, 12, 7)),
        ("Je serai de retour le 1er décembre 2026.", date(2026, 12, 1)),
        ("Je suis en congés jusqu'au 30 novembre inclus.", date(2026, 12, 1)),
        ("Regreso el martes 1 de diciembre de 2026.", date(2026, 12, 1)),
        ("Estaré de vacaciones hasta el 30 de noviembre.", date(2026, 12, 1)),
        ("Estou de férias até 30 de novembro de 2026.", date(2026, 12, 1)),
        ("Rientro martedì 1 dicembre 2026.", date(2026, 12, 1)),
        ("Ik ben afwezig tot en met 30 november 2026.", date(2026, 12, 1)),
        ("Jag är tillbaka den 1 december.", date(2026, 12, 1)),
        ("我正在休假，将于12月1日返回办公室。", date(2026, 12, 1)),
        ("12월 1일부터 업무에 복귀합니다.", date(2026, 12, 1)),
        ("11월 30일까지 휴가입니다.", date(2026, 12, 1)),
        ("Out of office 23.11. - 30.11.2026", date(2026, 12, 1)),
        ("Out of office November 23-30", date(2026, 12, 1)),
        ("Out of office 23 November – 30 November 2026", date(2026, 12, 1)),
        ("Im Urlaub vom 23.–30. November", date(2026, 12, 1)),
    ],
)
def test_the_stated_day_of_return_is_read(text: str, day: date) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (day, False)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office.",
        "I will be back on 10 November 2026.",
        "I will be back on 10 November.",
        "We met on 30 November 2026.",
        "Call 555-11-30 or come to room 12.1.",
        "back on 31 February 2027",
        "ab dem 30.11. im Urlaub",
        "11月30日の件、承知しました。",
    ],
)
def test_a_day_that_is_past_or_of_something_else_is_none(text: str) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (None, False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I am away until further notice.", None),
        ("当面の間、不在にいたします。", None),
        ("on parental leave, back on 8 March 2027", date(2027, 3, 8)),
        ("back on 8 March", date(2027, 3, 8)),
        ("back on 3 March 2028", date(2028, 3, 3)),
        ("back on 3 March 2036", None),
        ("back on 11/3, maybe", date(2026, 11, 3)),
        ("bis auf weiteres abwesend", None),
        ("back on 11/12", date(2026, 12, 11)),
        ("Out of office, back on 12/11/2026.", date(2026, 12, 11)),
    ],
)
def test_doubt_is_told_and_the_later_day_counts(text: str, day: date | None) -> None:
    found = return_date.stated(text, date(2026, 11, 1))
    assert (found.day, found.doubtful) == (day, True)


@pytest.mark.parametrize("text", ["I am away until ٣/٣/2026.", "不在: 2026年٣月十2日まで", "до ١٤ марта 2026"])
def test_digits_of_any_script_stop_nothing(text: str) -> None:
    return_date.stated(text, date(2026, 3, 2))
