"""A workspace to take along: a CSV file for each table and every file people keep in one archive,
written as it is read.

Nothing secret leaves: neither hashes of keys nor anything else that is bytes. The hashes of the
audit log are no secret; they prove the log, and stand in hexadecimal digits.
"""

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from adoptiq.models import Errand
from adoptiq.workspace.errands import Report
from engagements.models import StoredFile
from engagements.operations.file_bytes import read_pieces
from engagements.queries import get_files_to_take_along
from rendering.spreadsheets import guarded
from tenancy.models import AuditEntry, Membership, Tenant, TenantModel
from tenancy.operations import open_tables
from tenancy.scope import tenant_scope

FOLDER = "exports"
ROWS_AT_ONCE = 5000
BOM = b"\xef\xbb\xbf"
# Columns of tables outside row security that are of no use but to whoever wants to break in.
UNSAID = ("hash", "token", "secret")
MEMBER = ("id", "user_id", "user__name", "user__email", "role", "customer_id", "joined_at")
WORKSPACE = (
    *("id", "slug", "name", "time_zone", "currency", "locale", "working_days", "holiday_region"),
    *("accent", "second_factor", "created_at"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """The archive: where it lies, its size and SHA-256, and the rows in it."""

    stored_as: str
    size_bytes: int
    sha256: str
    row_count: int


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table of the archive: the query behind it and the names of its columns."""

    name: str
    columns: tuple[str, ...]
    rows: models.QuerySet[Any, Any]


class _Hashing(io.RawIOBase):
    """Passes bytes on and keeps their hash."""

    def __init__(self, target: Any) -> None:
        self.target, self.digest = target, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return int(self.target.write(data))


def table_files(tenant: Tenant) -> list[TableFile]:
    """Every table with rows of the workspace in force. Needs its scope."""
    guarded_by_rows = [_of_model(model) for model in apps.get_models() if _is_exported(model)]
    outside = [_of_open_table(model, tenant) for model in open_tables()]
    own = TableFile(
        _file_name(Tenant), WORKSPACE, Tenant.objects.filter(pk=tenant.pk).values_list(*WORKSPACE)
    )
    return sorted([*guarded_by_rows, *outside, own], key=lambda file: file.name)


def _of_open_table(model: type[models.Model], tenant: Tenant) -> TableFile:
    columns = MEMBER if model is Membership else _said_columns(model)
    rows = model._default_manager.filter(tenant_id=tenant.pk).order_by("pk")
    named = tuple(column.replace("__", "_") for column in columns)
    return TableFile(_file_name(model), named, rows.values_list(*columns))


def _said_columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BinaryField)
        and not any(word in field.attname for word in UNSAID)
    )


def _is_exported(model: type[models.Model]) -> bool:
    return issubclass(model, TenantModel) and not model._meta.abstract and model._meta.managed


def _of_model(model: type[models.Model]) -> TableFile:
    fields = [
        field
        for field in model._meta.concrete_fields
        if model is AuditEntry or not isinstance(field, models.BinaryField)
    ]
    columns = tuple(field.attname for field in fields)
    order = "seq" if model is AuditEntry else "pk"
    # The base manager leaves nothing out, such as plans that only try something.
    rows = model._base_manager.order_by(order).values_list(*columns)
    return TableFile(_file_name(model), columns, rows)


def _file_name(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}.csv"


def write_archive(*, tenant_id: UUID, name: str, now: datetime, report: Report) -> Written:
    """Write the archive of a workspace into the folder of files, whole or not at all.

    Each table is read in one transaction, a few thousand rows at a time. Safe to repeat.
    """
    stored_as = f"{FOLDER}/{tenant_id}/{name}.zip"
    path = Path(settings.FILES_ROOT) / stored_as
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        row_count = _write(file, tenant_id, now, report)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return Written(stored_as, path.stat().st_size, _sha256(path), row_count)


def _write(file: Any, tenant_id: UUID, now: datetime, report: Report) -> int:
    manifest: list[dict[str, Any]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with tenant_scope(tenant_id):
            tenant = Tenant.objects.get(pk=tenant_id)
            tables = table_files(tenant)
        for number, table in enumerate(tables):
            report(table.name, number / len(tables))
            with tenant_scope(tenant_id):
                manifest.append(_write_table(archive, table, now))
        report("attachments", 1)
        files = _write_files(archive, tenant_id, now)
        archive.writestr(
            _member("manifest.json", now), _manifest_text(tenant, now, manifest, files)
        )
    return sum(entry["rows"] for entry in manifest)


def _member(name: str, now: datetime) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, now.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _write_table(archive: zipfile.ZipFile, table: TableFile, now: datetime) -> dict[str, Any]:
    count = 0
    with archive.open(_member(table.name, now), "w", force_zip64=True) as member:
        hashing = _Hashing(member)
        hashing.write(BOM)
        text = io.TextIOWrapper(hashing, encoding="utf-8", newline="")  # type: ignore[type-var]
        writer = csv.writer(text)
        writer.writerow(table.columns)
        for row in _stream(table.rows):
            writer.writerow([cell(value) for value in row])
            count += 1
        text.flush()
    return {
        "file": table.name,
        "rows": count,
        "sha256": hashing.digest.hexdigest(),
        "columns": table.columns,
    }


def _write_files(archive: zipfile.ZipFile, tenant_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every file that is neither deleted nor refused, under its id and its name."""
    with tenant_scope(tenant_id):
        files = get_files_to_take_along()
    return [_write_file(archive, file, now) for file in files]


def _write_file(archive: zipfile.ZipFile, file: StoredFile, now: datetime) -> dict[str, Any]:
    name = f"attachments/{file.pk}/{file.name}"
    with archive.open(_member(name, now), "w", force_zip64=True) as member:
        hashing = _Hashing(member)
        for piece in read_pieces(file.stored_as):
            hashing.write(piece)
    return {"file": name, "sha256": hashing.digest.hexdigest()}


def _stream(rows: models.QuerySet[Any, Any]) -> Iterator[Sequence[Any]]:
    """The rows through a cursor of the server, so that a large table never lies in memory."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DECLARE rows_to_export NO SCROLL CURSOR FOR {sql}", params)
        while True:
            cursor.execute(f"FETCH {ROWS_AT_ONCE} FROM rows_to_export")
            found = cursor.fetchall()
            yield from found
            if len(found) < ROWS_AT_ONCE:
                break
        cursor.execute("CLOSE rows_to_export")


def cell(value: Any) -> Any:
    """A value as it stands in a file: moments in ISO 8601, structures as JSON, never a formula."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return guarded(value)


def _manifest_text(
    tenant: Tenant, now: datetime, tables: list[dict[str, Any]], files: list[dict[str, Any]]
) -> str:
    head = {"workspace": tenant.name, "short_name": tenant.slug, "made_at": now.isoformat()}
    return json.dumps(head | {"tables": tables, "files": files}, indent=1, ensure_ascii=False)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop_expired(*, business_date: date, now: datetime) -> int:
    """Delete the archives of the workspace in force whose time is over. Returns how many."""
    over = list(Errand.objects.filter(expires_at__lte=now).exclude(stored_as=""))
    for errand in over:
        (Path(settings.FILES_ROOT) / errand.stored_as).unlink(missing_ok=True)
        errand.stored_as = ""
        errand.save(update_fields=["stored_as"])
    return len(over)
