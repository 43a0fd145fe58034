import pytest

from relent.mail import authentication, lists, message, unsubscribe
from tests.mail.letters import letter


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("mx.us.example; dmarc=pass header.from=acme.example", True),
        ("mx.us.example; spf=pass smtp.mailfrom=acme.example; dmarc=fail (p=none) header.from=acme.example", False),
        ("mx.us.example; spf=pass smtp.mailfrom=bounce@mail.acme.example", True),
        ('mx.us.example; dkim=pass header.d="acme.example"', True),
        ("mx.us.example; dkim=pass (2048-bit; good) header.i=@acme.example header.s=k1", True),
        ("mx.us.example; dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=mailer.example", None),
        ("mx.us.example; dkim=fail header.d=acme.example; spf=softfail smtp.mailfrom=acme.example", None),
        ("mx.us.example; dkim=pass header.d=notacme.example", None),
        ("mx.us.example; dkim=pass header.d=example", None),
        ("mx.us.example; (dmarc=pass) none", None),
        ("mx.us.example; none", None),
        ("", None),
    ],
)
def test_the_receiving_server_vouches_for_the_sender(results: str, verdict: bool | None) -> None:
    assert authentication.read(message.parse(letter(Authentication_Results=results)))[0] is verdict


def test_only_the_topmost_results_count() -> None:
    brought_along = b"Authentication-Results: evil.example; dmarc=pass\r\n"
    raw = b"Authentication-Results: mx.us.example; dmarc=fail\r\n" + brought_along + letter()
    assert authentication.read(message.parse(raw))[0] is False


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "<all.acme.example>"},
        {"Precedence": "list"},
        {"Precedence": "Bulk"},
        {"List_Unsubscribe": "<https://acme.example/u>"},
    ],
)
def test_list_mail_is_known_by_its_headers(headers: dict[str, str]) -> None:
    assert lists.read(message.parse(letter(**headers)))


def test_a_letter_is_no_list_mail() -> None:
    assert not lists.read(message.parse(letter(Precedence="first-class")))


def test_one_click_is_offered_at_a_secure_address() -> None:
    headers = unsubscribe.headers("https://us.example/u/1", "leave@us.example")
    assert headers["List-Unsubscribe"] == "<https://us.example/u/1>, <mailto:leave@us.example?subject=unsubscribe>"
    assert headers["List-Unsubscribe-Post"] == unsubscribe.ONE_CLICK


def test_one_click_is_not_offered_in_the_open() -> None:
    assert "List-Unsubscribe-Post" not in unsubscribe.headers("http://localhost/u/1")


@pytest.mark.parametrize("url", ["https://us.example/>\r\nBcc: eli@us.example", "javascript:alert(1)", ""])
def test_an_address_to_unsubscribe_at_is_a_web_address(url: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        unsubscribe.headers(url)
