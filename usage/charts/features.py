"""The matrix of features and impact groups: how many of those meant to use each adopted it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rendering.figures import Figure
from usage.charts.grid import TURNED, Cell, Grid, grid
from usage.numbers.features import FeatureAdoption, FeatureMatrix

MOST_FEATURES, MOST_GROUPS = 12, 6
# Longer names are cut in the figure; the table holds them whole.
LONGEST, LONGEST_NARROW = 20, 16
LETTER = 6.6
# Room for what the cells hold, beside the names.
UNIT = 52


@dataclass(frozen=True, slots=True)
class FeatureWords:
    """What the cells hold (percent where narrow), names, and a cell in full: who adopted, who
    tried, of how many."""

    unit: str
    narrow_unit: str
    feature: Callable[[int], str]
    group: Callable[[int], str]
    cell: Callable[[FeatureAdoption, int], str]


def features_shown(value: FeatureMatrix) -> tuple[FeatureAdoption, ...]:
    """The intended ones first, the least adopted on top: what to talk about."""
    return tuple(sorted(value.overall, key=_urgency)[:MOST_FEATURES])


def feature_grid(value: FeatureMatrix, *, words: FeatureWords) -> Figure:
    """Adopted users of eligible ones in counts; a cell without eligible users is left empty, or
    outlined where somebody uses the feature all the same."""
    shown = features_shown(value)
    groups = value.groups[:MOST_GROUPS]
    names = [_short(words.feature(one.feature), LONGEST) for one in shown]
    widest = max(map(len, names), default=0)
    columns = [_short(words.group(group), LONGEST_NARROW) for group in groups]
    return grid(
        Grid(
            rows=names,
            columns=columns,
            cells=[
                [_cell(value.cells[one.feature, group], group, words) for group in groups]
                for one in shown
            ],
            unit=words.unit,
            narrow_unit=words.narrow_unit,
            left=24 + round(widest * LETTER),
            narrow_left=20 + round(min(widest, LONGEST) * LETTER),
            narrow_top=max(UNIT, _rise(columns, math.sin)),
            narrow_right=_rise(columns[-1:], math.cos),
            is_turned=True,
        )
    )


def _rise(names: Sequence[str], part: Callable[[float], float]) -> int:
    """How far the longest of turned names reaches up, or to the right of its column."""
    longest = max(map(len, names), default=0)
    return 8 + round(longest * LETTER * part(math.radians(TURNED)))


def _urgency(one: FeatureAdoption) -> tuple[bool, float, int]:
    return not one.is_intended, one.adopted.value or 0.0, one.feature


def _cell(one: FeatureAdoption, group: int, words: FeatureWords) -> Cell | None:
    if not one.is_intended:
        return Cell(None, "", words.cell(one, group)) if one.outsiders else None
    share, hover = one.adopted, words.cell(one, group)
    text = f"{share.count} / {share.size}"
    if share.is_small:
        return Cell(None, text, hover)
    return Cell(share.value, text, hover, narrow=f"{round((share.value or 0) * 100)}")


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
