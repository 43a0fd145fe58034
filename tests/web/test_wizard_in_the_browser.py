"""The first run in a real browser: from an empty install to a first mail and its answer, on real servers."""

import email.utils
import signal
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import dovecot, ground, migrated
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.workers.test_processes import line_with, running

pytestmark = pytest.mark.browser

SECONDS = 30_000.0  # milliseconds to wait for
expect.set_options(timeout=SECONDS)


class Words(TypedDict):
    """What the pages say in one language; the headings are in the order of the wizard's pages."""

    headings: list[str]
    sign_in: list[str]
    failed: str
    ended: str
    reason: str
    why: str
    names_ours: str


WORDS: dict[str, Words] = {
    "en-US": {
        "headings": [
            "Welcome to Relent",
            "Connect your mailbox",
            "Choose a first sequence",
            "Add a first contact",
            "Enroll",
        ],
        "sign_in": ["Signing in to the IMAP server", "Signing in to the SMTP server"],
        "failed": "Failed",
        "ended": "Unenrolled",
        "reason": "The contact replied to a mail of the sequence.",
        "why": "Why?",
        "names_ours": "Names our mail",
    },
    "ja-JP": {
        "headings": [
            "Relentへようこそ",
            "メールボックスを接続",
            "最初のシーケンスを選ぶ",
            "最初のコンタクトを追加",
            "登録する",
        ],
        "sign_in": ["IMAPサーバーへのサインイン", "SMTPサーバーへのサインイン"],
        "failed": "失敗",
        "ended": "登録解除",
        "reason": "コンタクトがシーケンスのメールに返信しました。",
        "why": "理由",
        "names_ours": "こちらのメールを参照",
    },
}


class Newcomer:
    """Somebody with a browser at a fresh install; ``complaints`` is what the browser complained of."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.words = page, WORDS[language]
        self.headings = iter(self.words["headings"])
        self.complaints: list[str] = []
        page.set_default_timeout(SECONDS)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def fill(self, **fields: str) -> None:
        """Write into the fields of the page; what has a choice chooses."""
        for name, value in fields.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def go_on(self) -> None:
        """Press the page's main button."""
        self.page.locator("form.card button.primary").click()

    def reads_the_next_heading(self) -> None:
        """Wait for the next page of the wizard, and see that nothing sticks out of it."""
        expect(self.page.locator("h1")).to_have_text(next(self.headings))
        self.sees_all_of_the_page()

    def sees_all_of_the_page(self) -> None:
        """See that the page is not wider than the window."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def makes_an_account(self) -> None:
        self.reads_the_next_heading()
        self.fill(company_name="US Example", name="Rea Root", email="rea@us.example", password="correct horse battery")
        self.go_on()

    def connects_the_mailbox(self, address: str, imap: Dovecot, smtp: SmtpSink) -> None:
        """First with a wrong password: the page says which part failed, and which did not."""
        self.reads_the_next_heading()
        self.fill(address=address, **imap.options(), **smtp.options(), password="wrong-horse")
        self.go_on()
        failed = self.page.locator("#checks li.failed")
        expect(failed.locator("strong")).to_have_text(self.words["sign_in"])
        expect(failed.locator(".chip").first).to_have_text(self.words["failed"])
        expect(self.page.locator("#checks li.ok")).to_have_count(4)  # reached and encrypted as set, both of them
        self.sees_all_of_the_page()
        self.fill(password=dovecot.PASSWORD)
        self.go_on()

    def chooses_a_sample(self) -> None:
        self.reads_the_next_heading()
        self.page.locator("input[name=sample][value=first-contact]").check()
        self.go_on()

    def adds_a_contact(self, address: str) -> None:
        self.reads_the_next_heading()
        self.fill(first_name="Ann", last_name="Abel", email=address, company="Acme")
        self.go_on()

    def enrolls(self) -> None:
        """The dates of the three steps are shown before, each later than the one before it."""
        self.reads_the_next_heading()
        times = self.page.locator("#enroll-preview ol.plan time")
        expect(times).to_have_count(3)
        dates = [one.get_attribute("datetime") or "" for one in times.all()]
        assert dates == sorted(set(dates))
        self.page.locator("#enroll-submit").click()

    def sees_the_end_of_the_enrollment(self) -> None:
        """Without a reload the record says that it ended, and the reason in a sentence."""
        expect(self.page.locator("#enrollment[data-state=none]")).to_be_visible()
        past = self.page.get_by_role("region").filter(has=self.page.locator("#past-title"))
        expect(past.locator(".chip.unenrolled")).to_have_text(self.words["ended"])
        expect(past).to_contain_text(self.words["reason"])
        expect(self.page.locator("#timeline")).to_contain_text(self.words["reason"])
        self.sees_all_of_the_page()

    def asks_why(self, message_id: str) -> None:
        """The drawer shows the decision, and the mail of ours that the answer names."""
        self.page.locator("#timeline .k-unenrolled a.why").click()
        drawer = self.page.locator("#drawer #why")
        expect(drawer.locator("h1")).to_have_text(self.words["why"])
        expect(drawer.locator(".verdict.unenroll")).to_contain_text(self.words["reason"])
        evidence = drawer.locator("ul.evidence li").filter(has_text=self.words["names_ours"])
        expect(evidence.first).to_contain_text(message_id.strip("<>"))
        self.sees_all_of_the_page()


@pytest.fixture
def install(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh install that is up, that meets nothing unforeseen, and that ends well."""
    (port,) = ground.free_ports(1)
    with running("up", folder=migrated.folder(tmp_path), port=port) as process:
        line_with(process, "Relent is up")
        yield f"http://127.0.0.1:{port}/"
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert "Traceback" not in said


