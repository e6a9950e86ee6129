"""Columns of files, kept under a name for the next file like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.operations.saving import save
from people.models import User
from tenancy import audit
from usage.adapters.files.layouts import Layout
from usage.models import FileLayout

# Of the file at hand, whatever columns were kept under the name.
OF_THE_FILE = ("sheet", "encoding")


class NoSuchLayout(LookupError):
    """No columns are kept under this name."""


@transaction.atomic
def keep_layout(*, name: str, layout: Layout, header: Sequence[str], by: User | None) -> FileLayout:
    """Keep how such a file is read; columns kept under that name are replaced.

    Raises ValidationError, keyed by `name`.
    """
    if not name.strip():
        raise ValidationError({"name": _("Give the columns a name.")})
    kept = FileLayout.objects.select_for_update().filter(forgotten_at=None)
    row = kept.filter(name__iexact=name.strip()).first() or FileLayout(created_by=by)
    options = {key: value for key, value in layout.options().items() if key not in OF_THE_FILE}
    row.name, row.kind, row.header = name.strip(), layout.kind, list(header)
    row.mapping, row.options = dict(layout.columns), options
    save(row, named_by="name")
    audit.record(action="file_layout.kept", subject=row, facts={"columns": len(row.mapping)})
    return row


@transaction.atomic
def forget_layout(*, row: FileLayout, now: datetime) -> None:
    """It is offered no more. Files read with it stay as they are."""
    row.forgotten_at = now
    row.save(update_fields=["forgotten_at"])
    audit.record(action="file_layout.forgotten", subject=row)


@transaction.atomic
def restore_layout(*, row: FileLayout) -> None:
    """Offer it again. Raises ValidationError when another one has its name by now."""
    row.forgotten_at = None
    save(row, named_by="name")
    audit.record(action="file_layout.restored", subject=row)


def layout_called(*, name: str) -> Layout:
    """The columns kept under a name. Raises `NoSuchLayout`."""
    row = FileLayout.objects.filter(forgotten_at=None, name__iexact=name.strip()).first()
    if row is None:
        raise NoSuchLayout(name)
    return row.layout
