from importlib import resources

import pytest

from relent.terms import addresses

LINES = resources.files("relent.terms").joinpath("free_mail.txt").read_text("ascii").splitlines()


WORLD = ["gmail.com", "GMX.de", "orange.fr", "wp.pl", "qq.com", "naver.com"]
JAPAN = ["docomo.ne.jp", "softbank.ne.jp", "ezweb.ne.jp", "au.com", "yahoo.co.jp"]


@pytest.mark.parametrize("domain", WORLD + JAPAN)
def test_a_provider_of_private_addresses_says_nothing_of_a_company(domain: str) -> None:
    assert addresses.is_free_mail(domain)


@pytest.mark.parametrize("domain", ["acme.example", "gmail.com.acme.example", "google.com", "notgmail.com", ""])
def test_any_other_domain_is_a_companys(domain: str) -> None:
    assert not addresses.is_free_mail(domain)


def test_the_list_is_sorted_and_names_each_domain_once() -> None:
    assert sorted(set(LINES)) == LINES
    assert all(line == line.strip().lower() and "." in line for line in LINES)
    assert len(LINES) > 300
