"""Which SQLite may use its write-ahead log."""

import pytest

from relent.project import sqlite


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_only_a_version_with_the_fault_corrected_is_safe(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], safe: bool
) -> None:
    monkeypatch.setattr(sqlite, "version", lambda: version)
    assert sqlite.is_safe_in_wal_mode() is safe


def test_an_affected_version_is_opened_with_a_rollback_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "version", lambda: (3, 40, 1))
    assert "journal_mode=DELETE; PRAGMA synchronous=FULL" in sqlite.options()["init_command"]


def test_a_journal_is_never_left_unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "version", lambda: (3, 53, 4))
    assert "journal_mode=WAL; PRAGMA synchronous=NORMAL" in sqlite.options()["init_command"]


def test_the_driver_that_brings_a_sound_sqlite_is_the_one_in_use() -> None:
    sqlite.use_newest()
    assert sqlite.is_safe_in_wal_mode(), f"SQLite {sqlite.version()} is in use"
