import pytest

from relent.mail import message_ids


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("<a@x.example> <b@x.example>", ("a@x.example", "b@x.example")),
        ("Your mail of Monday <a@x.example>", ("a@x.example",)),
        ("a@x.example", ("a@x.example",)),
        ("<a@x .example>", ("a@x.example",)),
        ("<a@x.example><a@x.example>", ("a@x.example",)),
        ("<no-at-sign>", ("no-at-sign",)),
        ("<>", ()),
        ("Monday", ()),
    ],
)
def test_identifiers_are_found_among_junk(written: str, found: tuple[str, ...]) -> None:
    assert message_ids.parse(written) == found


def test_of_a_long_thread_both_ends_are_kept() -> None:
    found = message_ids.parse("".join(f"<{number}@x.example>" for number in range(1000)))
    assert (found[0], found[-1], len(found)) == ("0@x.example", "999@x.example", message_ids.MOST)


def test_a_new_identifier_comes_back_from_its_header() -> None:
    made = message_ids.new("c0ffee", "us.example")
    assert message_ids.parse(message_ids.header([made, "b@x.example"])) == (made, "b@x.example")


@pytest.mark.parametrize(
    ("token", "domain"), [("a b", "us.example"), ("a", "us.example>\r\nBcc: x"), ("", "us.example")]
)
def test_an_identifier_holds_nothing_that_would_end_it(token: str, domain: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        message_ids.new(token, domain)
