"""A figure over periods: one line named at its end, a reference it is held against, and the days on
which something was to happen."""

from dataclasses import dataclass
from datetime import date, timedelta

from metrics.narrative.words import Say, say_day_short, say_full_day, say_number
from rendering import figures
from rendering.figures import Figure, Part

MARGIN = {"l": 52, "r": 132, "t": 40, "b": 28}
NARROW = {"l": 40, "r": 76, "t": 40, "b": 28}
FEW_TICKS, MOST_MARKS = 4, 4
HEADROOM = 1.08
# Marks closer than this share of the whole have their words above one another.
NEAR, LINE = 0.3, 17


@dataclass(frozen=True, slots=True)
class Reference:
    """What the line is held against: as it was in the system before."""

    amount: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day with its words; `late` when what was to happen did not."""

    day: date
    words: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The points, None where a period has no figure, and how amounts are said."""

    points: tuple[tuple[date, float | None], ...]
    unit: str
    decimals: int = 0
    highest: float | None = None
    reference: Reference | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def known(self) -> list[tuple[date, float]]:
        return [(day, amount) for day, amount in self.points if amount is not None]


def trend_line(trend: Trend, *, today: date, say: Say = str) -> Figure:
    """The line in ink with its last value beside it. Raises ValueError without any value."""
    if not trend.known:
        raise ValueError("No period has a figure.")
    start, end = _span(trend)
    top = _top(trend)
    return figures.figure(
        [*_reference(trend, start, end, say), _line(trend, say), _now(trend, say)],
        labels=_labels(trend, start, end, today, say),
        narrow={
            "margin": NARROW,
            "annotations": _labels(trend, start, end, today, say, narrow=True),
            "xaxis": figures.time_axis(start, end, today=today, most=FEW_TICKS),
        },
        margin=MARGIN,
        shapes=[figures.upright(mark.day) for mark in trend.marks[:MOST_MARKS]],
        xaxis=figures.time_axis(start, end, today=today),
        yaxis={**figures.value_axis(0, top, whole=top > FEW_TICKS), "range": [0, top]},
    )


def _span(trend: Trend) -> tuple[date, date]:
    days = [day for day, _amount in trend.points]
    days += [mark.day for mark in trend.marks[:MOST_MARKS]]
    start, end = min(days), max(days)
    return start, end + timedelta(days=max(2, (end - start).days // 60))


def _top(trend: Trend) -> float:
    if trend.highest is not None:
        return trend.highest
    amounts = [amount for _day, amount in trend.known]
    if trend.reference is not None:
        amounts.append(trend.reference.amount)
    return max(amounts) * HEADROOM or 1.0


def _said(trend: Trend, amount: float, say: Say) -> str:
    number = say_number(amount, trend.decimals)
    return f"{number}\N{NO-BREAK SPACE}%" if trend.unit == "%" else number


def _line(trend: Trend, say: Say) -> Part:
    days, amounts = zip(*trend.points, strict=True)
    line = figures.actual(days, amounts, hover="%{text}<extra></extra>")
    hover = [
        "" if amount is None else f"{_said(trend, amount, say)}<br>{say_full_day(day)}"
        for day, amount in trend.points
    ]
    alone = len(trend.known) == 1
    return {**line, "mode": "markers" if alone else "lines", "text": hover}


def _now(trend: Trend, say: Say) -> Part:
    day, amount = trend.known[-1]
    hover = f"{_said(trend, amount, say)}<br>{say_full_day(day)}<extra></extra>"
    return figures.point(day, amount, role="ink", name="now", hover=hover)


def _reference(trend: Trend, start: date, end: date, say: Say) -> list[Part]:
    if trend.reference is None:
        return []
    words = figures.plain(say(trend.reference.words))
    return [figures.baseline(start, end, trend.reference.amount, hover=f"{words}<extra></extra>")]


def _labels(
    trend: Trend, start: date, end: date, today: date, say: Say, *, narrow: bool = False
) -> list[Part]:
    left = NARROW["l"] if narrow else MARGIN["l"]
    day, amount = trend.known[-1]
    found = [
        figures.unit_label(say(trend.unit), left=left),
        figures.label(
            _said(trend, amount, say), day=day, amount=amount, role="ink", weight=600, xshift=10
        ),
    ]
    if trend.reference is not None:
        found.append(_reference_words(trend.reference, start, say))
    return found + _marks(trend, start, end, today, say, narrow=narrow)


def _reference_words(reference: Reference, start: date, say: Say) -> Part:
    return figures.label(
        figures.plain(say(reference.words)),
        day=start,
        amount=reference.amount,
        xshift=4,
        yshift=10,
    )


def _marks(
    trend: Trend, start: date, end: date, today: date, say: Say, *, narrow: bool
) -> list[Part]:
    """Words at the uprights below the top, each a line below the one before it is close to."""
    found: list[Part] = []
    before, row = start, -1
    for mark in sorted(trend.marks[:MOST_MARKS], key=lambda one: one.day):
        crowded = row >= 0 and (mark.day - before).days < (end - start).days * NEAR
        before, row = mark.day, row + 1 if crowded else 0
        words = say_day_short(mark.day, today=today) if narrow else say(mark.words)
        at_left = (mark.day - start).days < (end - start).days * 0.4
        found.append(
            {
                **figures.label(
                    figures.plain(words),
                    day=mark.day,
                    amount=0,
                    role="act" if mark.late else "ink-2",
                    xanchor="left" if at_left else "right",
                    xshift=5 if at_left else -5,
                    yshift=-10 - LINE * row,
                ),
                "yref": "paper",
                "y": 1,
            }
        )
    return found
