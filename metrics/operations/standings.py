"""How measures stand is noted on them, so that long lists and scores need not read every course."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from metrics.models import Measure
from metrics.queries.details import MeasureDetail, get_details, get_measures
from metrics.queries.standings import noted_of

NOTED = ("stated_date", "state", "progress", "score", "absence")
ROWS_AT_ONCE = 500


def note_standings(*, measure_ids: Iterable[UUID], today: date) -> None:
    """Of measures that are held until the transaction ends, as their course tells today."""
    rows = list(get_measures().filter(pk__in=list(measure_ids)))
    note_told(rows=rows, details=get_details(rows=rows, today=today), today=today)


def note_told(*, rows: Sequence[Measure], details: Sequence[MeasureDetail], today: date) -> None:
    """The same where the course was read already."""
    for row, detail in zip(rows, details, strict=True):
        noted = noted_of(detail)
        row.stated_date, row.state, row.progress = today, noted.state, noted.progress
        row.score, absence = noted.rating.score, noted.rating.absence
        row.absence = absence.value if absence else ""
    Measure.objects.bulk_update(rows, NOTED, batch_size=ROWS_AT_ONCE)


def note_again(*, measure: Measure) -> None:
    """As of the day it was noted for: something else about it changed than its readings."""
    day = Measure.objects.filter(pk=measure.pk).values_list("stated_date", flat=True).first()
    if day is not None:
        note_standings(measure_ids=[measure.pk], today=day)


def forget_standings(*, measure_ids: Iterable[UUID]) -> None:
    """Something about these changed; until it is noted again, their course tells."""
    Measure.objects.filter(pk__in=list(measure_ids)).update(stated_date=None)
