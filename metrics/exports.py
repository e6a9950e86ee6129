"""Measures as spreadsheets."""

from collections.abc import Iterable

from metrics.forecasting import share
from metrics.narrative.story import Report
from rendering.spreadsheets import write_table

COLUMNS = ("day", "amount", "unit", "share_of_the_way", "definition", "definition_version")


def readings_csv(told: Report) -> bytes:
    """Every reading that the chart draws, a row each, in order of the days."""
    return write_table(COLUMNS, _rows(told))


def _rows(told: Report) -> Iterable[list[object]]:
    definition = told.measure.definition
    for reading in told.measure.readings:
        part = share(told.measure, reading.amount)
        yield [
            reading.day.isoformat(),
            int(reading.amount) if reading.amount.is_integer() else reading.amount,
            definition.unit,
            "" if part is None else round(part, 6),
            definition.key,
            reading.version,
        ]
