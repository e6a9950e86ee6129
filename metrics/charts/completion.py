"""Planned against done for a whole plan, where it leads, and the changes of plan on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.definitions import Event
from metrics.forecasting import WHOLE, Completion, Step
from metrics.narrative.completion import say_percent
from metrics.narrative.words import Say, say_day_short, say_full_day
from rendering import figures, theme
from rendering.figures import Figure, Part
from rendering.sentences import sentence

MARGIN = {"l": 48, "r": 132, "t": 36, "b": 28}
NARROW = {"l": 40, "r": 16, "t": 48, "b": 28}
TOP = 106
FEW_TICKS = 5
MOST_CHANGES = 4
SHORTEST, LONGEST = 14, 32
# Between the rows of words above the plot.
ROW = 15


def completion_curve(found: Completion, *, say: Say = str) -> Figure:
    """Planned in accent, done in ink, the forecast dotted in its fading range; a diamond where
    earned schedule ends, a thin upright for each change of the plan."""
    start, end = _span(found)
    return figures.figure(
        [*_planned(found), *_ahead(found, say), *_done(found)],
        labels=_labels(found, say, left=MARGIN["l"]),
        narrow={
            "margin": NARROW,
            "annotations": _labels(found, say, left=NARROW["l"], narrow=True),
            "xaxis": figures.time_axis(start, end, today=found.as_of, most=FEW_TICKS),
        },
        margin=MARGIN,
        shapes=[figures.upright(event.day, top=0.92) for event in changes_shown(found)],
        xaxis=figures.time_axis(start, end, today=found.as_of),
        yaxis={**figures.value_axis(0, 100, whole=True), "range": [0, TOP]},
    )


def changes_shown(found: Completion) -> list[Event]:
    """The newest few changes of the plan; the table below has them all."""
    changes = [event for event in found.events if event.changes_plan]
    return [event for event in changes if event.day <= found.as_of][-MOST_CHANGES:]


def _span(found: Completion) -> tuple[date, date]:
    days = [found.planned_date, found.as_of, *(found.dates or ()), *(s.day for s in found.steps)]
    start = min(found.planned[0][0], found.done[0][0])
    end = max(days)
    return start, end + timedelta(days=max(2, (end - start).days // 60))


def _planned(found: Completion) -> list[Part]:
    line = figures.actual(
        [day for day, _ in found.planned],
        [round(percent, 2) for _, percent in found.planned],
        hover="%{y:.0f} %<br>%{x|%-d %b %Y}<extra></extra>",
    )
    return [{**line, "name": "planned", "line": {"color": theme.colour("accent"), "width": 2}}]


def _ahead(found: Completion, say: Say) -> list[Part]:
    parts: list[Part] = []
    if found.steps and not found.is_done:
        days = [step.day for step in found.steps]
        low, high = [step.low for step in found.steps], [step.high for step in found.steps]
        parts.append(figures.band(days, low, high))
        hover = [_hover(step) for step in found.steps]
        parts.append(figures.forecast(days, [step.amount for step in found.steps], hover=hover))
    if found.steady_date is not None and not found.is_done:
        last = figures.diamonds(
            [found.steady_date], [100], filled=[False], hover=[_steady(found, say)]
        )
        parts.append({**last, "name": "steady"})
    return parts


def _hover(step: Step) -> str:
    return f"{say_percent(step.amount)}<br>{say_full_day(step.day)}"


def _steady(found: Completion, say: Say) -> str:
    day = say_full_day(found.steady_date or found.as_of)
    return figures.plain(say(sentence("as the plan was kept so far: %(day)s", day=day)))


def _done(found: Completion) -> list[Part]:
    days = [day for day, _ in found.done]
    percents = [round(percent, 2) for _, percent in found.done]
    hover = "%{y:.0f} %<br>%{x|%-d %b %Y}<extra></extra>"
    late = found.recent_date is not None and found.recent_date > found.planned_date
    role = "good" if found.is_done else "act" if late else "ink"
    now = figures.point(days[-1], percents[-1], role=role, name="now", hover=hover)
    return [figures.actual(days, percents, hover=hover), now]


def _labels(found: Completion, say: Say, *, left: int, narrow: bool = False) -> list[Part]:
    return [
        figures.unit_label("%", left=left),
        *_end_words(found, say, narrow=narrow),
        *_now_words(found, say),
        *_change_words(found, say, narrow=narrow),
    ]


def _end_words(found: Completion, say: Say, *, narrow: bool) -> list[Part]:
    """The ends of the lines by name: the last one right of the plot where there is room, the
    others above the plot, a row each, so that none runs through another."""
    ends = sorted(_ends(found, say), key=lambda end: end.day, reverse=True)
    beside = [] if narrow else ends[:1]
    parts: list[Part] = []
    for end in beside:
        place: Part = {"day": end.day, "amount": WHOLE, "xshift": 12}
        parts += figures.two_lines(end.day_words, end.rest, lead=end.role, **place)
    for row, end in enumerate(ends[len(beside) :]):
        over: Part = {"xanchor": "right", "xshift": 6, "yshift": ROW + ROW * row}
        weight = 400 if end.role == "ink-2" else 600
        text = f"{end.day_words}, {end.rest}"
        parts.append(
            figures.label(text, day=end.day, amount=WHOLE, role=end.role, weight=weight, **over)
        )
    return parts


@dataclass(frozen=True, slots=True)
class _End:
    """Where a line reaches the whole: its day, and what it is, in the reader's language."""

    day: date
    day_words: str
    rest: str
    role: str


def _ends(found: Completion, say: Say) -> Iterable[_End]:
    def end(day: date, rest: str, role: str) -> _End:
        return _End(day, say_day_short(day, today=found.as_of), say(rest), role)

    yield end(found.planned_date, sentence("as planned"), "accent")
    if found.is_done:
        return
    if found.recent_date is not None:
        yield end(found.recent_date, sentence("at the recent rate"), "ink")
    if found.steady_date is not None:
        yield end(found.steady_date, _say_steady(found), "ink-2")


def _say_steady(found: Completion) -> str:
    """The cautious bound by name; where the plan has slowed down it is the earlier of both."""
    if found.recent_date is not None and found.recent_date > (found.steady_date or found.as_of):
        return sentence("as so far")
    return sentence("at worst")


def _now_words(found: Completion, say: Say) -> list[Part]:
    day, percent = found.done[-1]
    ahead = found.done_now >= found.planned_now
    side: Part = {"xanchor": "right" if ahead else "left", "xshift": -10 if ahead else 10}
    done = say(sentence("%(percent)s done", percent=say_percent(percent)))
    rest = say(sentence("planned %(percent)s", percent=say_percent(found.planned_now)))
    shift = 18 if ahead else -18
    return figures.two_lines(done, rest, day=day, amount=percent, yshift=shift, **side)


def _change_words(found: Completion, say: Say, *, narrow: bool) -> list[Part]:
    """Beside each upright, from the lower edge up, so that they clear the lines above."""
    parts: list[Part] = []
    for row, event in enumerate(changes_shown(found)):
        name = say(event.name)
        most = SHORTEST if narrow else LONGEST
        text = name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
        day = say_day_short(event.day, today=found.as_of)
        place: Part = {"day": event.day, "amount": 0.08 + 0.11 * row, "yref": "paper", "xshift": 6}
        parts += figures.two_lines(day, figures.plain(text), rest="ink", **place)
    return parts
