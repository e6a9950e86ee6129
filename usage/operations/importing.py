"""Usage logs from files: checked as a whole, then stored block by block, safe to begin again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.compute as pc
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.operations import notify
from tenancy.audit import record
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id, tenant_scope
from usage.adapters import binary_rows
from usage.adapters.canonical import event_keys
from usage.adapters.files import Block, Ints, RowError, check_header, read_blocks
from usage.adapters.inflating import UnreadableFile, check_whole
from usage.models import RowFault, Source, UsageImport
from usage.operations.directory import Directory
from usage.operations.recording import Coded, NewEvents, first_of_each, store_events
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

    def plus(self, block: Block, new: int) -> ImportOutcome:
        """With a block more, of which so many events were new."""
        return ImportOutcome(
            self.read + block.rows,
            self.new + new,
            self.repeated + len(block.occurred_at) - new,
            self.wrong + len(block.errors),
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A block with everything worked out that needs no database; repeats within it are gone.

    Row i is of `people[places[i]]`, a (customer, user) pair, and of customer number `owners[i]`.
    """

    block: Block
    keys: binary_rows.Column
    instants: Ints
    people: list[tuple[str, str]]
    places: Ints
    owners: Ints
    names: Coded
    features: Coded


@transaction.atomic
def start_import(
    *, file_name: str, stored_as: str, mapping: dict[str, str], created_by: Any
) -> UsageImport:
    """Note a file that waits to be read."""
    row: UsageImport = UsageImport.objects.create(
        file_name=file_name[:255], stored_as=stored_as, mapping=mapping, created_by=created_by
    )
    record(action="usage_import.begun", subject=row)
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

    Raises `UnreadableFile` before anything is stored. Begun again it ends with the same events.
    """
    check_header(path, mapping)
    check_whole(path)
    with tenant_scope(tenant_id):
        source = ensure_file_source()
    directory, outcome = Directory(creates_customers=True), ImportOutcome()
    blocks = read_blocks(path, mapping=mapping, received_at=now)
    with closing(_ahead(_prepare(block, source.pk) for block in blocks)) as prepared:
        for found in prepared:
            with tenant_scope(tenant_id):
                _commit_without_waiting()
                new = _store(found, source, directory, now)
                outcome = outcome.plus(found.block, new)
                note(list(found.block.errors))
                report(outcome, found.block.percent)
    with tenant_scope(tenant_id):
        report(outcome, 100)
    return outcome


def _commit_without_waiting() -> None:
    """Let this block's commit go ahead of the disk: a crash loses blocks together with the record
    of their progress, and the commit of the last report waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _ahead(prepared: Iterator[Prepared]) -> Generator[Prepared, None, None]:
    """The same, each worked out while the one before it is being stored."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        pending = reader.submit(next, prepared, None)
        while (found := pending.result()) is not None:
            pending = reader.submit(next, prepared, None)
            yield found


def _prepare(block: Block, source_id: UUID) -> Prepared:
    keys = binary_rows.as_keys(event_keys(source_id, block.message_ids.to_pylist()))
    kept = first_of_each(keys)
    customers, users = _coded(block.customer_ids).at(kept), _coded(block.user_ids).at(kept)
    people, places = _people(customers, users)
    return Prepared(
        block=block,
        keys=keys[kept],
        instants=block.occurred_at[kept],
        people=people,
        places=places,
        owners=customers.places,
        names=_coded(block.names).at(kept),
        features=_coded(block.features).at(kept),
    )


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


def _store(found: Prepared, source: Source, directory: Directory, now: datetime) -> int:
    if not found.people:
        return 0
    directory.learn(found.people)
    customers, users = zip(*(directory[pair] for pair in found.people), strict=True)
    events = NewEvents(
        keys=found.keys,
        customers=binary_rows.as_keys(b"".join(customers))[found.places],
        end_users=binary_rows.as_keys(b"".join(users))[found.places],
        owners=found.owners,
        instants=found.instants,
        names=found.names,
        features=found.features,
    )
    return store_events(events=events, source_id=source.pk, received_at=now)


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
            if fields.get("finished_at"):
                _tell_ended(row)
                _record_ended(row)
        return row


def _tell_ended(row: UsageImport) -> None:
    """Tell whoever brought the file."""
    done = row.state == UsageImport.State.DONE
    if done:
        text = ngettext(
            "%(file)s is read: one row, %(new)s of it new.",
            "%(file)s is read: %(rows)s rows, %(new)s of them new.",
            row.rows_read,
        ) % {"file": row.file_name, "rows": f"{row.rows_read:,}", "new": f"{row.rows_new:,}"}
    else:
        text = _("%(file)s was not read. Its page says why.") % {"file": row.file_name}
    slug = Tenant.objects.get(pk=current_tenant_id()).slug
    notify(
        recipients=[row.created_by] if row.created_by else [],
        kind="import.finished" if done else "import.failed",
        text=text,
        url=reverse("usage:import", args=[slug, row.pk]),
        key=f"usage-import:{row.pk}:{row.state}",
    )


def _record_ended(row: UsageImport) -> None:
    told = ("rows_read", "rows_new", "rows_repeated", "rows_wrong", "problem")
    facts = {name: value for name in told if (value := getattr(row, name))}
    ended = "finished" if row.state == UsageImport.State.DONE else "refused"
    record(action=f"usage_import.{ended}", subject=row, facts=facts)


def _counts(outcome: ImportOutcome) -> dict[str, int]:
    return {
        "rows_read": outcome.read,
        "rows_new": outcome.new,
        "rows_repeated": outcome.repeated,
        "rows_wrong": outcome.wrong,
    }
