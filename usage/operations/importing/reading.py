"""A file into a workspace: checked as a whole, then stored block by block, safe to begin again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

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
from usage.operations.importing.storing import Block, Keep, Line, Note
from usage.operations.sources import ensure_file_source
from usage.operations.turns import quick_turns


class ImportPaused(Exception):
    """Time is up; what is stored stays, and reading can go on behind it."""


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

    def note_named(errors: Sequence[RowError]) -> None:
        note(_named(errors, layout))

    with as_csv(path, layout) as sheet:
        check_header(sheet.path, layout)
        # Who goes on has found it whole before.
        if sheet.path == path and not outcome.read:
            check_whole(path)
        blocks = _blocks(tenant_id, sheet, layout, now, outcome.read, import_id, source)
        with closing(_ahead(blocks)) as prepared:
            line = Line(tenant_id, prepared, outcome, note_named, report, is_enough)
            line.store()
        if line.was_enough:
            raise ImportPaused(line.outcome.read)
        with tenant_scope(tenant_id):
            report(line.outcome, 100)
    return line.outcome


def _blocks(
    tenant_id: UUID,
    sheet: Sheet,
    layout: Layout,
    now: datetime,
    after: int,
    import_id: UUID | None,
    source: Source | None,
) -> Iterator[Block]:
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

    def take(self) -> Keep:
        # A count may stand in the place of another, so all of it may have to wait.
        stored = store_counts(block=self.block, import_id=self.import_id, now=self.now)
        return lambda: stored


def _named(errors: Sequence[RowError], layout: Layout) -> list[RowError]:
    """With the name each column has in the file."""
    called = {field: column for column, field in layout.columns.items()}
    return [replace(error, column=called.get(error.field, error.field)) for error in errors]


def _ahead(prepared: Iterator[Block]) -> Generator[Block, None, None]:
    """The same, each worked out while those before it are being stored."""
    with quick_turns(), ThreadPoolExecutor(max_workers=1) as reader:
        pending = reader.submit(next, prepared, None)
        while (found := pending.result()) is not None:
            pending = reader.submit(next, prepared, None)
            yield found
