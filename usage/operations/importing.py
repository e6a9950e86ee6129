"""Usage logs from files: checked as a whole, then stored block by block, safe to begin again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.compute as pc
from django.db import transaction

from engagements.operations import ensure_customers, ensure_end_users
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from usage.adapters import binary_rows
from usage.adapters.canonical import event_key
from usage.adapters.files import Block, RowError, check_header, read_blocks
from usage.adapters.inflating import UnreadableFile, check_whole
from usage.models import RowFault, Source, UsageImport
from usage.operations.recording import Coded, NewEvents, store_events
from usage.operations.sources import ensure_file_source

FAULTS_KEPT = 10_000
Report = Callable[["ImportOutcome", int], None]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """Rows of a file: read in all, kept now, known before, left out."""

    read: int = 0
    new: int = 0
    repeated: int = 0
    wrong: int = 0

    def plus(self, *, rows: int, good: int, new: int, wrong: int) -> ImportOutcome:
        return ImportOutcome(
            self.read + rows, self.new + new, self.repeated + good - new, self.wrong + wrong
        )


@dataclass(slots=True)
class Directory:
    """Ids of customers and end users by what a file calls them, remembered between blocks."""

    time_zone: str
    customers: dict[str, UUID] = field(default_factory=dict)
    users: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def learn(self, pairs: list[tuple[str, str]]) -> None:
        """Look up, or create, everybody not met before."""
        unknown = {customer for customer, _user in pairs} - self.customers.keys()
        if unknown:
            found = ensure_customers(external_ids=unknown, time_zone=self.time_zone)
            self.customers |= found
        wanted: dict[UUID, set[str]] = {}
        for customer, user in pairs:
            customer_id = self.customers[customer]
            if (customer_id, user) not in self.users:
                wanted.setdefault(customer_id, set()).add(user)
        if wanted:
            self.users |= ensure_end_users(external_ids=wanted)


@transaction.atomic
def start_import(
    *, file_name: str, stored_as: str, mapping: dict[str, str], created_by: Any
) -> UsageImport:
    """Note a file that waits to be read."""
    row: UsageImport = UsageImport.objects.create(
        file_name=file_name[:255], stored_as=stored_as, mapping=mapping, created_by=created_by
    )
    return row


def import_usage_file(
    *,
    tenant_id: UUID,
    path: Path,
    mapping: dict[str, str],
    now: datetime,
    report: Report,
    note: Callable[[list[RowError]], None],
) -> ImportOutcome:
    """Read a file into a workspace, a transaction a block. To be called outside any scope.

    Raises `UnreadableFile` before anything is stored. Begun again after an interruption it ends
    with the same events: rows stored before are recognised.
    """
    check_header(path, mapping)
    check_whole(path)
    with tenant_scope(tenant_id):
        source = ensure_file_source()
        directory = Directory(Tenant.objects.get(pk=tenant_id).time_zone)
    outcome = ImportOutcome()
    with closing(_ahead(read_blocks(path, mapping=mapping, received_at=now))) as blocks:
        for block in blocks:
            with tenant_scope(tenant_id):
                new = _store(block, source, directory, now)
                outcome = outcome.plus(
                    rows=block.rows,
                    good=len(block.occurred_at),
                    new=new,
                    wrong=len(block.errors),
                )
                note(list(block.errors))
                report(outcome, 100 * block.consumed // max(block.size, 1))
    return outcome


def _ahead(blocks: Iterator[Block]) -> Generator[Block, None, None]:
    """The same blocks, each read while the one before it is being stored."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        pending = reader.submit(next, blocks, None)
        while (block := pending.result()) is not None:
            pending = reader.submit(next, blocks, None)
            yield block


def _store(block: Block, source: Source, directory: Directory, now: datetime) -> int:
    if not len(block.occurred_at):
        return 0
    pairs, places = _people(block)
    directory.learn(pairs)
    customers = [directory.customers[customer] for customer, _user in pairs]
    users = [
        directory.users[customer_id, user]
        for customer_id, (_customer, user) in zip(customers, pairs, strict=True)
    ]
    keys = b"".join(event_key(source.pk, text) for text in block.message_ids.to_pylist())
    events = NewEvents(
        keys=np.frombuffer(keys, dtype=binary_rows.KEY),
        customers=binary_rows.keys_of(customers)[places],
        end_users=binary_rows.keys_of(users)[places],
        instants=block.occurred_at,
        names=_coded(block.names),
        features=_coded(block.features),
    )
    return store_events(events=events, source_id=source.pk, received_at=now)


