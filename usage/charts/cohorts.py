"""The heat map of cohorts: who began together, down; weeks or months since, across."""

from collections.abc import Callable
from dataclasses import dataclass

from rendering.figures import Figure
from usage.charts.grid import Cell, Grid, grid
from usage.numbers.retention import Cohort, Retention

MOST_COHORTS, MOST_PERIODS, FEW_PERIODS = 12, 13, 7


@dataclass(frozen=True, slots=True)
class CohortWords:
    """What the cells hold, and how to say a cohort (its first day, its people) and a cell."""

    unit: str
    cohort: Callable[[Cohort], str]
    cell: Callable[[Cohort, int], str]


def cohorts_shown(value: Retention) -> tuple[Cohort, ...]:
    """The largest that fit a figure, oldest first; the table has all."""
    largest = sorted(value.cohorts, key=lambda cohort: (-len(cohort.users), cohort.first))
    return tuple(sorted(largest[:MOST_COHORTS], key=lambda cohort: cohort.first))


def cohort_grid(value: Retention, *, words: CohortWords) -> Figure:
    """Percent of a cohort active in each period, counts where it is small; the running period is
    hatched."""
    shown = cohorts_shown(value)
    longest = max((len(cohort.classic) for cohort in shown), default=1)
    return grid(
        Grid(
            rows=[words.cohort(cohort) for cohort in shown],
            columns=[f"{number}" for number in range(min(longest, MOST_PERIODS))],
            cells=[
                [
                    _cell(cohort, number, words)
                    for number in range(min(len(cohort.classic), MOST_PERIODS))
                ]
                for cohort in shown
            ],
            unit=words.unit,
            left=112,
            narrow_left=96,
            least=FEW_PERIODS,
        )
    )


def _cell(cohort: Cohort, number: int, words: CohortWords) -> Cell:
    share, is_open = cohort.classic[number], number >= cohort.finished
    hover = words.cell(cohort, number)
    if share.is_small:
        return Cell(None, f"{share.count} / {share.size}", hover, is_open)
    return Cell(share.value, f"{round((share.value or 0) * 100)}", hover, is_open)
