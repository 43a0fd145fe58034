import pytest

from relent.terms import addresses
from relent.terms.addresses import AliasRule


@pytest.mark.parametrize("written", ["Ann@Acme.Example", " ann@acme.example ", "<ann@acme.example>"])
def test_one_address_has_one_spelling(written: str) -> None:
    assert addresses.canonical(written) == "ann@acme.example"


def test_a_domain_beyond_ascii_is_written_as_it_travels() -> None:
    assert addresses.canonical("Ann@Bücher.example") == "ann@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("written", "known", "rule"),
    [
        ("ANN@acme.example", "ann@acme.example", AliasRule.SAME),
        ("ann@acme.example", "ann+news@acme.example", AliasRule.PLUS),
        ("ann+news@acme.example", "ann@acme.example", AliasRule.PLUS),
        ("a.nn@gmail.com", "ann@googlemail.com", AliasRule.DOTS),
        ("a.nn@acme.example", "ann@acme.example", None),
        ("bob@acme.example", "ann@acme.example", None),
    ],
)
def test_an_alias_is_known_by_its_rule_or_not_at_all(written: str, known: str, rule: AliasRule | None) -> None:
    assert addresses.alias_rule(written, known) is rule


def test_a_domain_is_what_follows_the_last_at_sign() -> None:
    assert addresses.domain('"a@b"@Acme.Example') == "acme.example"


def test_what_is_no_address_has_no_domain() -> None:
    assert addresses.domain("ann") == ""
