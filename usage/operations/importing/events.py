"""A block of events from a file: worked out without the database, then stored in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from usage.adapters import binary_rows
from usage.adapters.canonical import event_keys
from usage.adapters.files import Block, Layout, RowError
from usage.adapters.files.events import read_events
from usage.adapters.files.moments import Ints
from usage.adapters.files.spooling import Sheet
from usage.models import Source
from usage.operations.directory import Directory
from usage.operations.importing.outcomes import ImportOutcome
from usage.operations.importing.storing import Keep
from usage.operations.keeping import erased_among
from usage.operations.recording import (
    Coded,
    NewEvents,
    TakenEvents,
    first_of_each,
    keep_events,
    take_events,
)
from usage.queries.keeping import get_keeping

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class EventFile:
    """One file of events on its way into the workspace its source belongs to."""

    source: Source
    now: datetime
    directory: Directory = field(default_factory=lambda: Directory(creates_customers=True))

    def blocks(self, sheet: Sheet, layout: Layout, *, after: int) -> Iterator[Prepared]:
        for block in read_events(sheet, layout, received_at=self.now, after=after):
            yield _prepare(block, self)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A block with everything worked out that needs no database; repeats within it are gone.

    Row i is of `people[places[i]]`, a (customer, user) pair.
    """

    file: EventFile
    block: Block
    keys: binary_rows.Column
    instants: Ints
    people: list[tuple[str, str]]
    places: Ints
    names: Coded
    features: Coded

    @property
    def percent(self) -> int:
        return self.block.percent

    def take(self) -> Keep:
        """Find whose the events are and take what is new, within the scope of the workspace."""
        kept = self._kept()
        left_out = int(len(kept) - kept.sum())
        taken = self._taken(kept) if kept.any() else None
        return partial(self._keep, taken, left_out)

    def _keep(
        self, taken: TakenEvents | None, left_out: int
    ) -> tuple[ImportOutcome, Sequence[RowError]]:
        new = keep_events(taken) if taken else 0
        known = len(self.block.occurred_at) - new - left_out
        errors = [*self.block.errors, *_not_kept(left_out)]
        wrong = len(self.block.errors) + left_out
        exact = self.block.is_exact
        return ImportOutcome(self.block.rows, new, 0, known, wrong, exact), errors

    def _taken(self, kept: Flags) -> TakenEvents:
        chosen = np.flatnonzero(kept)
        people, places = self._people(chosen)
        self.file.directory.learn(people)
        customers, users = zip(*(self.file.directory[pair] for pair in people), strict=True)
        events = NewEvents(
            keys=self.keys[chosen],
            customers=binary_rows.as_keys(b"".join(customers))[places],
            end_users=binary_rows.as_keys(b"".join(users))[places],
            instants=self.instants[chosen],
            names=self.names.at(chosen),
            features=self.features.at(chosen),
        )
        return take_events(events=events, source_id=_id(self.file), received_at=self.file.now)

    def _people(self, chosen: npt.NDArray[np.intp]) -> tuple[list[tuple[str, str]], Ints]:
        """The pairs that these rows name. Nobody else is to be known by them."""
        if len(chosen) == len(self.places):
            return self.people, self.places
        used, places = np.unique(self.places[chosen], return_inverse=True)
        return [self.people[place] for place in used.tolist()], places

    def _kept(self) -> Flags:
        """Rows that are neither older than the workspace keeps nor of somebody erased since."""
        kept = np.ones(len(self.keys), dtype=bool)
        keeping = get_keeping()
        since = keeping.since(self.file.now)
        if since is not None:
            kept &= self.instants >= int(since.timestamp() * 1_000_000)
        if keeping.has_erasures:
            kept &= self.instants > self._erased_until()[self.places]
        return kept

    def _erased_until(self) -> Ints:
        """For each pair up to which moment the person's was erased, in microseconds; long ago for
        nobody's."""
        users = [user for _customer, user in self.people]
        erased = erased_among(said=set(users))
        never = np.iinfo(np.int64).min
        found = [
            int(erased[user].timestamp() * 1_000_000) if user in erased else never for user in users
        ]
        return np.array(found, dtype=np.int64)


def _not_kept(rows: int) -> list[RowError]:
    """One line for all of them: they are not wrong, and may be many."""
    if not rows:
        return []
    words = f"{rows:,} rows are older than events are kept here, or of people who were erased"
    return [RowError(0, "timestamp", words)]


def _prepare(block: Block, file: EventFile) -> Prepared:
    keys = binary_rows.as_keys(event_keys(_id(file), block.message_ids.to_pylist()))
    kept = first_of_each(keys)
    customers, users = _coded(block.customer_ids).at(kept), _coded(block.user_ids).at(kept)
    people, places = _people(customers, users)
    return Prepared(
        file=file,
        block=block,
        keys=keys[kept],
        instants=block.occurred_at[kept],
        people=people,
        places=places,
        names=_coded(block.names).at(kept),
        features=_coded(block.features).at(kept),
    )


def _id(file: EventFile) -> UUID:
    found: UUID = file.source.pk
    return found


def _people(customers: Coded, users: Coded) -> tuple[list[tuple[str, str]], Ints]:
    """The distinct (customer, user) pairs, and which one each row names."""
    width = max(len(users.values), 1)
    distinct, places = np.unique(customers.places * width + users.places, return_inverse=True)
    pairs = [
        (customers.values[pair // width], users.values[pair % width]) for pair in distinct.tolist()
    ]
    return pairs, places


def _coded(column: Any) -> Coded:
    encoded = pc.dictionary_encode(column)
    places = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(encoded.dictionary.to_pylist(), places)
