"""What the environment says becomes values, and what it says wrongly becomes faults that name the variable."""

from pathlib import Path

import pytest

from relent.project import environment


def test_every_default_can_be_read() -> None:
    assert environment.read({})[1] == []


def test_a_value_is_read_by_its_type() -> None:
    values, _ = environment.read({"RELENT_TURN_THREADS": "2", "RELENT_DEBUG": "true", "RELENT_ALLOWED_HOSTS": "a, b"})
    assert (values["RELENT_TURN_THREADS"], values["RELENT_DEBUG"]) == (2, True)
    assert values["RELENT_ALLOWED_HOSTS"] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELENT_TURN_THREADS", "-1"),
        ("RELENT_DEBUG", "maybe"),
        ("RELENT_FRESHNESS_SECONDS", "soon"),
        ("RELENT_FRESHNESS_SECONDS", "0"),
        ("RELENT_LISTEN", "8000"),
        ("RELENT_DATABASE_URL", "mysql://localhost/relent"),
        ("RELENT_DATABASE_URL", "postgres://user:word@host:port/relent"),
        ("RELENT_PUBLIC_URL", "https://relent.example:port"),
    ],
)
def test_a_wrong_value_is_a_fault_and_the_default_stands(name: str, value: str) -> None:
    values, faults = environment.read({name: value})
    assert [fault.variable for fault in faults] == [name]
    assert values[name] == environment.read({})[0][name]


def test_a_secret_is_read_from_the_file_that_its_twin_names(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n")
    values, _ = environment.read({"RELENT_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert values["RELENT_SECRET_KEY"] == "from-a-file"


def test_a_secrets_file_that_is_not_there_is_a_fault() -> None:
    _, faults = environment.read({"RELENT_SECRET_KEY_FILE": "/no/such/file"})
    assert [fault.variable for fault in faults] == ["RELENT_SECRET_KEY_FILE"]


def test_what_is_no_secret_is_never_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "listen").write_text("0.0.0.0:80")
    values, _ = environment.read({"RELENT_LISTEN_FILE": str(tmp_path / "listen")})
    assert values["RELENT_LISTEN"] == "127.0.0.1:8000"
