"""Lists of opt-outs, however they were written."""

import pytest

from relent.normalize import opt_outs


def addresses(raw: bytes) -> list[str]:
    return [row.address for row in opt_outs.rows(raw)]


@pytest.mark.parametrize(
    "raw",
    [
        b"ann@acme.example\nbob@acme.example\n",
        b"\xef\xbb\xbfemail\r\nann@acme.example\r\nbob@acme.example\r\n",
        "email;name\nann@acme.example;Änn\nbob@acme.example;Bob\n".encode("latin-1"),
        "氏名,メールアドレス\n山田,ann@acme.example\n鈴木,bob@acme.example\n".encode("cp932"),
        "Name\tE-Mail\nAnn\tann@acme.example\nBob\tbob@acme.example\n".encode("utf-16"),
        b'"Archer, Ann","<Ann@ACME.example>"\n\n"Baker, Bob","mailto:bob@acme.example"\n'.replace(b"mailto:", b""),
        b"Ann <ann@acme.example>\rBob <bob@acme.example>",
    ],
    ids=["plain", "utf-8 with a mark", "semicolons", "cp932", "utf-16", "quoted", "named, old line ends"],
)
def test_the_addresses_are_found(raw: bytes) -> None:
    assert addresses(raw) == ["ann@acme.example", "bob@acme.example"]


def test_the_column_that_the_head_names_counts() -> None:
    raw = b"agent,email\nrep@us.example,ann@acme.example\n"
    assert addresses(raw) == ["ann@acme.example"]


def test_a_row_without_an_address_says_where_it_stands_and_keeps_no_other_from_being_read() -> None:
    rows = list(opt_outs.rows(b"ann@acme.example\nnonsense\nbob@acme.example"))
    assert [(row.line, row.address) for row in rows] == [(1, "ann@acme.example"), (2, ""), (3, "bob@acme.example")]
    assert rows[1].written == "nonsense"


def test_a_quotation_mark_that_nobody_closed_takes_no_other_row_with_it() -> None:
    assert addresses(b'ann@acme.example\n"broken, cora@birch.example\nbob@acme.example')[2] == "bob@acme.example"


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"email\n", b"\xff\xfe"])
def test_an_empty_list_has_no_rows(raw: bytes) -> None:
    assert addresses(raw) == []


def test_bytes_that_are_no_text_are_no_fault_of_the_whole_list() -> None:
    raw = b"\x00\x81\x00\n" + b"x" * 200_000 + b"\nann@acme.example\n"
    assert addresses(raw)[-1] == "ann@acme.example"
