"""What holds of the day of return whatever a text says, and where the interval comes from."""

import tomllib
from datetime import date, timedelta
from importlib import resources

import pytest
from babel import Locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relent.mail.dates import day_words, days, return_date

RECEIVED = date(2026, 11, 20)
PIECES = [
    *("until", "back on", "from", "next week", "Monday", "bis zum", "wieder", "jusqu'au", "hasta el", "до", "вернусь"),
    *(
        "から",
        "まで",
        "12月1日",
        "(火)",
        "～",
        "出社",
        "令和8年",
        "十二月三日",
        "来週",
        "부터",
        "까지",
        "12월 1일",
        "至",
        "下周一",
    ),
    *(
        "30.11.",
        "3.–14.",
        "12/11/2026",
        "12/1",
        "2026-11-30",
        "November",
        "30th",
        "31 December",
        "février",
        "29. Februar",
    ),
    *(
        "in two weeks",
        "99 weeks",
        "in 9999999999 days",
        "out of office",
        "\n",
        ". ",
        ", ",
        "-",
        "①",
        "ﬁ",
        "İ",
        "が",
        "´",
    ),
]
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CODES = {"nb": ("nb", "nn"), "zh": ("zh", "zh_Hant"), "pt": ("pt", "pt_PT"), "en": ("en", "en_GB")}


@pytest.mark.fuzz
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, received=DAYS)
def test_a_day_of_return_lies_ahead_and_a_far_one_is_in_doubt(text: str, received: date) -> None:
    found = return_date.stated(text, received)
    assert found.day is None or received < found.day <= received + return_date.FARTHEST
    assert found.doubtful or found.day is None or found.day <= received + return_date.NEAR


@pytest.mark.fuzz
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, received=DAYS)
def test_what_was_seen_stands_in_the_text_at_its_span(text: str, received: date) -> None:
    found = return_date.stated(text, received)
    assert (found.span is None) == (found.day is None)
    if found.span:
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == found.seen


@pytest.mark.fuzz
@settings(max_examples=200, deadline=None)
@given(day=st.dates(date(2026, 11, 22), date(2027, 2, 17)))
@pytest.mark.parametrize(
    "form",
    [
        "back on {0:%A}, {0.day} {0:%B} {0.year}",
        "back on {0:%B} {0.day}",
        "wieder da ab dem {0.day}.{0.month}.",
        "de retour le {0.day}/{0.month}",
        "{0.month}月{0.day}日より出社します",
        "{0.month}/{0.day}に復帰します",
        "{0.year}. {0.month}. {0.day}부터 복귀합니다",
        "вернусь {0:%d.%m.%Y}",
    ],
)
def test_every_day_is_read_back(form: str, day: date) -> None:
    assert return_date.stated(form.format(day), RECEIVED).day == day


@pytest.mark.fuzz
@settings(max_examples=200, deadline=None)
@given(received=DAYS, weekday=st.integers(0, 6))
def test_a_weekday_alone_is_the_next_of_that_name(received: date, weekday: int) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    found = return_date.stated(f"I will be back on {name}.", received)
    assert found.day is not None
    assert found.day.weekday() == weekday
    assert timedelta(0) < found.day - received <= timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "received", "day"),
    [
        ("back tomorrow", date(2026, 12, 31), date(2027, 1, 1)),
        ("back tomorrow", date(2028, 2, 28), date(2028, 2, 29)),
        ("back next Monday", date(2026, 12, 30), date(2027, 1, 4)),
        ("bis Ende nächster Woche im Urlaub", date(2026, 12, 28), date(2027, 1, 11)),
        ("in zwei Wochen zurück", date(2026, 12, 24), date(2027, 1, 7)),
        ("翌営業日に返信します", date(2027, 1, 1), date(2027, 1, 4)),
        ("3日まで不在です", date(2026, 12, 28), date(2027, 1, 4)),
        ("back on 2 January", date(2026, 12, 31), date(2027, 1, 2)),
        ("away until 31 December", date(2026, 12, 31), date(2027, 1, 1)),
        ("away until 29 February 2028", date(2028, 2, 20), date(2028, 3, 1)),
        ("in einem Monat zurück", date(2027, 1, 31), date(2027, 2, 28)),
    ],
)
def test_days_are_counted_across_the_ends_of_months_and_years(text: str, received: date, day: date) -> None:
    assert return_date.stated(text, received).day == day


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("On leave from 23 to 27 November.", date(2026, 11, 23), date(2026, 11, 27)),
        ("Urlaub vom 21.12.2026 bis 3.1.2027", date(2026, 12, 21), date(2027, 1, 3)),
        ("休業期間：12月29日（火）～1月3日（日）", date(2026, 12, 29), date(2027, 1, 3)),
        ("Absent du 16 novembre au 4 décembre", date(2026, 11, 16), date(2026, 12, 4)),
        ("11月25日から30日まで休暇です", date(2026, 11, 25), date(2026, 11, 30)),
        ("away until 27 November", None, date(2026, 11, 27)),
        ("back on 27 November", None, None),
        ("Я в отпуске с 23.11 по 27.11", date(2026, 11, 23), date(2026, 11, 27)),
    ],
)
def test_the_interval_is_told(text: str, since: date | None, until: date | None) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.since, found.until) == (since, until)


