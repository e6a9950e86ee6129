"""Files on their way in: brought, confirmed, stopped, read again, and gone when nobody wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from tenancy.audit import record
from usage.adapters.files.layouts import Layout
from usage.adapters.files.looking import Looked
from usage.models import Source, UsageImport

State = UsageImport.State
LONGEST_NAME = 255
# How long a file stays that was not read, or not wholly, so that it can be read another way.
KEPT = timedelta(days=7)


@transaction.atomic
def start_import(
    *,
    file_name: str,
    stored_as: str,
    mapping: Mapping[str, str],
    created_by: Any,
    layout: Layout | None = None,
    origin: str = UsageImport.Origin.UPLOAD,
) -> UsageImport:
    """Note a file that waits to be read; `layout` says more than the names of columns."""
    layout = layout or Layout(columns=mapping)
    row: UsageImport = UsageImport.objects.create(
        file_name=file_name[:LONGEST_NAME],
        stored_as=stored_as,
        origin=origin,
        created_by=created_by,
        **kept_of(layout),
    )
    record_begun(row)
    return row


def record_begun(row: UsageImport) -> None:
    """Write down that a file is going to be read."""
    record(action="usage_import.begun", subject=row)


@transaction.atomic
def bring_file(
    *,
    file_name: str,
    stored_as: str,
    looked: Looked,
    layout: Layout,
    created_by: Any,
    source: Source | None = None,
    origin: str = UsageImport.Origin.UPLOAD,
) -> UsageImport:
    """Note a file whose columns somebody has to confirm before it is read.

    With a `source`, its events are that source's, and those it sent before are recognised.
    """
    row: UsageImport = UsageImport.objects.create(
        file_name=file_name[:LONGEST_NAME],
        stored_as=stored_as,
        state=State.NEW,
        looked=asdict(looked),
        created_by=created_by,
        source=source,
        origin=origin,
        **kept_of(layout),
    )
    return row


@transaction.atomic
def look_again(*, row: UsageImport, looked: Looked, layout: Layout) -> None:
    """Another sheet of the same workbook; what was said of the columns is about the one before."""
    row.looked = asdict(looked)
    for name, value in kept_of(layout).items():
        setattr(row, name, value)
    row.save(update_fields=["looked", *kept_of(layout)])


@transaction.atomic
def begin_import(*, row: UsageImport, layout: Layout) -> UsageImport:
    """The columns are confirmed: the file waits to be read.

    Raises ValidationError when it was begun before.
    """
    if not row.is_new:
        raise ValidationError(_("This file is on its way already."))
    for name, value in kept_of(layout).items():
        setattr(row, name, value)
    row.state = State.WAITING
    row.save()
    record_begun(row)
    return row


def kept_of(layout: Layout) -> dict[str, Any]:
    """A layout by the names an import keeps it under."""
    return {"kind": layout.kind, "mapping": dict(layout.columns), "options": layout.options()}


@transaction.atomic
def cancel_import(*, row: UsageImport, now: datetime) -> bool:
    """Stop reading behind the block at hand; what is stored stays. Returns whether it was open."""
    open_now = UsageImport.objects.filter(
        pk=row.pk, state__in=(State.WAITING, State.CHECKING, State.READING)
    )
    if not open_now.update(state=State.CANCELLED, finished_at=now, looked={}):
        return False
    row.refresh_from_db()
    record(action="usage_import.cancelled", subject=row, facts={"rows_read": row.rows_read})
    return True


@transaction.atomic
def read_again(*, row: UsageImport, looked: Looked, layout: Layout, created_by: Any) -> UsageImport:
    """The same file once more, its columns to be confirmed anew. It is the new import's from here.

    Raises ValidationError when the file is gone, or not read to its end.
    """
    if row.is_open or row.is_new or not row.stored_as:
        raise ValidationError(_("The file itself is no longer here. Upload it again."))
    again = bring_file(
        file_name=row.file_name,
        stored_as=row.stored_as,
        looked=looked,
        layout=layout,
        created_by=created_by,
        source=row.source,
    )
    row.stored_as = ""
    row.save(update_fields=["stored_as"])
    return again


@transaction.atomic
def discard_import(*, row: UsageImport) -> None:
    """A file that nobody confirmed goes, with what is noted of it. Raises ValidationError."""
    if not row.is_new:
        raise ValidationError(_("This file is on its way already."))
    _forget_file(row)
    row.delete()


def drop_stale_files(*, business_date: date, now: datetime) -> int:
    """Files that nobody confirmed, stopped or mended for a week go. Returns how many."""
    old = UsageImport.objects.filter(created_at__lte=now - KEPT).exclude(stored_as="")
    stale = old.exclude(state__in=(State.WAITING, State.CHECKING, State.READING))
    count = 0
    for row in stale:
        _forget_file(row)
        UsageImport.objects.filter(pk=row.pk).update(stored_as="", looked={})
        if row.is_new:
            row.delete()
        count += 1
    return count


def _forget_file(row: UsageImport) -> None:
    """The file goes when that is sure to stay."""
    stored_as = row.stored_as
    if stored_as:
        transaction.on_commit(lambda: default_storage.delete(stored_as))
