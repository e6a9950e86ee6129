"""A usage log as somebody brings it, on a page or over the API: kept, looked at and noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from tenancy.models import new_id
from tenancy.scope import current_tenant_id
from usage import operations, queries
from usage.adapters.files.headers import refuse_unfit
from usage.adapters.files.layouts import EVENTS, Layout
from usage.adapters.files.looking import Looked, likely_layout, look_at, own_layout
from usage.models import Source, UsageImport


def bring_upload(
    *,
    file: UploadedFile[bytes],
    layout_of: Callable[[Looked], Layout],
    source: Source | None,
    created_by: Any,
    origin: str = UsageImport.Origin.UPLOAD,
    sheet: int = 0,
) -> UsageImport:
    """Keep what was sent, and note it with the layout that its first rows suggest.

    Raises `UnreadableFile`, and whatever `layout_of` does; nothing is kept then.
    """
    stored_as = default_storage.save(f"usage/{current_tenant_id()}/{new_id()}", file)
    try:
        looked = look_at(Path(default_storage.path(stored_as)), sheet=sheet)
        layout = layout_of(looked)
    except Exception:
        default_storage.delete(stored_as)
        raise
    return operations.bring_file(
        file_name=file.name or "",
        stored_as=stored_as,
        looked=looked,
        layout=layout,
        created_by=created_by,
        source=source,
        origin=origin,
    )


def layout_said(looked: Looked, said: Mapping[str, Any]) -> Layout:
    """How a program says a file is to be read: by a name columns are kept under, by its own words,
    else as the last file with this header, else as columns called by our names.

    Raises `NoSuchLayout`, and `UnreadableFile` where that does not fit the file.
    """
    layout = _stated(looked, said)
    refuse_unfit(looked.columns, layout)
    return layout


def _stated(looked: Looked, said: Mapping[str, Any]) -> Layout:
    if said.get("read_as"):
        kept = operations.layout_called(name=said["read_as"])
        return likely_layout(looked, kept=kept)
    if said.get("mapping") or said.get("constants"):
        return Layout(
            kind=said.get("kind", EVENTS),
            columns=said.get("mapping", {}),
            constants=said.get("constants", {}),
            time_format=said.get("time_format", Layout().time_format),
            time_zone=said.get("time_zone", ""),
            encoding=looked.encoding,
            sheet=looked.sheet,
        )
    fitting = queries.get_fitting_layout(header=looked.columns)
    return likely_layout(looked, kept=fitting.layout) if fitting else own_layout(looked)
