"""The plan of the worked example, months as 30 days: ten months, changed after the third."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from adoption.progress import Point, look_ahead
from metrics.definitions import Event
from metrics.forecasting import Completion, Step

START = date(2026, 1, 1)
SERIES = (0, 4, 9, 16, 32, 48, 64)


def month(number: float) -> date:
    return START + timedelta(days=round(30 * number))


CHANGE = Event(month(3), "A second trainer", changes_plan=True)
PLANNED = tuple((month(number), 10.0 * number) for number in range(11))


def completion(series: Sequence[float]) -> Completion:
    """What has come of it after so many months; the recent slope begins with the change."""
    done = [(month(number), float(percent)) for number, percent in enumerate(series)]
    changed = CHANGE.day.toordinal() if len(done) > 4 else START.toordinal()
    found = look_ahead(_points(PLANNED), _points(done), since=changed)
    assert found is not None
    return Completion(
        as_of=done[-1][0],
        planned=PLANNED,
        done=tuple(done),
        events=(CHANGE,),
        planned_now=found.planned,
        done_now=found.done,
        recent_date=_day(found.recent),
        steady_date=_day(found.cautious),
        steps=tuple(
            Step(date.fromordinal(round(step.at)), step.percent, step.low, step.high)
            for step in found.steps
        ),
    )


def _day(when: float | None) -> date | None:
    return None if when is None else date.fromordinal(math.ceil(round(when, 6)))


def _points(course: Sequence[tuple[date, float]]) -> list[Point]:
    return [(float(day.toordinal()), percent) for day, percent in course]
