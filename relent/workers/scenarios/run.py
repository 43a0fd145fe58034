"""Runs a story: time steps from one moment that matters to the next, and every mailbox takes its turns there."""

import traceback
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from relent.flows import removing, turn, workflows
from relent.records import models
from relent.workers.scenarios import account_events, expectations, filling, hand_events, mail_events, meeting_events
from relent.workers.scenarios.refusals import Crashed, Refused
from relent.workers.scenarios.story import Event, Scenario
from relent.workers.scenarios.telling import Mark, Telling, message_id
from relent.workers.scenarios.world import NotSupported, StoryError, World

_HANDLERS = {
    **mail_events.HANDLERS,
    **meeting_events.HANDLERS,
    **hand_events.HANDLERS,
    **account_events.HANDLERS,
}
_HOLDER = "scenario"
# A mailbox with a hundred mails due takes as many turns at one instant; more than this is a circle.
_ROUNDS_AT_MOST = 1_000
_STEPS_AT_MOST = 100_000


@dataclass(frozen=True)
class Outcome:
    """What came of a scenario: no failures means passed."""

    scenario: Scenario
    failures: tuple[str, ...]


def run(scenario: Scenario) -> Outcome:
    """Tell the story on an empty database and check its end."""
    missing = _missing(scenario)
    if missing:
        return Outcome(scenario, tuple(str(NotSupported(what)) for what in missing))
    failures: list[str] = []
    try:
        with World(scenario) as world:
            filling.fill(world)
            telling = _tell(world, failures)
            for expectation in scenario.expectations:
                failures += expectations.failures(telling, expectation)
    except NotSupported as lack:
        failures.append(str(lack))
    except StoryError as fault:
        failures.append(f"the story cannot be told: {fault}")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        failures.append(f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})")
    return Outcome(scenario, tuple(failures))


def _missing(scenario: Scenario) -> list[str]:
    """What the story needs and this version does not have, each once."""
    return list(dict.fromkeys(event.kind for event in scenario.events if event.kind not in _HANDLERS))


def _tell(world: World, failures: list[str]) -> Telling:
    telling = Telling(world)
    for event in world.scenario.events:
        _wait_until(world, event.at)
        sent, decided, arrived = len(world.network.sent), _last_decision(), len(world.arrivals)
        failures += _happen(world, event)
        _settle(world)
        arrivals = world.arrivals[arrived:]
        telling.marks.append(
            Mark(sent, decided, _last_decision(), frozenset(message_id(arrival.raw) for arrival in arrivals))
        )
    return telling


def _happen(world: World, event: Event) -> list[str]:
    """Do what the event says; return what is wrong with its being refused, or not."""
    try:
        _HANDLERS[event.kind](world, event)
    except Refused as refusal:
        if event.refused == refusal.code or (event.refused is None and refusal.changed_nothing):
            return []
        return [f"line {event.line}: event {event.number} ({event.kind}) was refused: {refusal}"]
    if event.refused is not None:
        return [f"line {event.line}: event {event.number} ({event.kind}) was not refused as {event.refused}"]
    return []


def _wait_until(world: World, moment: datetime) -> None:
    """Let time pass up to ``moment``. What is due at that very instant comes after what happens then."""
    for _ in range(_STEPS_AT_MOST):
        wanted = _next_wanted(world)
        if wanted is None or wanted >= moment:
            world.now = max(world.now, moment)
            return
        world.now = wanted
        _settle(world)
    raise StoryError(f"it does not come to rest by {moment.isoformat()}")


def _next_wanted(world: World) -> datetime | None:
    """When, after now, something is to be done by itself. A mailbox that cannot be read is not tried again and again
    meanwhile, as it would be in life: only an event of the story mends it, and then it is woken."""
    moments = [turn.next_due(world.now, blocked=world.every_mailbox_answers())]
    if world.has_workflows:
        moments.append(workflows.next_due(world.now))
    if world.somebody_left:
        moments.append(removing.next_abandoned(world.now))
    return min((moment for moment in moments if moment is not None and moment > world.now), default=None)


def _settle(world: World) -> None:
    """Do what the engine does by itself: let the mailboxes that were woken or want it take turns, and workflows run,
    until nothing is left to do at this instant."""
    if world.somebody_left:
        removing.end_abandoned(world.now)
    for _ in range(_ROUNDS_AT_MOST):
        ran = workflows.run_due(world.now) if world.has_workflows else 0
        mailbox_ids = sorted(world.woken | set(turn.wanted(world.now)))
        world.woken.clear()
        busy = [pk for pk in mailbox_ids if _take_turn(world, pk)]
        if not ran and not busy and not world.woken:
            return
    raise StoryError(f"it does not come to rest at {world.now.isoformat()}")


def _take_turn(world: World, mailbox_id: int) -> bool:
    """Take one turn; return whether it did anything. A process that died in it is started anew."""
    try:
        report = turn.take(mailbox_id, world.clock, _HOLDER)
    except Crashed:
        world.woken.add(mailbox_id)  # what starts again looks first at what it left behind
        return True
    return bool(report.read or report.executed)


def _last_decision() -> int:
    return models.Decision.objects.aggregate(last=Max("pk"))["last"] or 0
