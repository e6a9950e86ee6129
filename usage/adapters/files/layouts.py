"""What the columns of a usage log are, how it writes times, and what stands for the whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

EVENTS, DAILY = "events", "daily"
LEFT_OUT = "-"
ISO, DAY_FIRST, MONTH_FIRST = "iso", "dmy", "mdy"
SECONDS, MILLISECONDS = "seconds", "milliseconds"
TIME_FORMATS = (ISO, DAY_FIRST, MONTH_FIRST, SECONDS, MILLISECONDS)
UTF_8, WESTERN = "utf-8", "cp1252"
ENCODINGS = (UTF_8, WESTERN)

EVENT_FIELDS = ("message_id", "timestamp", "customer_id", "user_id", "event", "feature")
DAILY_FIELDS = ("day", "customer_id", "feature", "active_users", "events")
FIELDS_OF = {EVENTS: EVENT_FIELDS, DAILY: DAILY_FIELDS}
OPTIONAL = frozenset({"message_id", "feature", "active_users"})
# What may be said once for every row of a file.
CONSTANTS_OF = {EVENTS: ("customer_id", "event", "feature"), DAILY: ("customer_id", "feature")}


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read one file.

    `kind` is EVENTS (a row is one thing one person did) or DAILY (a row counts a customer's day).
    `columns` names the field of a column that is called otherwise, LEFT_OUT for one not needed;
    `constants` states fields for every row. A time without an offset is one of `time_zone`; with
    none chosen such a row is left out. `sheet` counts from 0.
    """

    kind: str = EVENTS
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    time_format: str = ISO
    time_zone: str = ""
    encoding: str = UTF_8
    sheet: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS_OF[self.kind]

    @property
    def expected(self) -> str:
        """What every file of this kind states, in words."""
        needed = [name for name in self.fields if name not in OPTIONAL]
        wished = [name for name in self.fields if name in OPTIONAL]
        return f"{', '.join(needed)} and, if wanted, {', '.join(wished)}"

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that a column has to hold."""
        return tuple(f for f in self.fields if f not in OPTIONAL and f not in self.constants)

    def field_of(self, column: str) -> str:
        """The field of a column; empty for one that is not known, LEFT_OUT for one not needed."""
        if column in self.columns:
            return self.columns[column]
        return column.lower() if column.lower() in self.fields else ""

    def column_of(self, name: str, columns: tuple[str, ...]) -> str:
        """How the file calls a field; the field's own name where no column holds it."""
        return next((column for column in columns if self.field_of(column) == name), name)

    def options(self) -> dict[str, Any]:
        """All but the columns, as it is kept."""
        said = asdict(self)
        del said["columns"], said["kind"]
        return said


def layout_from(kind: str, columns: Mapping[str, str], options: Mapping[str, Any]) -> Layout:
    """A layout as it was kept; what is not said is as usual."""
    return Layout(kind=kind, columns=dict(columns), **options)
