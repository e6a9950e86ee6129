"""The ground a measure is drawn on: days across, amounts up, and the two sizes it is drawn in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.definitions import Measure
from metrics.narrative.story import Report
from rendering import figures, theme

HEADROOM = 1.08


@dataclass(frozen=True, slots=True)
class View:
    """A size in pixels with the margins around the plot."""

    width: int
    height: int
    left: int
    right: int
    top: int = 36
    bottom: int = 28

    @property
    def across(self) -> int:
        return self.width - self.left - self.right

    @property
    def up(self) -> int:
        return self.height - self.top - self.bottom

    @property
    def margin(self) -> dict[str, int]:
        return {"l": self.left, "r": self.right, "t": self.top, "b": self.bottom}


WIDE = View(*theme.WIDE, left=48, right=124)
# Without a deadline ahead nothing is written right of the plot.
BARE = View(*theme.WIDE, left=48, right=24)
NARROW = View(*theme.NARROW, left=36, right=16)


@dataclass(frozen=True, slots=True)
class Frame:
    """The days and amounts a figure spans."""

    start: date
    end: date
    low: float
    high: float

    def x(self, day: date, view: View) -> float:
        """Pixels from the left edge of the plot."""
        return (day - self.start).days / (self.end - self.start).days * view.across

    def y(self, amount: float, view: View) -> float:
        """Pixels from the lower edge of the plot."""
        return (amount - self.low) / (self.high - self.low) * view.up


def frame_of(told: Report) -> Frame:
    """The span that holds readings, agreement, open day and the end of the forecast."""
    measure = told.measure
    days = [*_days(measure), measure.open_date + timedelta(days=1)]
    start, end = min(days), max(days)
    pad = timedelta(days=max(1, (end - start).days // 40))
    amounts = [*_amounts(told)] or [0.0, 1.0]
    low = min(amounts) if measure.definition.lowest is None else measure.definition.lowest
    high = low + max(max(amounts) - low, 1.0) * HEADROOM
    floor = figures.round_ticks(low, high, whole=counts(measure))[0]
    return Frame(start, end + pad, floor, high)


def counts(measure: Measure) -> bool:
    """True when the measure counts whole things, so that half a tick would be nonsense."""
    return measure.definition.decimals == 0 and measure.definition.unit != "%"


def _days(measure: Measure) -> Iterable[date]:
    if measure.baseline is not None:
        yield measure.baseline.day
    if measure.target is not None:
        yield measure.target.deadline
    if measure.readings:
        yield measure.readings[0].day
    yield from (milestone.day for milestone in measure.milestones)


def _amounts(told: Report) -> Iterable[float]:
    measure = told.measure
    yield from (reading.amount for reading in measure.readings)
    yield from (milestone.amount for milestone in measure.milestones)
    if measure.baseline is not None:
        yield measure.baseline.amount
    if measure.target is not None:
        yield measure.target.amount
    if told.outlook is not None:
        yield from (told.outlook.end.low, told.outlook.end.high)
