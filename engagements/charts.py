"""Small drawings about engagements, as geometry that templates draw as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from engagements.surveys import Score

WIDTH, HEIGHT = 440, 190
LEFT, RIGHT, TOP, BOTTOM = 24, 122, 14, 30
LOWEST, HIGHEST = 1, 5
# So that two dots of one moment do not hide each other's range.
ASIDE = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """One mean with its range, in pixels; the range is None where there is none."""

    x: float
    y: float
    top: float | None
    bottom: float | None
    readable: bool


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str
    dots: tuple[Dot, ...]
    label_y: float


@dataclass(frozen=True, slots=True)
class Axis:
    """A place on the time line: where it is, and which wave it is (from 0)."""

    x: float
    wave: int


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Two means from 1 to 5 over the waves of a survey."""

    width: int
    height: int
    rules: tuple[tuple[float, int], ...]
    axes: tuple[Axis, ...]
    lines: tuple[Line, ...]
    label_x: float
    rule_end: float


def sentiment(waves: Sequence[tuple[Score, Score]], names: tuple[str, str]) -> Sentiment:
    """Usability and effectiveness over the waves, oldest first; a wave with too few answers to read
    has a hollow dot, and no line leads to it."""
    lines = [
        _line(name, [wave[side] for wave in waves], ASIDE if side else -ASIDE)
        for side, name in enumerate(names)
    ]
    return Sentiment(
        width=WIDTH,
        height=HEIGHT,
        rules=tuple((_y(step), step) for step in range(LOWEST, HIGHEST + 1)),
        axes=tuple(Axis(_x(wave, len(waves)), wave) for wave in range(len(waves))),
        lines=_apart(lines),
        label_x=WIDTH - RIGHT + 14,
        rule_end=WIDTH - RIGHT + 4,
    )


def _x(wave: int, waves: int) -> float:
    span = WIDTH - LEFT - RIGHT - 2 * ASIDE
    place = wave / (waves - 1) if waves > 1 else 0.5
    return round(LEFT + ASIDE + span * place, 1)


def _y(value: float) -> float:
    part = (value - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)


def _line(name: str, scores: Sequence[Score], aside: float) -> Line:
    dots = [
        Dot(
            x=round(_x(wave, len(scores)) + aside, 1),
            y=_y(score.value),
            top=_y(score.high) if score.high is not None and score.is_readable else None,
            bottom=_y(score.low) if score.low is not None and score.is_readable else None,
            readable=score.is_readable,
        )
        for wave, score in enumerate(scores)
        if score.value is not None
    ]
    joined = [f"{dot.x} {dot.y}" for dot in dots if dot.readable]
    path = "M" + " L".join(joined) if len(joined) > 1 else ""
    return Line(name, path, tuple(dots), dots[-1].y if dots else _y(LOWEST))


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The names of the two lines at least a line of text apart."""
    upper, lower = sorted(lines, key=lambda line: line.label_y)
    gap = 16 - (lower.label_y - upper.label_y)
    shift = max(gap, 0) / 2
    moved = {upper.name: upper.label_y - shift, lower.name: lower.label_y + shift}
    return tuple(
        Line(line.name, line.path, line.dots, round(moved[line.name], 1)) for line in lines
    )
