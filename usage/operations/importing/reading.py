"""A file into a workspace: checked as a whole, then stored block by block, safe to begin again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import connection

from tenancy.scope import tenant_scope
from usage.adapters.files import Layout, RowError, check_header
from usage.adapters.files.counts import CountBlock, read_counts
from usage.adapters.files.layouts import DAILY
from usage.adapters.files.spooling import Sheet, as_csv
from usage.adapters.inflating import check_whole
from usage.models import Source
from usage.operations.importing.counts import store_counts
from usage.operations.importing.events import EventFile
from usage.operations.importing.outcomes import ImportOutcome, Report
from usage.operations.sources import ensure_file_source

Note = Callable[[list[RowError]], None]

TURN_SECONDS = 0.0005


class ImportPaused(Exception):
    """Time is up; what is stored stays, and reading can go on behind it."""


class Stored(Protocol):
    """A block that is worked out, and can be put into the workspace in force."""

    @property
    def percent(self) -> int: ...

    def store(self) -> tuple[ImportOutcome, Sequence[RowError]]: ...


def import_usage_file(
    *,
    tenant_id: UUID,
    path: Path,
    mapping: Mapping[str, str],
    now: datetime,
    report: Report,
    note: Note,
    layout: Layout | None = None,
    so_far: ImportOutcome | None = None,
    import_id: UUID | None = None,
    source: Source | None = None,
    is_enough: Callable[[], bool] = lambda: False,
) -> ImportOutcome:
    """Read a file into a workspace, a transaction a block. To be called outside any scope.

    Behind each block `is_enough` is asked; raises `ImportPaused` when it says so.

    `layout` says how, where the names of columns (`mapping`) do not say all. `so_far` is what an
    attempt before has stored: reading goes on behind it. Counts of days stand under `import_id`,
    events under `source`, which is that of files where none is named.

    Raises `UnreadableFile` before anything is stored. Begun again it ends with the same events.
    """
    layout, outcome = layout or Layout(columns=mapping), so_far or ImportOutcome()
    with as_csv(path, layout) as sheet:
        check_header(sheet.path, layout)
        # Who goes on has found it whole before.
        if sheet.path == path and not outcome.read:
            check_whole(path)
        blocks = _blocks(tenant_id, sheet, layout, now, outcome.read, import_id, source)
        with closing(_ahead(blocks)) as prepared:
            for found in prepared:
                with tenant_scope(tenant_id):
                    _commit_without_waiting()
                    stored, errors = found.store()
                    outcome = outcome.plus(stored)
                    note(_named(errors, layout))
                    report(outcome, found.percent)
                if is_enough():
                    raise ImportPaused(outcome.read)
        with tenant_scope(tenant_id):
            report(outcome, 100)
    return outcome


def _blocks(
    tenant_id: UUID,
    sheet: Sheet,
    layout: Layout,
    now: datetime,
    after: int,
    import_id: UUID | None,
    source: Source | None,
) -> Iterator[Stored]:
    if layout.kind == DAILY:
        if import_id is None:
            raise ValueError("Counts of days belong to an import.")
        found = read_counts(sheet, layout, received_at=now, after=after)
        return (_Counted(block, import_id, now) for block in found)
    if source is None:
        with tenant_scope(tenant_id):
            source = ensure_file_source()
    return EventFile(source, now).blocks(sheet, layout, after=after)


@dataclass(slots=True)
class _Counted:
    block: CountBlock
    import_id: UUID
    now: datetime

    @property
    def percent(self) -> int:
        return self.block.percent

    def store(self) -> tuple[ImportOutcome, Sequence[RowError]]:
        return store_counts(block=self.block, import_id=self.import_id, now=self.now)


def _named(errors: Sequence[RowError], layout: Layout) -> list[RowError]:
    """With the name each column has in the file."""
    called = {field: column for column, field in layout.columns.items()}
    return [replace(error, column=called.get(error.field, error.field)) for error in errors]


def _commit_without_waiting() -> None:
    """Let this block's commit go ahead of the disk: a crash loses blocks together with the record
    of their progress, and the commit of the last report waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _ahead(prepared: Iterator[Stored]) -> Generator[Stored, None, None]:
    """The same, each worked out while the one before it is being stored."""
    with _quick_turns(), ThreadPoolExecutor(max_workers=1) as reader:
        pending = reader.submit(next, prepared, None)
        while (found := pending.result()) is not None:
            pending = reader.submit(next, prepared, None)
            yield found


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Have threads take turns sooner: who stores waits for a turn behind each answer of the
    database, and the usual wait is longer than most answers."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
