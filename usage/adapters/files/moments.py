"""Times and days as files write them, a column at a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from usage.adapters.canonical import (
    EARLIEST,
    FUTURE_TOLERANCE,
    UnreadableItem,
    parse_instant,
    plausible,
)
from usage.adapters.clocks import unix_moment
from usage.adapters.files.layouts import DAY_FIRST, ISO, MILLISECONDS, MONTH_FIRST, SECONDS, Layout

Ints = npt.NDArray[np.int64]
Problem = tuple[int, str, str]

_EARLIEST_INSTANT = int(EARLIEST.timestamp()) * 1_000_000
_TURNED = {DAY_FIRST: r"\3-\2-\1", MONTH_FIRST: r"\3-\1-\2"}
_EXAMPLES = {
    ISO: "2026-03-31T09:30:00+02:00",
    DAY_FIRST: "31.03.2026 09:30",
    MONTH_FIRST: "03/31/2026 9:30 AM",
}
_SHORT_DAY = r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
_SHORT_HOUR = re.compile(r"([T ])(\d:)")
_HALVES = re.compile(r"^(\S+)\s+(\d{1,2})(:\d{2}(?::\d{2})?(?:\.\d+)?)\s*([AaPp])\.?[Mm]\.?$")


def instants_of(texts: Any, layout: Layout, received_at: datetime) -> tuple[Ints, list[Problem]]:
    """Microseconds since 1970 of each time; those that can not be read are 0 and reported."""
    latest = int(received_at.timestamp() * 1_000_000)
    found, bad = _read(texts, layout)
    told = {index for index, _, _ in bad}
    odd = np.flatnonzero((found < _EARLIEST_INSTANT) | (found > latest)).tolist()
    for index in odd:
        if index not in told and (reason := _implausible(found[index], latest)):
            bad.append((index, "timestamp", reason))
    return np.minimum(found, latest), bad


def _read(texts: Any, layout: Layout) -> tuple[Ints, list[Problem]]:
    if layout.time_format in (SECONDS, MILLISECONDS):
        return _one_by_one(texts.to_pylist(), layout)
    ordered = in_iso_order(texts, layout.time_format)
    try:
        return _at_once(ordered, layout.time_zone), []
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _one_by_one(ordered.to_pylist(), layout)


def _at_once(texts: Any, zone: str) -> Ints:
    """All times of a column in one form: each with its offset, or, in a zone, each without."""
    if not zone:
        moments = texts.cast(pa.timestamp("us", tz="UTC"))
    else:
        # Of an hour that comes twice the first is meant; one that is left out has its end.
        moments = pc.assume_timezone(
            texts.cast(pa.timestamp("us")), zone, ambiguous="earliest", nonexistent="latest"
        )
    instants = moments.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return np.array(instants, dtype=np.int64)


def in_iso_order(texts: Any, time_format: str) -> Any:
    """Days written day first or month first, turned to year-month-day; others as they are."""
    if time_format not in _TURNED:
        return texts
    padded = pc.replace_substring_regex(texts, r"^(\d)([./-])", r"0\1\2")
    padded = pc.replace_substring_regex(padded, r"^(\d{2}[./-])(\d)([./-])", r"\10\2\3")
    padded = pc.replace_substring_regex(padded, r"([T ])(\d:)", r"\10\2")
    return pc.replace_substring_regex(padded, _SHORT_DAY, _TURNED[time_format])


def _one_by_one(texts: list[str], layout: Layout) -> tuple[Ints, list[Problem]]:
    found = np.zeros(len(texts), dtype=np.int64)
    bad: list[Problem] = []
    for index, text in enumerate(texts):
        try:
            found[index] = _microseconds(_moment(text, layout))
        except UnreadableItem as problem:
            bad.append((index, "timestamp", str(problem)))
    return found, bad


def _moment(text: str, layout: Layout) -> datetime:
    if layout.time_format in (SECONDS, MILLISECONDS):
        return _counted(text, layout.time_format)
    written = _in_24_hours(text)
    if layout.time_zone:
        return _in_zone(text, written, layout)
    try:
        return parse_instant(written)
    except UnreadableItem as problem:
        raise UnreadableItem(str(problem).replace(_EXAMPLES[ISO], _example(layout))) from None


def _counted(text: str, time_format: str) -> datetime:
    moment = unix_moment(text, "timestamp", is_milliseconds=time_format == MILLISECONDS)
    if moment is None:
        raise UnreadableItem(f"“{text[:40]}” is not a number of {time_format} since 1970")
    return plausible(moment)


def _in_24_hours(text: str) -> str:
    """A time with AM or PM as a day of 24 hours; any other with its hour in two digits."""
    text = _SHORT_HOUR.sub(r"\g<1>0\2", text.strip(), count=1)
    parts = _HALVES.match(text)
    if parts is None or not 1 <= int(parts[2]) <= 12:
        return text
    hour = int(parts[2]) % 12 + (12 if parts[4] in "pP" else 0)
    return f"{parts[1]}T{hour:02}{parts[3]}"


def _in_zone(text: str, written: str, layout: Layout) -> datetime:
    try:
        moment = datetime.fromisoformat(written.strip().upper())
    except ValueError:
        raise UnreadableItem(
            f"“{text[:40]}” is not a date and time such as {_example(layout)}"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(layout.time_zone))
    try:
        return plausible(moment.astimezone(UTC))
    except OverflowError:
        raise UnreadableItem(f"“{text[:40]}” is outside the calendar") from None


def _example(layout: Layout) -> str:
    return _EXAMPLES.get(layout.time_format, _EXAMPLES[ISO])


def _microseconds(moment: datetime) -> int:
    return int(np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us").astype(np.int64))


def _implausible(instant: int, latest: int) -> str:
    if instant < _EARLIEST_INSTANT:
        return f"the time is before the year {EARLIEST.year}"
    if instant > latest + FUTURE_TOLERANCE.total_seconds() * 1_000_000:
        return "the time lies in the future"
    return ""


def day_of(text: str, time_format: str, *, latest: date) -> date:
    """A calendar day in ISO order; a time of day behind it is passed over.

    Raises `UnreadableItem`, with an example in the file's own order.
    """
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        shown = _EXAMPLES.get(time_format, _EXAMPLES[ISO])[:10]
        raise UnreadableItem(f"“{text[:40]}” is not a day such as {shown}") from None
    if day.year < EARLIEST.year:
        raise UnreadableItem(f"the day is before the year {EARLIEST.year}")
    if day > latest:
        raise UnreadableItem("the day lies in the future")
    return day
