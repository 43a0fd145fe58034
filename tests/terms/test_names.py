import pytest

from relent.terms import names


@pytest.mark.parametrize(
    ("first", "last", "full"),
    [
        ("Ann", "Archer", "Ann Archer"),
        ("花", "佐藤", "佐藤 花"),
        ("Ann", "", "Ann"),
        ("", "佐藤", "佐藤"),
        ("", "", ""),
    ],
)
def test_a_full_name_is_in_the_order_of_its_script(first: str, last: str, full: str) -> None:
    assert names.full(first, last) == full
