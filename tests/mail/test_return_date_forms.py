"""The many forms in which a day of return is told. All arrive on Monday, 23 November 2026."""

from datetime import date

import pytest

from relent.mail.dates import return_date

RECEIVED = date(2026, 11, 23)

FORMS = [
    # Not there until a day: there on it.
    ("I am not in the office until Monday 7 December.", "2026-12-07"),
    ("I won't be available until 7 December.", "2026-12-07"),
    ("I will not be able to reply until Monday, December 7.", "2026-12-07"),
    ("I am unavailable until 7 December.", "2026-12-08"),
    ("Away until Thursday 26 November, when I will be back at work.", "2026-11-26"),
    ("Estaré fuera hasta el 30/11, fecha en la que responderé.", "2026-11-30"),
    # "I will be": there, unless it is an absence that will be.
    ("Буду 3.12", "2026-12-03"),
    ("Не буду до 3.12", "2026-12-04"),
    ("С 3.12 по 7.12 буду в отпуске", "2026-12-08"),
    ("У відрядженні, буду 25.11 (ср).", "2026-11-25"),
    ("Będę 3 grudnia.", "2026-12-03"),
    ("Budu 3.12.", "2026-12-03"),
    # Where a weekday, a week or a number stands in its month.
    ("Back on the first Monday of December.", "2026-12-07"),
    ("I'm off until the first week of December.", "2026-12-08"),
    ("Ich bin am letzten Montag im November zurück.", "2026-11-30"),
    ("Urlaub in der 49. KW", "2026-12-07"),
    ("Olen lomalla vkot 49-50", "2026-12-14"),
    ("Olen lomalla joulukuun 3. päivään asti", "2026-12-04"),
    ("Sarò di nuovo operativa da giovedì 3.", "2026-12-03"),
    ("Je suis de retour lundi le 30.", "2026-11-30"),
    ("Отпуск! До 3-го меня нет.", "2026-12-04"),
    ("Ayın 3'ünde döneceğim.", "2026-12-03"),
    # Weekly days off are none; the day on which somebody reads is the one.
    ("Le vendredi, je ne travaille pas. Je lirai votre message demain.", "2026-11-24"),
    ("毎週月曜日はお休みをいただいております。明日火曜日に拝見いたします。", "2026-11-24"),
    ("Pracuji na zkrácený úvazek, v pondělí nejsem v kanceláři. Ozvu se v úterý 24. listopadu.", "2026-11-24"),
    ("W poniedziałki nie odbieram poczty – odpowiem jutro.", "2026-11-24"),
    ("Pazartesi günleri çalışmıyorum. Mesajınıza yarın bakacağım.", "2026-11-24"),
    # Two days in a sentence, or something between the day and what it is.
    ("Lomani kestää 6. joulukuuta saakka, ja maanantaina 7.12. palaan.", "2026-12-07"),
    ("Op maandag 14 december kom ik, hopelijk met zadel, terug op kantoor.", "2026-12-14"),
    (
        "We are packing from 23 November to 2 December. From 3 December you will find us at 18 Foundry Row.",
        "2026-12-03",
    ),
    ("11/23、24は終日不在です。", "2026-11-25"),
    # Numbers apart from their signs, and with dots where the month comes first.
    ("將於 11 月 30 日（一）返回辦公室", "2026-11-30"),
    ("出差，11/25 進公司再回。", "2026-11-25"),
    ("12.24(목)~1.2(토) 연말 휴무", "2027-01-03"),
    ("12월 7일 월요일에 출근합니다.", "2026-12-07"),
    ("보내주신 메일은 11월 30일(월) 복귀 후 확인하겠습니다.", "2026-11-30"),
    ("本周五前不在公司", "2026-11-28"),
    # The words of a country tell how it writes its days.
    ("PTO until 12/1", "2026-12-02"),
    ("On annual leave until 1/12", "2026-12-02"),
]


@pytest.mark.parametrize(("text", "day"), FORMS)
def test_the_day_is_read(text: str, day: str) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (date.fromisoformat(day), False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I have started my maternity leave and will return on 1 September 2027.", "2027-09-01"),
        ("介護休業のため2027年3月31日まで休職いたします。復職は4月1日を予定しております。", "2027-04-01"),
        ("年明けより順次対応いたします。", "2027-01-04"),
        ("Back in the new year", "2027-01-04"),
    ],
)
def test_a_day_far_off_or_left_open_is_told_in_doubt(text: str, day: str) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (date.fromisoformat(day), True)


@pytest.mark.parametrize(
    "text",
    [
        "Back after the holidays.",
        "Nach den Feiertagen bin ich wieder erreichbar.",
        "Вернусь после праздников",
        "お盆明けに戻ります",
        "メールの確認が1日1回程度となっております。",
        "Je ne travaille pas le mercredi ni le vendredi ; je vous répondrai à mon retour.",
        "Il venerdì non lavoro.",
        "С 3.12 буду в отпуске",
        "GW休業：4月29日～5月5日",
    ],
)
def test_what_names_no_day_of_return_gives_none(text: str) -> None:
    assert return_date.stated(text, RECEIVED).day is None
