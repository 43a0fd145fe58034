"""A slice of `make fuzz`: spoiled mails, and mails made to be slow, stay within the bounds of time and memory."""

from pathlib import Path

import pytest

from tests.fuzz import chunks, limits, mutations, seeds, worst

MAILS = 10_000
SMALL = [(name, make) for name, make in worst.cases(worst.SMALL_SIZES) if name not in worst.LARGE]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[chunks.Result]:
    """What became of so many spoiled mails."""
    failures = tmp_path_factory.mktemp("failures")
    return [chunks.run(seed=1, chunk=chunk, count=MAILS // 2, failures=failures) for chunk in (0, 1)]


@pytest.mark.fuzz
@pytest.mark.slow
def test_a_spoiled_mail_is_judged_within_bounds(judged: list[chunks.Result]) -> None:
    assert [failure for result in judged for failure in result.failures] == []
    assert sum(result.mails for result in judged) == MAILS


@pytest.mark.fuzz
@pytest.mark.slow
def test_spoiled_mails_are_of_every_kind(judged: list[chunks.Result]) -> None:
    assert len({kind for result in judged for kind in result.kinds}) >= 8
    assert len({name for result in judged for name in result.mutations}) == len(mutations.MUTATIONS)


@pytest.mark.fuzz
@pytest.mark.slow
def test_a_chunk_is_the_same_mails_whenever_it_is_run(tmp_path: Path) -> None:
    first, second = (chunks.run(seed=2, chunk=5, count=300, failures=tmp_path) for _ in range(2))
    assert (first.bytes, first.kinds, first.mutations) == (second.bytes, second.kinds, second.mutations)


@pytest.mark.fuzz
@pytest.mark.slow
def test_no_mail_made_to_be_slow_is_slow() -> None:
    for raw in seeds.stock().short:
        limits.judge(raw)  # what is loaded once is no mail's cost
    for name, make in SMALL:
        try:
            limits.timed(make(), told=False)
        except limits.TooSlow as error:
            pytest.fail(f"{name}: {error}")


def test_the_evidence_of_a_mail_is_bounded() -> None:
    assert limits.judge(b"X-Autoreply: yes\n" * 900 + b"From: ann@acme.example\n\nhello") == "auto_reply"
