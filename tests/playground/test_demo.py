"""A newcomer's visit: `relent demo` as a real process, from the link to the mail that is never sent."""

import re
import signal
from pathlib import Path

import httpx
import pytest

from tests.playground.conftest import Visit, demo

pytestmark = pytest.mark.integration

ANN, BOB, CORA = "ann@acme.example", "bob@acme.example", "cora@birch.example"
HANA = "hana.sato@kumo.example"
MAIL = '<details class="mail"'
UNENROLLED = '<span class="chip unenrolled">Unenrolled</span></div>'


@pytest.fixture(autouse=True)
def everything_is_put_back(visit: Visit) -> None:
    """Begin where the demo begins."""
    assert visit.press("put-back").status_code == 200


def enrolled(visit: Visit, who: str = ANN) -> None:
    visit.press("enroll", who)
    visit.sees(MAIL, who)


def test_the_link_signs_the_newcomer_in(visit: Visit) -> None:
    assert "Dana" in visit.browser.get("/playground/").text


def test_the_link_works_once(visit: Visit) -> None:
    answer = httpx.get(visit.link, follow_redirects=True, trust_env=False)
    assert "sign-in" in str(answer.url)


def test_the_first_mail_arrives_without_the_clock_being_moved(visit: Visit) -> None:
    visit.press("enroll")
    visit.sees(MAIL)


def test_a_reply_unenrolls_and_the_page_says_why(visit: Visit) -> None:
    enrolled(visit)
    visit.press("act", action="reply")
    visit.sees(UNENROLLED)
    assert "The contact replied to a mail of the sequence." in visit.page()


def test_after_a_reply_nothing_more_is_sent_however_far_the_clock_moves(visit: Visit) -> None:
    enrolled(visit)
    visit.press("act", action="reply")
    visit.sees(UNENROLLED)
    for _ in range(6):
        visit.press("ahead")
    enrolled(visit, CORA)  # a mail that leaves later shows that turns went on
    assert visit.page().count(MAIL) == 1


def test_without_a_reply_the_next_mail_leaves_when_the_clock_gets_there(visit: Visit) -> None:
    enrolled(visit)
    visit.press("ahead")
    visit.sees("did my mail reach you at a bad moment?")
    assert visit.page().count(MAIL) == 2


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("elsewhere", "Somebody replied to a mail of the sequence from another address."),
        ("colleague", "Somebody replied to a mail of the sequence from another address."),
        ("bounce", "The mail bounced; the address is probably wrong."),
        ("unsubscribe", "The contact unsubscribed."),
    ],
)
def test_what_ends_an_enrollment_ends_it(visit: Visit, action: str, reason: str) -> None:
    enrolled(visit, CORA)
    visit.press("act", CORA, action=action)
    visit.sees(UNENROLLED, CORA)
    assert reason in visit.page(CORA)


@pytest.mark.parametrize(("who", "action"), [(ANN, "ooo-gmail"), (BOB, "ooo-exchange"), (HANA, "ooo-japanese")])
def test_an_automatic_reply_pauses_and_does_not_end(visit: Visit, who: str, action: str) -> None:
    enrolled(visit, who)
    visit.press("act", who, action=action)
    visit.sees('<span class="chip paused">', who)
    assert "The contact is out of office." in visit.page(who)


def test_after_the_pause_the_sequence_goes_on(visit: Visit) -> None:
    enrolled(visit)
    visit.press("act", action="ooo-gmail")
    visit.sees('<span class="chip paused">')
    for _ in range(3):
        visit.press("ahead")
    visit.sees("did my mail reach you at a bad moment?")


def test_an_enrollment_after_the_clock_was_moved_ends_by_a_reply_too(visit: Visit) -> None:
    for _ in range(5):
        visit.press("ahead")
    enrolled(visit)
    visit.press("act", action="reply")
    visit.sees(UNENROLLED)


def test_the_rep_unenrolls_by_hand(visit: Visit) -> None:
    enrolled(visit)
    visit.press("unenroll")
    visit.sees(UNENROLLED)
    assert "A user unenrolled the contact." in visit.page()


def test_an_unchanged_page_is_not_sent_again(visit: Visit) -> None:
    seen = re.search(r"seen=([0-9a-f]+)", visit.page())
    assert seen is not None
    answer = visit.browser.get("/playground/live", params={"who": ANN, "seen": seen.group(1)})
    assert answer.status_code == 204


def test_the_page_speaks_japanese(visit: Visit) -> None:
    page = visit.browser.get("/playground/", headers={"Accept-Language": "ja"}).text
    assert "体験環境" in page
    assert "すべてを元に戻す" in page


def test_nobody_enters_without_signing_in(visit: Visit) -> None:
    base = visit.link.partition("/playground")[0]
    answer = httpx.get(f"{base}/playground/", follow_redirects=True, trust_env=False)
    assert "sign-in" in str(answer.url)


def test_a_demo_beside_another_stops_at_ctrl_c_goes_on_in_a_second_run_and_begins_anew_in_a_fresh_one(
    visit: Visit, tmp_path: Path
) -> None:
    with demo(tmp_path) as first:
        enrolled(first)
        assert MAIL not in visit.page()
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(30) == 0
    with demo(tmp_path) as second:
        assert MAIL in second.page()
        assert second.link.partition("/playground")[0] == first.link.partition("/playground")[0]
    with demo(tmp_path, "--fresh") as third:
        assert MAIL not in third.page()
