"""Days of a plan as an iCalendar file (RFC 5545): whole days, so that no time zone is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//AdoptIQ//Plan//EN"
# How often a calendar program is asked to look again.
REFRESH = "PT4H"
_LONGEST_LINE = 75
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on one day or on several: `last` is its last day. `uid` never changes."""

    uid: str
    first: date
    last: date
    words: str
    details: str = ""
    address: str = ""


def write_calendar(
    entries: Iterable[Entry], *, name: str, zone: str, changed_at: datetime, sequence: int
) -> bytes:
    """The calendar in UTF-8. `changed_at` (with a zone) and `sequence` say how new it is."""
    lines = _lines(entries, name, zone, changed_at, sequence)
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _lines(
    entries: Iterable[Entry], name: str, zone: str, changed_at: datetime, sequence: int
) -> Iterator[str]:
    stamp = changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{_text(zone)}")
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    for entry in entries:
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(entry.uid)}"
        yield f"DTSTAMP:{stamp}"
        yield f"LAST-MODIFIED:{stamp}"
        yield f"SEQUENCE:{sequence}"
        yield f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_text(entry.words)}"
        if entry.details:
            yield f"DESCRIPTION:{_text(entry.details)}"
        if entry.address:
            yield f"URL:{_CONTROL.sub('', entry.address)}"
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _text(words: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends escaped."""
    plain = _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """At most 75 octets a line; what follows begins with a space. No letter is torn apart."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += octets
    yield piece
