"""Licences over time: seats held, given out, and used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.activity import date_of
from usage.numbers.licences import LicenceUse

HEADROOM = 1.1
SIDES = {"l": 44, "r": 148, "t": 36, "b": 28}
NARROW_SIDES = {"l": 36, "r": 16, "t": 36, "b": 28}
FEW_TICKS = 5
# Heights of the plot in pixels, to keep labels a line apart.
UP, LINE = 356, 16


@dataclass(frozen=True, slots=True)
class LicenceWords:
    """A line's name with its last figure, or alone where the page is narrow; the unit."""

    people: str
    seats: str
    assigned: str
    active: str
    narrow: str
    hover: Callable[[str, int], str]


def licence_lines(value: LicenceUse, *, words: LicenceWords, today: date) -> Figure:
    """Seats in steps (agreed, so in accent), given out (grey) and active (ink). Days for which no
    seats are on record have no line of seats."""
    days = [date_of(day) for day in value.days.tolist()]
    start, end = days[0], max(days[-1], days[0] + timedelta(days=1))
    parts = {"seats": value.seats, "assigned": value.assigned, "active": value.active}
    top = max(1, *(int(counts.max(initial=0)) for counts in parts.values())) * HEADROOM
    axis = figures.value_axis(0, top, whole=True)
    few = figures.time_axis(start, end, today=today, most=FEW_TICKS)
    return figures.figure(
        [_seats(value, days, words), _assigned(value, days, words), _active(value, days, words)],
        labels=_labels(value, words, days[-1], top),
        narrow={
            "margin": NARROW_SIDES,
            "xaxis": few,
            "annotations": _narrow_labels(value, words, days[-1]),
        },
        margin=SIDES,
        xaxis=figures.time_axis(start, end, today=today),
        yaxis={**axis, "range": [0, top]},
    )


def _seats(value: LicenceUse, days: list[date], words: LicenceWords) -> Part:
    known = zip(value.seats.tolist(), value.known.tolist(), strict=True)
    heights = [seats if is_known else None for seats, is_known in known]
    hover = [words.hover("seats", height or 0) for height in heights]
    part = _line("seats", days, heights, hover)
    return {**part, "line": {"color": theme.colour("accent"), "width": 2, "shape": "hv"}}


def _assigned(value: LicenceUse, days: list[date], words: LicenceWords) -> Part:
    heights = value.assigned.tolist()
    part = _line("assigned", days, heights, [words.hover("assigned", n) for n in heights])
    return {**part, "line": {"color": theme.colour("edge"), "width": 1.75, "shape": "hv"}}


def _active(value: LicenceUse, days: list[date], words: LicenceWords) -> Part:
    heights = value.active.tolist()
    return _line("active", days, heights, [words.hover("active", n) for n in heights])


def _line(name: str, days: list[date], heights: list[int | None], hover: list[str]) -> Part:
    part = figures.actual(days, heights, hover="%{text}<br>%{x|%-d %b %Y}<extra></extra>")
    return {**part, "name": name, "text": hover}


def _labels(value: LicenceUse, words: LicenceWords, day: date, top: float) -> list[Part]:
    """At the end of each line, pushed apart where they end close."""
    ends = [int(value.seats[-1]), int(value.assigned[-1]), int(value.active[-1])]
    heights = [end / top * UP for end in ends]
    placed = figures.spread(heights, gap=LINE, low=0, high=UP)
    said = [
        (words.seats, "accent", 600),
        (words.assigned, "ink-2", 400),
        (words.active, "ink", 600),
    ]
    return [
        figures.unit_label(words.people, left=SIDES["l"]),
        *(
            figures.label(
                text, day=day, amount=end, role=role, weight=weight, xshift=8, yshift=to - at
            )
            for (text, role, weight), end, at, to in zip(said, ends, heights, placed, strict=True)
            if text
        ),
    ]


def _narrow_labels(value: LicenceUse, words: LicenceWords, day: date) -> list[Part]:
    """Seats and use, above their own lines; the sentence and the table hold the rest."""
    above: Part = {"xanchor": "right", "yanchor": "bottom", "yshift": 4}
    found = [figures.unit_label(words.people, left=NARROW_SIDES["l"])]
    if words.seats:
        seats = int(value.seats[-1])
        found.append(figures.label(words.seats, day=day, amount=seats, role="accent", **above))
    below: Part = {"xanchor": "right", "yanchor": "top", "yshift": -4}
    active = int(value.active[-1])
    found.append(figures.label(words.narrow, day=day, amount=active, role="ink", **below))
    return found
