"""The row of an import, kept up to date while its file is read; what ends it, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.operations import notify
from tenancy.audit import record
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id, tenant_scope
from usage.adapters.files import Layout, RowError, UnknownColumns, UnreadableFile
from usage.adapters.files.layouts import EVENTS
from usage.adapters.files.looking import likely_layout, look_at, own_layout
from usage.models import RowFault, Source, UsageImport
from usage.operations.importing.beginning import kept_of
from usage.operations.importing.outcomes import ImportOutcome, Report
from usage.operations.importing.reading import ImportPaused, import_usage_file
from usage.queries.files import get_fitting_layout

FAULTS_KEPT = 10_000
LONGEST_PROBLEM = 1000
OPEN = (UsageImport.State.WAITING, UsageImport.State.CHECKING, UsageImport.State.READING)


class ImportCancelled(RuntimeError):
    """Somebody stopped the import; what its current block did is rolled back."""


def read_import(
    *,
    tenant_id: UUID,
    import_id: UUID,
    path: Path | str,
    now: datetime,
    tell: Report | None = None,
    clock: Callable[[], datetime] | None = None,
    until: datetime | None = None,
) -> UsageImport:
    """Do a noted import and keep its progress, its outcome and the rows left out.

    An attempt that was cut short is gone on with behind its last block. `tell` hears of the
    progress too, in the transaction of each block; `clock` says when it is done, where that
    matters. Behind the first block after `until` it stops, and the import is still open.
    """
    book = ImportBook(tenant_id, import_id, tell)
    ended = clock or (lambda: now)
    try:
        so_far = book.begin(now)
        layout = book.layout(Path(path))
        outcome = import_usage_file(
            tenant_id=tenant_id,
            path=Path(path),
            mapping=layout.columns,
            layout=layout,
            now=now,
            report=book.progress,
            note=book.note,
            so_far=so_far,
            import_id=import_id,
            source=book.source(),
            is_enough=lambda: until is not None and ended() >= until,
        )
    except UnreadableFile as problem:
        is_mendable = isinstance(problem, UnknownColumns)
        return book.refuse(str(problem), ended(), is_mendable=is_mendable)
    except (ImportCancelled, ImportPaused):
        return book.row()
    return book.finish(outcome, ended())


def give_up_import(*, tenant_id: UUID, import_id: UUID, now: datetime) -> UsageImport:
    """Say on the import's page that it will not be tried again."""
    return ImportBook(tenant_id, import_id).refuse(
        "Reading stopped three times for a reason on our side. Upload the file again; "
        "rows already stored are recognised.",
        now,
    )


@dataclass(slots=True)
class ImportBook:
    """The row of an import while its file is read. Each change asks that it is not stopped."""

    tenant_id: UUID
    import_id: UUID
    tell: Report | None = None
    kept: int = 0

    def row(self) -> UsageImport:
        with tenant_scope(self.tenant_id):
            found: UsageImport = UsageImport.objects.get(pk=self.import_id)
        return found

    def source(self) -> Source | None:
        """Whose events these are; None for those that only files bring."""
        with tenant_scope(self.tenant_id):
            rows = UsageImport.objects.select_related("source")
            found: Source | None = rows.get(pk=self.import_id).source
        return found

    def begin(self, now: datetime) -> ImportOutcome:
        """What is read of the file already."""
        row = self.row()
        with tenant_scope(self.tenant_id):
            self.kept = RowFault.objects.filter(usage_import_id=self.import_id).count()
        self.change(
            state=UsageImport.State.CHECKING,
            problem="",
            begun_at=now,
            rows_before=row.rows_read,
            finished_at=None,
        )
        return ImportOutcome(
            row.rows_read,
            row.rows_new,
            row.rows_changed,
            row.rows_repeated,
            row.rows_wrong,
            row.is_exact,
        )

    def layout(self, path: Path) -> Layout:
        """How to read the file: as was said, else as a file with its header was read before.

        Raises `UnreadableFile`.
        """
        row = self.row()
        if row.mapping or row.layout.constants:
            return row.layout
        looked = look_at(path)
        with tenant_scope(self.tenant_id):
            kept = get_fitting_layout(header=looked.columns)
        layout = own_layout(looked) if kept is None else likely_layout(looked, kept=kept.layout)
        self.change(**kept_of(layout))
        return layout

    def progress(self, outcome: ImportOutcome, percent: int) -> None:
        """Within the transaction of the block just stored."""
        self.change(state=UsageImport.State.READING, percent=percent, **outcome.counts())
        if self.tell is not None:
            self.tell(outcome, percent)

    def note(self, errors: Sequence[RowError]) -> None:
        kept = errors[: max(FAULTS_KEPT - self.kept, 0)]
        self.kept += len(kept)
        RowFault.objects.bulk_create(
            [
                RowFault(
                    usage_import_id=self.import_id,
                    row=error.row,
                    field=error.field,
                    column=error.column[:200],
                    reason=error.reason[:300],
                )
                for error in kept
            ]
        )

    def finish(self, outcome: ImportOutcome, now: datetime) -> UsageImport:
        state = UsageImport.State.DONE
        return self._end(state=state, percent=100, finished_at=now, **outcome.counts())

    def refuse(self, problem: str, now: datetime, *, is_mendable: bool = False) -> UsageImport:
        return self._end(
            state=UsageImport.State.REFUSED,
            problem=problem[:LONGEST_PROBLEM],
            is_mendable=is_mendable,
            finished_at=now,
        )

    def change(self, **fields: Any) -> None:
        """Raises `ImportCancelled` when somebody stopped it."""
        with tenant_scope(self.tenant_id):
            rows = UsageImport.objects.filter(pk=self.import_id, state__in=OPEN)
            if not rows.update(**fields):
                raise ImportCancelled(str(self.import_id))

    def _end(self, **fields: Any) -> UsageImport:
        with tenant_scope(self.tenant_id):
            rows = UsageImport.objects.filter(pk=self.import_id, state__in=OPEN)
            changed = rows.update(looked={}, **fields)
            row: UsageImport = UsageImport.objects.get(pk=self.import_id)
            if changed:
                _tell_ended(row)
                _record_ended(row)
        return row


def _tell_ended(row: UsageImport) -> None:
    """Tell whoever brought the file."""
    done = row.state == UsageImport.State.DONE
    if done:
        text = _in_words(row)
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


def _in_words(row: UsageImport) -> str:
    return ngettext(
        "%(file)s is read: one row, %(new)s of it new.",
        "%(file)s is read: %(rows)s rows, %(new)s of them new.",
        row.rows_read,
    ) % {"file": row.file_name, "rows": f"{row.rows_read:,}", "new": f"{row.rows_new:,}"}


def _record_ended(row: UsageImport) -> None:
    told = ("rows_read", "rows_new", "rows_changed", "rows_repeated", "rows_wrong", "problem")
    facts = {name: value for name in told if (value := getattr(row, name))}
    if row.kind != EVENTS:
        facts["kind"] = row.kind
    ended = "finished" if row.state == UsageImport.State.DONE else "refused"
    record(action=f"usage_import.{ended}", subject=row, facts=facts)