def _people(block: Block) -> tuple[list[tuple[str, str]], Any]:
    """The distinct (customer, user) pairs of a block, and which one each row names."""
    customers, users = _coded(block.customer_ids), _coded(block.user_ids)
    combined = customers.places * len(users.values) + users.places
    distinct, places = np.unique(combined, return_inverse=True)
    pairs = [
        (customers.values[pair // len(users.values)], users.values[pair % len(users.values)])
        for pair in distinct.tolist()
    ]
    return pairs, places


def _coded(column: Any) -> Coded:
    encoded = pc.dictionary_encode(column)
    places = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(encoded.dictionary.to_pylist(), places)


def read_import(
    *, tenant_id: UUID, import_id: UUID, path: Path | str, now: datetime, tell: Report | None = None
) -> UsageImport:
    """Do a noted import and keep its progress, its outcome and the rows left out.

    `tell` hears of the progress too.
    """
    book = ImportBook(tenant_id, import_id, tell)
    mapping = book.begin()
    try:
        outcome = import_usage_file(
            tenant_id=tenant_id,
            path=Path(path),
            mapping=mapping,
            now=now,
            report=book.progress,
            note=book.note,
        )
    except UnreadableFile as problem:
        return book.change(
            state=UsageImport.State.REFUSED, problem=str(problem)[:1000], finished_at=now
        )
    return book.finish(outcome, now)


def give_up_import(*, tenant_id: UUID, import_id: UUID, now: datetime) -> UsageImport:
    """Say on the import's page that it will not be tried again."""
    return ImportBook(tenant_id, import_id).change(
        state=UsageImport.State.REFUSED,
        problem="Reading stopped three times for a reason on our side. Upload the file again; "
        "rows already stored are recognised.",
        finished_at=now,
    )


@dataclass(slots=True)
class ImportBook:
    """The row of an import, kept up to date while its file is read."""

    tenant_id: UUID
    import_id: UUID
    tell: Report | None = None
    kept: int = 0

    def begin(self) -> dict[str, str]:
        with tenant_scope(self.tenant_id):
            RowFault.objects.filter(usage_import_id=self.import_id).delete()
            row = UsageImport.objects.get(pk=self.import_id)
        self.change(state=UsageImport.State.CHECKING, percent=0, problem="", finished_at=None)
        return dict(row.mapping)

    def progress(self, outcome: ImportOutcome, percent: int) -> None:
        """Within the transaction of the block just stored."""
        self.change(state=UsageImport.State.READING, percent=percent, **_counts(outcome))
        if self.tell is not None:
            self.tell(outcome, percent)

    def note(self, errors: list[RowError]) -> None:
        kept = errors[: max(FAULTS_KEPT - self.kept, 0)]
        self.kept += len(kept)
        RowFault.objects.bulk_create(
            [
                RowFault(
                    usage_import_id=self.import_id,
                    row=error.row,
                    field=error.field,
                    reason=error.reason[:300],
                )
                for error in kept
            ]
        )

    def finish(self, outcome: ImportOutcome, now: datetime) -> UsageImport:
        state = UsageImport.State.DONE
        return self.change(state=state, percent=100, finished_at=now, **_counts(outcome))

    def change(self, **fields: Any) -> UsageImport:
        with tenant_scope(self.tenant_id):
            UsageImport.objects.filter(pk=self.import_id).update(**fields)
            row: UsageImport = UsageImport.objects.get(pk=self.import_id)
        return row


def _counts(outcome: ImportOutcome) -> dict[str, int]:
    return {
        "rows_read": outcome.read,
        "rows_new": outcome.new,
        "rows_repeated": outcome.repeated,
        "rows_wrong": outcome.wrong,
    }
