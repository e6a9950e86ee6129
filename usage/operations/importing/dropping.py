"""The drop folder: files put there by other systems, each taken once, and laid aside when read.

Each workspace has a folder of its name. A file is taken by renaming it into `reading`, which
succeeds for one worker only; when it is read it moves to `done` or `refused`, with a text beside it
where there is something to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings

from tenancy.models import Tenant, new_id
from tenancy.scope import tenant_scope
from usage.models import RowFault, UsageImport
from usage.operations.importing.beginning import record_begun

log = structlog.get_logger(__name__)

READING, DONE, REFUSED = "reading", "done", "refused"
# A file that was written to more recently may not be whole.
AT_REST = timedelta(seconds=20)
# A file that was taken and never noted is put back: whoever took it died in between.
TAKEN_FOR_NOTHING = timedelta(minutes=2)
# What programs call a file they have not finished writing.
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", ".lock")
TAKEN_AT_ONCE = 20
FAULTS_TOLD = 200
Begin = Callable[[UsageImport], None]
_TAKEN = re.compile(r"([0-9a-f-]{36})--(.+)")


def take_dropped(*, now: datetime, begin: Begin) -> list[UsageImport]:
    """Take the files that are complete, oldest first, and note each as waiting to be read.

    `begin` is called for each in the transaction that notes it. To be called outside any scope. A
    folder that cannot be read does not hold up the others.
    """
    root = _root()
    if root is None or not root.is_dir():
        return []
    found: list[UsageImport] = []
    for tenant in Tenant.objects.filter(delete_after=None, slug__in=_folders(root)):
        try:
            found += _take_from(root / tenant.slug, tenant, now, begin)
        except OSError:
            log.exception("drop_folder_unreadable", workspace=tenant.slug)
    return found


def put_aside_dropped(*, row: UsageImport) -> None:
    """Lay a file that was read, or refused, where it does not come in again."""
    path = path_of(row=row)
    if path is None or not path.exists():
        return
    folder = path.parents[1] / (DONE if row.state == UsageImport.State.DONE else REFUSED)
    folder.mkdir(exist_ok=True)
    target = folder / row.file_name
    if target.exists():
        target = folder / f"{row.pk}--{row.file_name}"
    if words := _words(row):
        target.with_name(f"{target.name}.txt").write_text(words, encoding="utf-8")
    path.rename(target)


def path_of(*, row: UsageImport) -> Path | None:
    """Where a dropped file lies while it is read."""
    root = _root()
    if root is None or row.origin != UsageImport.Origin.FOLDER:
        return None
    return root / _workspace_of(row).slug / READING / _taken_name(row.pk, row.file_name)


def _workspace_of(row: UsageImport) -> Tenant:
    """Read without a scope, in which a worker may not be."""
    found: Tenant = Tenant.objects.get(pk=str(row.tenant_id))
    return found


def _root() -> Path | None:
    return Path(settings.USAGE_DROP_FOLDER) if settings.USAGE_DROP_FOLDER else None


def _folders(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.is_dir() and not path.is_symlink()]


def _take_from(folder: Path, tenant: Tenant, now: datetime, begin: Begin) -> list[UsageImport]:
    _put_back(folder, tenant, now)
    found = []
    oldest = sorted(_complete(folder, now), key=lambda path: path.stat().st_mtime)
    for path in oldest[:TAKEN_AT_ONCE]:
        row = _take(path, tenant, begin)
        if row is not None:
            found.append(row)
    return found


def _complete(folder: Path, now: datetime) -> Iterator[Path]:
    for path in folder.iterdir():
        name = path.name
        if path.is_symlink() or not path.is_file() or len(name) > 200:
            continue
        if name.startswith((".", "~")) or name.lower().endswith(UNFINISHED):
            continue
        if path.stat().st_mtime <= (now - AT_REST).timestamp():
            yield path


def _take(path: Path, tenant: Tenant, begin: Begin) -> UsageImport | None:
    """The file as an import that waits; None when another worker was faster."""
    import_id: UUID = new_id()
    taken = path.parent / READING
    taken.mkdir(exist_ok=True)
    try:
        path.rename(taken / _taken_name(import_id, path.name))
    except FileNotFoundError:
        return None
    with tenant_scope(tenant.pk):
        row: UsageImport = UsageImport.objects.create(
            id=import_id, file_name=path.name, origin=UsageImport.Origin.FOLDER
        )
        record_begun(row)
        begin(row)
    return row


def _put_back(folder: Path, tenant: Tenant, now: datetime) -> None:
    """Files that were taken and not noted may be taken again."""
    if not (folder / READING).is_dir():
        return
    for path in (folder / READING).iterdir():
        parts = _TAKEN.fullmatch(path.name)
        # A rename leaves a file's own time alone; that of its entry tells when it was taken.
        is_old = path.stat().st_ctime <= (now - TAKEN_FOR_NOTHING).timestamp()
        if parts is None or not is_old:
            continue
        with tenant_scope(tenant.pk):
            if UsageImport.objects.filter(pk=parts[1]).exists():
                continue
        path.rename(folder / parts[2])


def _taken_name(import_id: UUID, name: str) -> str:
    return f"{import_id}--{name}"


def _words(row: UsageImport) -> str:
    """Why a file was refused, or which of its rows were left out."""
    if row.state != UsageImport.State.DONE:
        return f"{row.file_name} was not read: {row.problem or row.get_state_display()}\n"
    if not row.rows_wrong:
        return ""
    with tenant_scope(_workspace_of(row).pk):
        faults = list(RowFault.objects.filter(usage_import=row)[:FAULTS_TOLD])
    lines = [f"row {f.row}, {f.column or f.field or 'whole row'}: {f.reason}" for f in faults]
    counted = f"{row.rows_wrong:,} of {row.rows_read:,} rows were left out."
    if row.rows_wrong > len(lines):
        lines.append(f"and {row.rows_wrong - len(lines):,} more; all are on the import's page")
    return "\n".join([counted, *lines]) + "\n"
