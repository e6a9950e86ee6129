"""Readings out of a file: each row a measure, a day and an amount, all of them or none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from metrics.models import Measure, Reading
from metrics.operations import NewReading, ReadingRefused
from metrics.operations.readings import refuse_impossible
from rendering.spreadsheets import Row, Table
from rendering.translation import said_by, translated

COLUMNS = ("measure", "day", "amount", "note")
NEEDED = COLUMNS[:3]
MOST_READINGS = 5000
PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[.,]\d{3})+")
SALT = "metrics.imports"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the file; 0 for the file itself."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring. With a fault it brings nothing."""

    items: tuple[NewReading, ...]
    faults: tuple[Fault, ...]
    new: int = 0
    corrected: int = 0
    same: int = 0


def read_readings(*, table: Table, measures: Sequence[Measure], today: date) -> Preview:
    """The readings of a table about these measures of one engagement."""
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        words = _("The file has no column “%(name)s”.")
        return Preview((), tuple(Fault(0, words % {"name": name}) for name in missing))
    if len(table.rows) > MOST_READINGS:
        words = _("The file has more than %(most)s rows.") % {"most": MOST_READINGS}
        return Preview((), (Fault(0, words),))
    names = _by_name(measures)
    items: dict[tuple[UUID, date], NewReading] = {}
    faults = []
    for row in table.rows:
        try:
            item = _item(row, names, today)
            _refuse_twice(item, items)
        except ValueError as error:
            faults.append(Fault(row.number, said_by(error)))
        else:
            items[item.measure.pk, item.day] = item
    if not items and not faults:
        faults.append(Fault(0, _("The file has no row with a reading.")))
    return _compared(tuple(items.values()), tuple(faults))


def _by_name(measures: Iterable[Measure]) -> Mapping[str, list[Measure]]:
    """Measures by everything a file may call them."""
    found: dict[str, list[Measure]] = defaultdict(list)
    for row in measures:
        label = row.definition.label
        for name in {
            str(row.pk),
            row.definition_key,
            label.casefold(),
            translated(label).casefold(),
        }:
            found[name].append(row)
    return found


def _item(row: Row, names: Mapping[str, list[Measure]], today: date) -> NewReading:
    said = row.cells.get("measure", "").strip()
    measures = names.get(said.casefold(), [])
    if not measures:
        raise ValueError(_("No measure of this engagement is called “%(name)s”.") % {"name": said})
    if len(measures) > 1:
        words = _("More than one measure is called “%(name)s”. Name it by its id.")
        raise ValueError(words % {"name": said})
    day, amount = _day(row.cells.get("day", "")), _amount(row.cells.get("amount", ""))
    refuse_impossible(measures[0].definition, day, amount, today)
    return NewReading(measures[0], day, amount, row.cells.get("note", "").strip()[:200])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        words = _("“%(text)s” is not a day. Write it like 2026-11-18.") % {"text": text[:40]}
        raise ValueError(words) from None


def _amount(text: str) -> float:
    said = text.strip().removesuffix("%").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if THOUSANDS.fullmatch(said) and "," in said:
        words = _("“%(text)s” may be thousands or decimals. Write it without the comma.")
        raise ValueError(words % {"text": text[:40]})
    if not PLAIN.fullmatch(said):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return float(said.replace(",", "."))


def _refuse_twice(item: NewReading, items: Mapping[tuple[UUID, date], NewReading]) -> None:
    if (item.measure.pk, item.day) in items:
        words = _("A row above has a reading of this measure for the same day.")
        raise ReadingRefused(words)


def _compared(items: tuple[NewReading, ...], faults: tuple[Fault, ...]) -> Preview:
    ids, days = {item.measure.pk for item in items}, [item.day for item in items]
    rows = Reading.objects.filter(measure_id__in=ids, day__in=days)
    known = {
        (key, day): amount for key, day, amount in rows.values_list("measure_id", "day", "amount")
    }
    before = [known.get((item.measure.pk, item.day)) for item in items]
    same = sum(old == item.amount for old, item in zip(before, items, strict=True))
    new = sum(old is None for old in before)
    return Preview(items, faults, new, len(items) - new - same, same)


def sealed(items: Iterable[NewReading]) -> str:
    """The readings of a checked file, to come back with the decision to bring them in."""
    rows = [[str(i.measure.pk), i.day.isoformat(), i.amount, i.note] for i in items]
    return signing.dumps(rows, salt=SALT, compress=True)


def unsealed(text: str, *, measures: Iterable[Measure]) -> tuple[NewReading, ...]:
    """Raises signing.BadSignature, and KeyError where a measure is gone since."""
    rows: list[Any] = signing.loads(text, salt=SALT)
    there = {str(row.pk): row for row in measures}
    return tuple(
        NewReading(there[key], date.fromisoformat(day), amount, note)
        for key, day, amount, note in rows
    )
