"""The plan of the worked example, months as 30 days: ten months, changed after the third."""

from collections.abc import Sequence
from datetime import date, timedelta

from metrics.definitions import Event
from metrics.forecasting import Completion, complete

START = date(2026, 1, 1)
SERIES = (0, 4, 9, 16, 32, 48, 64)


def month(number: float) -> date:
    return START + timedelta(days=round(30 * number))


CHANGE = Event(month(3), "A second trainer", changes_plan=True)
PLANNED = tuple((month(number), 10.0 * number) for number in range(11))


def completion(series: Sequence[float]) -> Completion:
    done = [(month(number), float(percent)) for number, percent in enumerate(series)]
    found = complete(PLANNED, done, events=[CHANGE])
    assert found is not None
    return found
