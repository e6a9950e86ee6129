"""What a source's people may look at afterwards of a request that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import uuid4

from tenancy.keys import without_keys
from usage import operations
from usage.adapters.canonical import Received, UnreadableBody
from usage.adapters.dropping import without_properties
from usage.adapters.passing import WRONG_KEY, Passed
from usage.adapters.requests import Asked
from usage.adapters.showing import excerpt, first_use, library_of, masked
from usage.models import SourceKey
from usage.queries import DeadKey, get_dropped_properties, get_held_source

NOTHING = Received([], [])


@dataclass(frozen=True, slots=True)
class Seen:
    """How a request was answered; `why` where it was refused as a whole."""

    status: int
    at: datetime
    began: float
    why: str = ""
    received: Received = NOTHING
    outcome: operations.ReceivedOutcome | None = None


def note_dead_key(asked: Asked, dead: DeadKey, at: datetime, began: float) -> None:
    """Remember a request with a key that opens nothing, at the source whose key it was or may be.

    Of a sender who cannot be told to have had the key nothing but the refusal is shown.
    """
    key = dead.key
    if dead.is_whole:
        why = f"the key aiq_src_{key.prefix}… was revoked: give its sender a live one"
        note(asked, key, Seen(WRONG_KEY, at, began, why=why))
        return
    why = f"the key begins with aiq_src_{key.prefix} but the rest is not right: was it cut off?"
    passed = Passed(id=str(uuid4()), at=at, path="", status=WRONG_KEY, why=((why, 1),))
    operations.note_request(source_id=key.source_id, passed=passed, day=key.day_of(at))


def note(asked: Asked, key: SourceKey, seen: Seen) -> None:
    """Remember a request of a known source, after it was answered for."""
    why = [(seen.why, 1)] if seen.why else list(seen.outcome.reasons if seen.outcome else ())
    passed = Passed(
        id=str(uuid4()),
        at=seen.at,
        path=without_keys(asked.path)[:200],
        status=seen.status,
        library=library_of(seen.received, asked.headers.get("user-agent", "")),
        size=len(asked.body),
        counts=seen.outcome.counts if seen.outcome else {},
        why=tuple((masked(reason), number) for reason, number in why),
        first=first_use(seen.received),
        body="" if seen.status == 429 else _excerpt(asked, key, seen),
        milliseconds=round((perf_counter() - seen.began) * 1000, 1),
    )
    operations.note_request(source_id=key.source_id, passed=passed, day=key.day_of(seen.at))
    operations.note_key_use(key=key, now=seen.at)


def _excerpt(asked: Asked, key: SourceKey, seen: Seen) -> str:
    """Without what its source wants dropped, also where it was refused."""
    # Of what was taken in, the source was looked at a moment ago.
    found = get_held_source(source_id=key.source_id) if seen.outcome else None
    dropped = (
        found.source.dropped_properties
        if found
        else get_dropped_properties(tenant_id=key.tenant_id, source_id=key.source_id)
    )
    try:
        return excerpt(without_properties(asked, dropped))
    except UnreadableBody:
        return ""
