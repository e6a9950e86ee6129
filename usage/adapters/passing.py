"""One request that passed the door of a source, as it is remembered for whoever looks into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

# What can become of items, in the order they are told; "refused" counts whole requests.
OUTCOMES = ("accepted", "repeated", "put_aside", "told", "left_out")
# Of those "wrong_key" came with a key that opens nothing any more.
COUNTED = ("requests", *OUTCOMES, "refused", "wrong_key")
WRONG_KEY = 401


@dataclass(frozen=True, slots=True)
class Passed:
    """`counts` says by OUTCOMES what became of the items, `why` holds reasons with how often each
    was given, `first` what was understood of the first use in it; `milliseconds` until the answer.
    """

    id: str
    at: datetime
    path: str
    status: int
    library: str = ""
    size: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    why: tuple[tuple[str, int], ...] = ()
    first: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    milliseconds: float = 0.0

    @property
    def is_refused(self) -> bool:
        return self.status >= 400

    @property
    def items(self) -> int:
        return sum(self.counts.values())

    @property
    def put_aside(self) -> int:
        return self.counts.get("put_aside", 0)

    @property
    def state(self) -> str:
        """ "refused", "aside" where any item was put aside, else "taken"."""
        if self.is_refused:
            return "refused"
        return "aside" if self.put_aside else "taken"

    def totals(self) -> dict[str, int]:
        """What it adds to its hour, by COUNTED."""
        refused, wrong = int(self.is_refused), int(self.status == WRONG_KEY)
        return {"requests": 1, **self.counts, "refused": refused, "wrong_key": wrong}


def packed(passed: Passed) -> bytes:
    return orjson.dumps(passed)


def unpacked(entry: bytes) -> Passed:
    """What `packed` made."""
    value: dict[str, Any] = orjson.loads(entry)
    why = tuple((reason, number) for reason, number in value.pop("why"))
    return Passed(**{**value, "at": datetime.fromisoformat(value["at"]), "why": why})
