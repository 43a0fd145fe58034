"""Verdicts per second of the pure core, over the floor of a call that only makes one and the same verdict."""

import time
from collections.abc import Callable

from bench.figures import Figure

_SECONDS = 2.0
_FLOOR = "a call that returns a new verdict"


def measure() -> list[Figure]:
    """Decide every row of the tables of the tests, under both profiles, again and again."""
    from relent.decide import policy, unenrollment
    from relent.decide.verdicts import Verdict
    from relent.terms.history import Action
    from relent.terms.reasons import KeepReason
    from tests.decide import (
        test_unenrollment,
        test_unenrollment_by_colleagues,
        test_unenrollment_by_machines,
        test_unenrollment_by_meetings,
        test_unenrollment_by_orders,
    )

    tables = (
        test_unenrollment,
        test_unenrollment_by_colleagues,
        test_unenrollment_by_machines,
        test_unenrollment_by_meetings,
        test_unenrollment_by_orders,
    )
    mix = [
        (row.event, row.connection, row.enrollment, policy.of(profile, row.settings))
        for profile in policy.PROFILES
        for table in tables
        for row in table.TABLE
    ]

    def bare(*_facts: object) -> Verdict:
        return Verdict(action=Action.KEEP, reason=KeepReason.OWN_COPY, rule="bare")

    floor, rate = _rate(mix, bare), _rate(mix, unenrollment.decide)
    return [Figure("verdicts of the pure core", rate, floor, "/s", _FLOOR, f"a mix of {len(mix)}")]


def _rate(mix: list[tuple[object, ...]], decide: Callable[..., object]) -> float:
    """Return how many a second; the best of four runs, so that what else the machine does counts least."""
    rates = []
    for _ in range(4):
        done, begun = 0, time.perf_counter()
        while (seconds := time.perf_counter() - begun) < _SECONDS / 4:
            for facts in mix:
                decide(*facts)
            done += len(mix)
        rates.append(done / seconds)
    return max(rates)
