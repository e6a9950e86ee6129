"""Planned against done for a whole plan, where it leads, and the changes of plan on the way."""

from datetime import date, timedelta

from metrics.definitions import Event
from metrics.forecasting import Completion, Step
from metrics.narrative.completion import say_percent
from metrics.narrative.words import Say, say_day_short, say_full_day
from rendering import figures, theme
from rendering.figures import Figure, Part
from rendering.sentences import sentence

MARGIN = {"l": 48, "r": 132, "t": 36, "b": 28}
NARROW = {"l": 40, "r": 16, "t": 36, "b": 28}
TOP = 106
FEW_TICKS = 5
MOST_CHANGES = 4
SHORTEST, LONGEST = 14, 24


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
        worst = figures.diamonds(
            [found.steady_date], [100], filled=[False], hover=[_worst(found, say)]
        )
        parts.append({**worst, "name": "steady"})
    return parts


def _hover(step: Step) -> str:
    return f"{say_percent(step.amount)}<br>{say_full_day(step.day)}"


def _worst(found: Completion, say: Say) -> str:
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
        *_planned_words(found, say, narrow=narrow),
        *_forecast_words(found, say, narrow=narrow),
        *_now_words(found, say),
        *_change_words(found, say, narrow=narrow),
    ]


def _planned_words(found: Completion, say: Say, *, narrow: bool) -> list[Part]:
    """Right of the plot where the plan ends last, else under its own end."""
    day = say_day_short(found.planned_date, today=found.as_of)
    lead, rest = say(sentence("planned")), say(sentence("for %(day)s", day=day))
    place: Part = {"day": found.planned_date, "amount": 100}
    latest = found.dates[1] if found.dates else found.as_of
    if narrow or latest > found.planned_date:
        text = say(sentence("planned for %(day)s", day=day))
        under: Part = {"xanchor": "right", "xshift": -4, "yshift": 16}
        return [figures.label(text, role="accent", weight=600, **place, **under)]
    beside: Part = {"xshift": 12, "yshift": 0}
    return figures.two_lines(lead, rest, lead="accent", rest="accent", **place, **beside)


def _forecast_words(found: Completion, say: Say, *, narrow: bool) -> list[Part]:
    if found.is_done:
        return []
    parts = []
    if found.recent_date is not None:
        day = say_day_short(found.recent_date, today=found.as_of)
        text = say(sentence("%(day)s, as now", day=day))
        place: Part = {"day": found.recent_date, "amount": 100, "xanchor": "right", "xshift": -8}
        shift = -16 if narrow else 4
        parts.append(figures.label(text, role="ink", weight=600, yshift=shift, **place))
    if found.steady_date is not None:
        day = say_day_short(found.steady_date, today=found.as_of)
        text = say(sentence("%(day)s at worst", day=day))
        place = {"day": found.steady_date, "amount": 100, "xanchor": "right", "xshift": 6}
        parts.append(figures.label(text, yshift=-16 if not narrow else -32, **place))
    return parts


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
