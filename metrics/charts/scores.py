"""Scores before and after training against the minimum standard, a row for each group."""

from metrics.charts.rows import (
    LONGEST,
    LONGEST_NARROW,
    across_axis,
    bar,
    left_of,
    name_of_row,
    rows_axis,
    short,
    words,
)
from metrics.learning import GroupResult, Learning
from metrics.narrative.learning import say_reason, say_score
from metrics.narrative.words import Say, say_signed
from rendering import figures, theme
from rendering.figures import Figure, Part
from rendering.sentences import sentence

MOST_ROWS, MOST_WITH_REASONS = 10, 6
# Heights as shares of a row: before above, after below it, the reason in the space under both.
BEFORE: Part = {"offset": -0.34, "width": 0.18}
AFTER: Part = {"offset": -0.14, "width": 0.26}
MIDDLE_BEFORE, MIDDLE_AFTER, UNDER = -0.25, -0.01, 0.28
TOP, BOTTOM, RIGHT = 36, 28, 56
# A score before this close below the minimum stands inside its bar, clear of the line.
CLOSE = 12


def groups_shown(found: Learning) -> tuple[GroupResult, ...]:
    """In their order; where there are too many, whoever is below the standard comes first."""
    if len(found.results) <= MOST_ROWS:
        return found.results
    rest = [result for result in found.results if not result.is_below]
    return (*found.below, *rest)[:MOST_ROWS]


def score_bars(found: Learning, *, say: Say = str) -> Figure:
    """Before in faint, after in ink, red where it is below the minimum, with what is short and why."""
    shown = groups_shown(found)
    names = [result.group.name for result in shown]
    high = found.highest
    return figures.figure(
        [_before(shown), _after(shown, say), _minimum(found, len(shown), say)],
        labels=_labels(found, shown, say, most=LONGEST),
        narrow={
            "margin": _margin(names, LONGEST_NARROW),
            "annotations": _labels(found, shown, say, most=LONGEST_NARROW, narrow=True),
        },
        margin=_margin(names, LONGEST),
        barmode="overlay",
        xaxis=across_axis(high, figures.round_ticks(0, high)),
        yaxis=rows_axis(len(shown)),
    )


def _margin(names: list[str], most: int) -> dict[str, int]:
    return {"l": left_of(names, most=most), "r": RIGHT, "t": TOP, "b": BOTTOM}


def _before(shown: tuple[GroupResult, ...]) -> Part:
    lengths = [result.group.before or 0.0 for result in shown]
    return bar("before", lengths, [theme.colour("faint")] * len(shown), **BEFORE)


def _after(shown: tuple[GroupResult, ...], say: Say) -> Part:
    lengths = [result.group.after or 0.0 for result in shown]
    colours = [theme.colour("act" if result.is_below else "ink") for result in shown]
    hover: Part = {
        "hoverinfo": "text",
        "hovertext": [figures.plain(say(_hover(result))) for result in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return bar("after", lengths, colours, **AFTER, **hover)


def _hover(result: GroupResult) -> str:
    group = result.group
    if group.before is None or group.after is None or result.gain is None:
        return sentence("%(name)s: not both tests taken", name=group.name)
    return sentence(
        "%(name)s: %(before)s before, %(after)s after, %(gain)s",
        name=group.name,
        before=say_score(group.before),
        after=say_score(group.after),
        gain=say_signed(result.gain, 0 if result.gain % 1 == 0 else 1),
    )


def _minimum(found: Learning, count: int, say: Say) -> Part:
    standard = say(sentence("minimum %(score)s", score=say_score(found.minimum)))
    return {
        "type": "scatter",
        "name": "minimum",
        "mode": "lines",
        "x": [found.minimum, found.minimum],
        "y": [-0.5, count - 0.5],
        "line": {"color": theme.colour("accent"), "width": 2},
        "hovertemplate": f"{figures.plain(standard)}<extra></extra>",
    }


def _labels(
    found: Learning, shown: tuple[GroupResult, ...], say: Say, *, most: int, narrow: bool = False
) -> list[Part]:
    standard = say(sentence("minimum %(score)s", score=say_score(found.minimum)))
    place: Part = {"yref": "paper", "xanchor": "center", "yanchor": "bottom", "yshift": 4}
    top = words(standard, x=found.minimum, y=1, role="accent", weight=600, **place)
    with_reasons = len(shown) <= MOST_WITH_REASONS
    rows = [
        part
        for row, result in enumerate(shown)
        for part in _row(
            result,
            row,
            say,
            minimum=found.minimum,
            most=most,
            reason=with_reasons,
            narrow=narrow,
        )
    ]
    return [top, *_first_words(shown, say), *rows]


def _first_words(shown: tuple[GroupResult, ...], say: Say) -> list[Part]:
    """What the two bars are, once, inside the first of them that are long enough."""
    first = next((row for row, result in enumerate(shown) if (result.group.before or 0) > 30), None)
    if first is None or len(shown) > MOST_WITH_REASONS:
        return []
    bare: Part = {"bgcolor": theme.colour("sheet", 0)}
    said = [(sentence("before"), MIDDLE_BEFORE, "ink"), (sentence("after"), MIDDLE_AFTER, "sheet")]
    return [
        {**words(say(text), x=0, y=first + middle, role=role, xshift=6), **bare}
        for text, middle, role in said
    ]


def _row(
    result: GroupResult,
    row: int,
    say: Say,
    *,
    minimum: float,
    most: int,
    reason: bool,
    narrow: bool,
) -> list[Part]:
    group, role = result.group, "act" if result.is_below else "ink"
    weight = 600 if result.is_below else 400
    parts = [name_of_row(short(group.name, most), row, role=role, weight=weight)]
    if group.before is not None:
        parts.append(_before_word(group.before, row, minimum))
    if group.after is None:
        parts.append(words(say(sentence("not tested after")), x=0, y=row + 0.05, xshift=6))
        return parts
    ending: Part = {"x": group.after, "y": row + MIDDLE_AFTER, "role": role}
    parts.append(words(say(_ending(result)), weight=600, xshift=5, **ending))
    why = say(say_reason(result))
    if why and reason:
        parts.append(words(why, x=0, y=row + UNDER, role="act" if narrow else "ink-2"))
    return parts


def _before_word(score: float, row: int, minimum: float) -> Part:
    inside = 0 < minimum - score < CLOSE
    side: Part = {"xanchor": "right", "xshift": -5, "role": "ink"} if inside else {"xshift": 5}
    word = words(say_score(score), x=score, y=row + MIDDLE_BEFORE, **side)
    return {**word, "bgcolor": theme.colour("sheet", 0), "yshift": 0 if inside else 2}


def _ending(result: GroupResult) -> str:
    after = say_score(result.group.after or 0.0)
    if not result.is_below:
        return after
    return sentence("%(after)s, %(gap)s short", after=after, gap=say_score(result.gap or 0.0))
