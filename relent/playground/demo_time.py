"""The playground's clock: moved ahead, never back, except to the present when everything is put back."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from relent import clock
from relent.records import models
from relent.terms.states import DeliveryState, EnrollmentState

A_DAY = timedelta(days=1)


def next_step(now: datetime) -> datetime | None:
    """Return when the next step runs or the next pause ends; ``None`` where nothing lies ahead."""
    steps = models.Delivery.objects.filter(state=DeliveryState.PLANNED, due_at__gt=now)
    pauses = models.Enrollment.objects.filter(state=EnrollmentState.PAUSED, paused_until__gt=now)
    ahead = [
        steps.order_by("due_at").values_list("due_at", flat=True).first(),
        pauses.order_by("paused_until").values_list("paused_until", flat=True).first(),
    ]
    return min((moment for moment in ahead if moment is not None), default=None)


def move_to(moment: datetime) -> None:
    """Move the clock ahead to ``moment``; it goes on from there. A moment in the past changes nothing."""
    ahead = moment - clock.now()
    if ahead > timedelta():
        _write(clock.offset() + ahead)


def to_the_present() -> None:
    """Let the clock show the machine's time again."""
    _write(timedelta())


def _write(offset: timedelta) -> None:
    file = Path(settings.CLOCK_FILE)
    draft = file.with_suffix(".new")
    draft.write_text(str(offset.total_seconds()))
    draft.rename(file)  # in one step: another thread may read it at any moment
