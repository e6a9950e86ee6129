"""Requests by the new route and by those that compete with it, with the days these are to end."""

from collections.abc import Sequence
from datetime import date, timedelta

from metrics.narrative.words import Say, say_day_short, say_full_day, say_number
from metrics.routes import Route, State, Volume, standings
from rendering import figures, theme
from rendering.figures import Figure, Part
from rendering.sentences import sentence

MARGIN = {"l": 52, "r": 148, "t": 56, "b": 28}
NARROW = {"l": 40, "r": 96, "t": 56, "b": 28}
UP, UP_NARROW, LINE = 336, 246, 17
HEADROOM = 1.06
FEW_TICKS = 4
# Days closer than this share of the whole have their words above one another.
NEAR, NEAR_WIDE = 0.22, 0.36
MOST_ROUTES, MOST_NAME, MOST_NARROW = 6, 20, 13


def routes_shown(routes: Sequence[Route], *, today: date) -> list[Route]:
    """The new route first, then those that compete, the largest first, at most six in all."""
    new = [route for route in routes if route.is_new and route.volumes]
    others = [one.route for one in standings(routes, today=today) if one.route.volumes]
    return [*new, *others][:MOST_ROUTES]


def route_lines(routes: Sequence[Route], *, today: date, unit: str, say: Say = str) -> Figure:
    """The new route in ink, the others in grey, each named at its end; a diamond on the day a route
    is to be shut off, filled when it was. Raises ValueError without any volume."""
    shown = routes_shown(routes, today=today)
    if not shown:
        raise ValueError("No route has a volume.")
    start, end = _span(shown)
    top = max(volume.amount for route in shown for volume in route.volumes) * HEADROOM or 1.0
    return figures.figure(
        [*(_line(route, say) for route in shown), *_ends(shown, today, say)],
        labels=_labels(shown, today, top, unit, say),
        narrow={
            "margin": NARROW,
            "annotations": _labels(shown, today, top, unit, say, narrow=True),
            "xaxis": figures.time_axis(start, end, today=today, most=FEW_TICKS),
        },
        margin=MARGIN,
        xaxis=figures.time_axis(start, end, today=today),
        yaxis={**figures.value_axis(0, top, whole=True), "range": [0, top]},
    )


def _span(shown: Sequence[Route]) -> tuple[date, date]:
    days = [volume.day for route in shown for volume in route.volumes]
    days += [day for route in shown for day in (route.shut_off_date, route.shut_date) if day]
    start, end = min(days), max(days)
    return start, end + timedelta(days=max(2, (end - start).days // 60))


def _line(route: Route, say: Say) -> Part:
    line = figures.actual(
        [volume.day for volume in route.volumes],
        [volume.amount for volume in route.volumes],
        hover="%{text}<extra></extra>",
    )
    look = {"color": theme.colour("ink"), "width": 2.5}
    if not route.is_new:
        look = {"color": theme.colour("edge"), "width": 1.75}
    hover = [_hover(route, volume, say) for volume in route.volumes]
    return {**line, "name": "new" if route.is_new else "other", "line": look, "text": hover}


def _hover(route: Route, volume: Volume, say: Say) -> str:
    amount, day = say_number(volume.amount), say_full_day(volume.day)
    return f"{figures.plain(say(route.name))}: {amount}<br>{day}"


def _ends(shown: Sequence[Route], today: date, say: Say) -> list[Part]:
    """A diamond on the time axis for each day a route is to be, or was, shut off."""
    closing = [route for route in shown if _closing(route) is not None]
    if not closing:
        return []
    days = [_closing(route) or today for route in closing]
    filled = [route.shut_date is not None and route.shut_date <= today for route in closing]
    hover = [figures.plain(say(_say_end(route, today))) for route in closing]
    return [
        {**figures.diamonds(days, [0.0] * len(days), filled=filled, hover=hover), "name": "ends"}
    ]


def _closing(route: Route) -> date | None:
    return None if route.is_new else route.shut_date or route.shut_off_date


def _is_shut(route: Route, today: date) -> bool:
    (standing,) = standings([route], today=today) or (None,)
    return standing is not None and standing.state is State.SHUT


def _say_end(route: Route, today: date) -> str:
    day = say_day_short(_closing(route) or today, today=today)
    if route.shut_date is not None and route.shut_date <= today:
        return sentence("%(name)s shut off %(day)s", name=route.name, day=day)
    if route.shut_off_date is not None and route.shut_off_date < today:
        return sentence("%(name)s was to end %(day)s", name=route.name, day=day)
    return sentence("%(name)s ends %(day)s", name=route.name, day=day)


def _labels(
    shown: Sequence[Route], today: date, top: float, unit: str, say: Say, *, narrow: bool = False
) -> list[Part]:
    left = NARROW["l"] if narrow else MARGIN["l"]
    return [
        figures.unit_label(unit, left=left),
        *_names(shown, today, top, say, narrow=narrow),
        *_end_words(shown, today, say, narrow=narrow),
    ]


def _names(
    shown: Sequence[Route], today: date, top: float, say: Say, *, narrow: bool
) -> list[Part]:
    """At the end of each line, kept a line apart; a route that is shut is named where it ends."""
    up, most = (UP_NARROW, MOST_NARROW) if narrow else (UP, MOST_NAME)
    shown = [route for route in shown if not _is_shut(route, today)]
    last = [route.volumes[-1] for route in shown]
    wanted = [volume.amount / top * up for volume in last]
    placed = figures.spread(wanted, gap=LINE, low=LINE / 2, high=up)
    found = []
    for route, volume, at, to in zip(shown, last, wanted, placed, strict=True):
        name = say(route.name)
        name = name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
        text = figures.plain(f"{name} {say_number(volume.amount)}")
        look: Part = (
            {"role": "ink", "weight": 600} if route.is_new else {"role": "ink-2", "weight": 400}
        )
        found.append(
            figures.label(
                text, day=volume.day, amount=volume.amount, xshift=10, yshift=to - at, **look
            )
        )
    return found


def _end_words(shown: Sequence[Route], today: date, say: Say, *, narrow: bool) -> list[Part]:
    """Over the diamonds, each a line above the one before; where it is narrow the days alone."""
    start, end = _span(shown)
    closing = sorted(
        (route for route in shown if _closing(route) is not None),
        key=lambda route: _closing(route) or today,
    )
    states = {one.route.key: one.state for one in standings(shown, today=today)}
    found: list[Part] = []
    before, row = start, -1
    for route in closing:
        day = _closing(route) or today
        near = NEAR if narrow else NEAR_WIDE
        crowded = (day - before).days < (end - start).days * near
        before, row = day, row + 1 if crowded else 0
        late = states[route.key] in (State.OVERDUE, State.LEAKING)
        text = say_day_short(day, today=today) if narrow else say(_say_end(route, today))
        place = _beside(day, start, end, narrow=narrow)
        place["yshift"] = 14 + LINE * max(row, 0)
        role = "act" if late else "accent"
        found.append(figures.label(figures.plain(text), day=day, amount=0, role=role, **place))
    return found


def _beside(day: date, start: date, end: date, *, narrow: bool) -> Part:
    """On the side of the diamond that has room."""
    if narrow:
        return {"xanchor": "center"}
    if (day - start).days < (end - start).days * 0.4:
        return {"xanchor": "left", "xshift": 9}
    return {"xanchor": "right", "xshift": -9}
