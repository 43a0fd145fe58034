"""The guided page in a real browser: the main job, watched without a reload, in both languages and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.playground.conftest import demo

pytestmark = pytest.mark.browser

SECONDS = 30_000.0  # milliseconds to wait for


def visit(browser: Browser, link: str, language: str, width: int) -> tuple[Page, list[str]]:
    """Enter by the link; also return the list in which what the browser complains of is gathered."""
    complaints: list[str] = []
    page = browser.new_context(locale=language, viewport={"width": width, "height": 900}).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(link)
    return page, complaints


@pytest.mark.parametrize(
    ("language", "width", "enroll", "reply", "reason"),
    [
        ("en-US", 1440, "Enroll", "Reply", "The contact replied to a mail of the sequence."),
        ("ja-JP", 390, "登録する", "返信", "コンタクトがシーケンスのメールに返信しました。"),
    ],
)
def test_a_newcomer_sees_a_reply_end_the_enrollment_and_why(
    browser: Browser, tmp_path: Path, language: str, width: int, enroll: str, reply: str, reason: str
) -> None:
    with demo(tmp_path, enter=False) as running:
        page, complaints = visit(browser, running.link, language, width)
        page.get_by_role("button", name=enroll, exact=True).click()
        expect(page.locator("details.mail")).to_be_visible(timeout=SECONDS)
        page.get_by_role("button", name=reply, exact=True).click()
        expect(page.locator("details.ledger summary")).to_contain_text(reason, timeout=SECONDS)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert complaints == []
        page.context.close()