@pytest.fixture
def guarded(sink: SmtpSink) -> SmtpSink:
    """An SMTP server that asks for the same password as Dovecot."""
    sink.password = dovecot.PASSWORD
    return sink


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en-US", "ja-JP"])
def test_a_newcomer_connects_a_mailbox_and_sees_the_first_answer_end_the_enrollment(
    browser: Browser, install: str, dovecot: Dovecot, guarded: SmtpSink, language: str, width: int
) -> None:
    context = browser.new_context(locale=language, viewport={"width": width, "height": 900})
    rea = Newcomer(context.new_page(), language)
    rea.page.goto(install)
    rea.makes_an_account()
    address = f"rea.{language}.{width}@us.example".lower()
    rea.connects_the_mailbox(address, dovecot, guarded)
    rea.chooses_a_sample()
    rea.adds_a_contact("ann@acme.example")
    rea.enrolls()
    mail = arrived(guarded)
    dovecot.deliver(address, answer(mail), "ann@acme.example")
    rea.sees_the_end_of_the_enrollment()
    rea.asks_why(mail["Message-ID"])
    assert len(guarded.mails) == 1
    assert rea.complaints == []
    context.close()


def arrived(sink: SmtpSink) -> EmailMessage:
    """Wait for the first mail, and return it."""
    ground.until(lambda: bool(sink.mails), "The first mail")
    taken = sink.mails[0]
    assert taken.recipient == "ann@acme.example"
    mail = message_from_bytes(taken.raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def answer(mail: EmailMessage) -> bytes:
    """Return what Ann writes back."""
    said = EmailMessage()
    said["From"], said["To"] = "Ann Abel <ann@acme.example>", mail["From"]
    said["Date"] = email.utils.localtime()
    said["Message-ID"] = email.utils.make_msgid(domain="acme.example")
    said["Subject"] = f"Re: {mail['Subject']}"
    said["In-Reply-To"], said["References"] = mail["Message-ID"], mail["Message-ID"]
    said.set_content("Tell me more, please.")
    return said.as_bytes(policy=policy.SMTP)
