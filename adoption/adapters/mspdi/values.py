"""Single values of the format: durations, dates, numbers and its code lists."""

from __future__ import annotations

import re
from datetime import datetime

from adoption.adapters.limits import CENTURY
from adoption.adapters.planfile import UnreadablePlan
from rendering.sentences import sentence

_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
# Format codes of durations and lags that count the clock; 32 is added for estimates.
_ESTIMATED = 32
_ELAPSED = frozenset({4, 6, 8, 10, 12})
_PERCENT, _ELAPSED_PERCENT = 19, 20


def minutes_of(text: str, where: str, longest: int = CENTURY) -> int:
    """Minutes of an ISO duration, seconds rounded. Raises UnreadablePlan naming `where`."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is not a duration.", where=where, text=text[:40])
        )
    sign, years, months, days, hours, minutes, seconds = found.groups()
    if years or months:
        raise UnreadablePlan(
            sentence(
                "%(where)s: “%(text)s” counts years or months, which vary.",
                where=where,
                text=text[:40],
            )
        )
    total = int(days or 0) * 1440 + int(hours or 0) * 60 + int(minutes or 0)
    total += int(float(seconds or 0) / 60 + 0.5)
    if total > longest:
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is too long.", where=where, text=text[:40])
        )
    return -total if sign else total


def duration_text(minutes: int) -> str:
    """Minutes as Project writes them: hours and minutes, never days."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}PT{hours}H{rest}M0S"


def moment_of(text: str, where: str) -> datetime | None:
    """A local datetime, None when the field is empty or NA. Raises UnreadablePlan."""
    if not text or text == "NA":
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is not a date.", where=where, text=text[:40])
        ) from None


def number_of(text: str, where: str, default: int = 0) -> int:
    """A whole number, the default when the field is empty. Raises UnreadablePlan."""
    if not text:
        return default
    try:
        number = float(text)
        return int(number)
    except (ValueError, OverflowError):
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is not a number.", where=where, text=text[:40])
        ) from None


def is_elapsed(code: int) -> bool:
    return code & ~_ESTIMATED in _ELAPSED or code & ~_ESTIMATED == _ELAPSED_PERCENT


def is_percent(code: int) -> bool:
    return code & ~_ESTIMATED in (_PERCENT, _ELAPSED_PERCENT)
