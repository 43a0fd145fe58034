import pytest

from relent.mail import address_lists


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("ann@acme.example", [("", "ann@acme.example")]),
        ("Ann <Ann@Acme.Example>", [("Ann", "ann@acme.example")]),
        (
            '"Doe, Ann" <ann@acme.example>, bob@acme.example',
            [("Doe, Ann", "ann@acme.example"), ("", "bob@acme.example")],
        ),
        ("Doe, Ann <ann@acme.example>", [("Ann", "ann@acme.example")]),
        ("ann@acme.example (Ann Doe)", [("Ann Doe", "ann@acme.example")]),
        ("=?utf-8?q?Doe=2C_Ann?= <ann@acme.example>", [("Doe, Ann", "ann@acme.example")]),
        ('"bob@birch.example" <ann@acme.example>', [("bob@birch.example", "ann@acme.example")]),
        ("Team: ann@acme.example, bob@acme.example;", [("", "ann@acme.example"), ("", "bob@acme.example")]),
        ("<@relay.example:ann@acme.example>", [("", "ann@acme.example")]),
        ("Ann <ann@acme.example", [("Ann", "ann@acme.example")]),
        ("undisclosed-recipients:;", []),
        ("<>", []),
        ("ann at acme", []),
        ('"never closed', []),
    ],
)
def test_a_list_gives_the_addresses_in_it(written: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in address_lists.parse(written.encode())] == found


def test_a_list_is_read_up_to_a_bound() -> None:
    assert len(address_lists.parse(b"ann@acme.example," * 1000)) == address_lists.MOST
