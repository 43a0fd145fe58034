from datetime import UTC, datetime

import pytest

from relent.mail import message
from relent.mail.defects import Defect
from tests.mail.letters import letter, mixed


def test_a_mail_says_who_wrote_to_whom() -> None:
    mail = message.parse(letter(To="Dana <Dana@Us.Example>, eli@us.example", Cc="Bob <bob@acme.example>"))
    assert mail.sender == "ann@acme.example"
    assert mail.recipients == ("dana@us.example", "eli@us.example", "bob@acme.example")


def test_where_a_mail_arrived_comes_before_whom_it_names() -> None:
    mail = message.parse(letter(To="list@acme.example", Delivered_To="dana@us.example"))
    assert mail.recipients == ("dana@us.example", "list@acme.example")


def test_a_mail_without_from_is_from_its_return_path() -> None:
    assert message.parse(letter(From="", Return_Path="<ann@acme.example>")).sender == "ann@acme.example"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?ISO-2022-JP?B?GyRCOl84SxsoQg==?= 1", "在庫 1"),
        ("=?utf-8?b?5Zyo?= =?utf-8?b?5bqr?=", "在庫"),
        ("=?utf-8?b?5Zyo5bo=?= =?utf-8?b?qw==?=", "在庫"),
        ("=?shift_jis?b?jd2MyQ==?=", "在庫"),
        ("=?x-unknown?q?plain?=", "plain"),
        ("=?utf-8?b?!!!?=", ""),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?a=0D=0ABcc=3A_x?=", "a Bcc: x"),
    ],
)
def test_a_subject_is_decoded_as_far_as_it_goes(written: str, read: str) -> None:
    assert message.parse(letter(Subject=written)).subject == read


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_raw_eight_bit_headers_are_guessed(charset: str) -> None:
    mail = message.parse("From: ann@acme.example\nSubject: Grüße\n\nHi".encode(charset))
    assert mail.subject == "Grüße"
    assert Defect.EIGHT_BIT_HEADER in mail.defects


def test_raw_iso_2022_jp_is_known_by_its_escapes() -> None:
    assert message.parse(b"Subject: " + "在庫".encode("iso2022_jp") + b"\n\nx").subject == "在庫"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 10:00:00 -0000", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("yesterday", None),
        ("1 Jan 99999999999 99:99:99 +9999999", None),
    ],
)
def test_a_date_is_a_moment_or_nothing(written: str, moment: datetime | None) -> None:
    assert message.parse(letter(Date=written)).date == moment


def test_plain_text_goes_before_html() -> None:
    mail = message.parse(mixed(("text/html", "<p>other"), ("text/plain", "plain"), subtype="alternative"))
    assert mail.text.strip() == "plain"


def test_html_alone_is_read_as_text() -> None:
    html = "<style>p{}</style><p>Hi&nbsp;Dana,<br>call me<p>Ann<blockquote>Old</blockquote>"
    assert message.parse(letter(html, Content_Type="text/html")).text == "Hi Dana,\ncall me\n\nAnn\n\n> Old"


def test_an_attached_text_is_not_what_the_person_wrote() -> None:
    attached = "Content-Type: text/plain\nContent-Disposition: attachment"
    assert message.parse(mixed((attached, "terms"), ("text/plain", "yes"))).text.strip() == "yes"


def test_an_attached_mail_stays_closed() -> None:
    mail = message.parse(mixed(("message/rfc822", "Subject: inner\n\ninner text")))
    assert mail.text == ""
    assert [part.content_type for part in mail.parts] == ["multipart/mixed", "message/rfc822"]


@pytest.mark.parametrize(
    ("encoding", "charset", "body", "text"),
    [
        ("base64", "utf-8", "5Zyo5bqr", "在庫"),
        ("base64", "utf-8", "5Zyo5bqr5Z", "在庫"),
        ("quoted-printable", "utf-8", "Gr=C3=BC=\n=C3=9Fe", "Grüße"),
        ("quoted-printable", "us-ascii", "Gr=C3=BC=C3=9Fe", "Grüße"),
        ("7bit", "iso-2022-jp", "\x1b$B:_8K\x1b(B", "在庫"),
        ("8bit", "no-such-charset", "Grüße", "Grüße"),
        ("8bit", "punycode", "Grüße", "Grüße"),
        ("x-odd", "", "as it is", "as it is"),
    ],
)
def test_a_body_is_decoded_as_far_as_it_goes(encoding: str, charset: str, body: str, text: str) -> None:
    raw = letter(body, Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding=encoding)
    assert message.parse(raw).text.rstrip("\ufffd").startswith(text)


def test_headers_keep_their_order_and_their_repetitions() -> None:
    mail = message.parse(b"Received: one\nX-A: 1\nReceived: two\n\n")
    assert [header.line for header in mail.headers] == ["Received: one", "X-A: 1", "Received: two"]
    assert [header.text for header in mail.all("received")] == ["one", "two"]


def test_a_mail_keeps_its_identity_when_it_is_moved() -> None:
    raw = letter()
    moved = b"X-Folder: Archive\r\n" + raw.replace(b"\r\n", b"\n") + b"\n\n"
    assert message.identity(moved) == message.identity(raw)


@pytest.mark.parametrize("change", [{"text": "Something else."}, {"Subject": "Other"}, {"Date": ""}])
def test_a_message_id_used_twice_makes_two_mails(change: dict[str, str]) -> None:
    assert message.identity(letter(**change)) != message.identity(letter())


@pytest.mark.parametrize("lead", [0, 1])
def test_line_ends_cut_in_two_do_not_change_the_identity(lead: int) -> None:
    raw = b"Subject: x\r\n\r\n" + b"c" * lead + b"a\r\n" * 400_000
    assert message.identity(raw) == message.identity(raw.replace(b"\r\n", b"\n"))