def test_the_span_counts_the_letters_that_arrived() -> None:
    text = "　㈱アオバ　１２月１日（火）より出社いたします。"
    assert return_date.stated(text, RECEIVED).seen == "１２月１日（火）より出社"


@pytest.mark.parametrize(
    ("text", "day", "doubtful"),
    [
        ("I am out until 3/12.", date(2026, 12, 4), True),
        ("Je suis absent jusqu'au 3/12.", date(2026, 12, 4), False),
        ("12/3まで不在です", date(2026, 12, 4), False),
        ("I am out from 23/11 to 3/12.", date(2026, 12, 4), False),
        ("I am out from 11/23 to 12/3.", date(2026, 12, 4), False),
        ("I am out until Thursday 3/12.", date(2026, 12, 4), False),
        ("back on Friday, 1 December 2026", date(2026, 12, 1), True),
        ("back next Friday", date(2026, 11, 27), False),
        ("back on Friday", date(2026, 11, 27), True),
        ("back in December", date(2026, 12, 1), True),
        ("back next week", date(2026, 11, 23), True),
        ("away until next week", date(2026, 11, 23), True),
        ("来週まで不在です", date(2026, 11, 30), False),
        ("away next week", date(2026, 11, 30), False),
    ],
)
def test_doubt_is_about_what_can_be_read_in_two_ways(text: str, day: date, doubtful: bool) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (day, doubtful)


def test_a_hint_of_the_language_decides_where_the_words_do_not() -> None:
    assert return_date.stated("2/12: retour", RECEIVED, "fr") == return_date.stated("2/12: retour", RECEIVED, "unknown")


@pytest.mark.parametrize("code", day_words.CODES)
@pytest.mark.parametrize("kind", ["months", "days"])
def test_every_name_of_cldr_is_known(code: str, kind: str) -> None:
    language = day_words.lexicon().languages[code]
    known = language.months if kind == "months" else language.weekdays
    for locale in map(Locale.parse, CODES.get(code, (code,))):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in getattr(locale, kind)[context][width].items():
                    plain = day_words.plain(name.rstrip("."))
                    if "月" not in name and not plain[:1].isdigit():
                        assert known.get(plain) == number, (locale, name)


@pytest.mark.parametrize("code", day_words.CODES)
def test_no_phrase_says_two_things(code: str) -> None:
    words = tomllib.loads(
        resources.files("relent.mail.dates").joinpath("languages", f"{code}.toml").read_text("utf-8")
    )["words"]
    kinds: dict[str, set[str]] = {}
    for kind, phrases in words.items():
        for spelling in (spelling for phrase in phrases for spelling in day_words.spellings(phrase)):
            kinds.setdefault(spelling, set()).add(kind)
    assert {spelling: said for spelling, said in kinds.items() if len(said) > 1} == {}


@pytest.mark.parametrize(
    "text",
    [
        "1." * 4000,
        "十二月" * 2700,
        "in a week " * 800,
        "until 3 " * 1000,
        "3. august " * 800,
        "の" * 8000,
        "\n3-" * 2700,
    ],
)
def test_garbage_is_read_in_bounded_time(text: str) -> None:
    return_date.stated(text, RECEIVED)  # the test run's time limit is the assertion


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和元年12月1日", 2019),
        ("令和八年十二月一日", 2026),
        ("平成30年12月1日", 2018),
        ("昭和64年1月7日", 1989),
        ("R8.12.1", 2026),
        ("㋿8年12月1日", 2026),
    ],
)
def test_a_year_may_be_told_by_its_era(text: str, year: int) -> None:
    language = day_words.lexicon().languages["ja"]
    plain = day_words.plain(text)
    assert [day.year for day in days.written(plain, 0, len(plain), language, "MD")] == [year]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jag har semester vecka 48.", date(2026, 11, 30)),
        ("Jeg holder ferie i uge 48-49.", date(2026, 12, 7)),
        ("Olen lomalla viikolla 48.", date(2026, 11, 30)),
        ("Ich bin in KW 48 im Urlaub.", date(2026, 11, 30)),
        ("Jeg er tilbake uke 49", date(2026, 11, 30)),
        ("On vacation the week of November 23.", date(2026, 11, 30)),
        ("On leave weeks 52 and 1", date(2027, 1, 11)),
    ],
)
def test_weeks_may_be_told_by_their_number_or_first_day(text: str, day: date) -> None:
    assert return_date.stated(text, RECEIVED).day == day


def test_written_days_are_few() -> None:
    language = day_words.lexicon().languages["de"]
    text = "3.8. " * 1000
    assert len(days.written(text, 0, len(text), language, "DM")) <= 40
