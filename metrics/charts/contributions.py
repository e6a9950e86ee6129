"""What each measure brings to a health score, of what it could: rows that add up to the score."""

from collections.abc import Mapping, Sequence

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
from metrics.narrative.health import say_part
from metrics.narrative.words import Say, say_number
from metrics.scoring import ABSENCE_WORDS, WHOLE, Health, Part
from rendering import figures, theme
from rendering.figures import Figure
from rendering.figures import Part as Drawn
from rendering.sentences import sentence

MOST_ROWS = 12
BAND = {"offset": -0.2, "width": 0.4}
TOP, BOTTOM, RIGHT, RIGHT_NARROW = 16, 28, 96, 84


def parts_shown(health: Health) -> tuple[Part, ...]:
    """Those with data by weight, then those without."""
    return (*health.counted, *health.left_out)[:MOST_ROWS]


def contribution_bars(health: Health, names: Mapping[str, str], *, say: Say = str) -> Figure:
    """Points brought in ink on what could be brought; the part that costs most is named red."""
    shown = parts_shown(health)
    said = [say(names[part.key]) for part in shown]
    high = max((part.share * WHOLE for part in shown), default=0.0) or WHOLE
    return figures.figure(
        [_possible(shown), _brought(shown, names, say)],
        labels=_labels(health, shown, said, say, most=LONGEST),
        narrow={
            "margin": {"l": left_of(said, most=LONGEST_NARROW), "r": RIGHT_NARROW, **_ends()},
            "annotations": _labels(health, shown, said, say, most=LONGEST_NARROW),
            "xaxis": across_axis(high, [0.0, *figures.round_ticks(0, high, whole=True)[-1:]]),
        },
        margin={"l": left_of(said, most=LONGEST), "r": RIGHT, **_ends()},
        barmode="overlay",
        xaxis=across_axis(high, figures.round_ticks(0, high, whole=True)),
        yaxis=rows_axis(len(shown)),
    )


def _ends() -> dict[str, int]:
    return {"t": TOP, "b": BOTTOM}


def _possible(shown: Sequence[Part]) -> Drawn:
    lengths = [part.share * WHOLE for part in shown]
    return bar("possible", lengths, [theme.colour("rule")] * len(shown), **BAND)


def _brought(shown: Sequence[Part], names: Mapping[str, str], say: Say) -> Drawn:
    hover: Drawn = {
        "hoverinfo": "text",
        "hovertext": [figures.plain(say(say_part(part, names))) for part in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    lengths = [part.points for part in shown]
    return bar("points", lengths, [theme.colour("ink")] * len(shown), **BAND, **hover)


def _labels(
    health: Health,
    shown: Sequence[Part],
    names: Sequence[str],
    say: Say,
    *,
    most: int,
) -> list[Drawn]:
    worst = health.costliest
    found = []
    for row, (part, name) in enumerate(zip(shown, names, strict=True)):
        role = "act" if part is worst else "ink" if part.score is not None else "ink-2"
        weight = 600 if part is worst else 400
        found.append(name_of_row(short(name, most), row, role=role, weight=weight))
        text = say(_ending(part))
        place = {"role": role, "weight": weight, "xshift": 8}
        found.append(words(text, x=part.share * WHOLE, y=row, **place))
    return found


def _ending(part: Part) -> str:
    """With a decimal: what is brought and what could be add up as they are written."""
    if part.score is not None:
        points, most = say_number(part.points, 1), say_number(part.share * WHOLE, 1)
        return sentence("%(points)s of %(most)s", points=points, most=most)
    if part.absence is None:
        return ""
    return sentence("no part: %(reason)s", reason=ABSENCE_WORDS[part.absence])
