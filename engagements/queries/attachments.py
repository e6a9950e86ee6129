"""Reads of what files belong to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from engagements.models import Attachment, StoredFile

# The table a kind of row lies in.
TABLES = {
    Attachment.To.NOTE: "Note",
    Attachment.To.INTERACTION: "Interaction",
    Attachment.To.QUESTION: "ExpertQuestion",
    Attachment.To.RISK: "Risk",
    Attachment.To.CRITERION: "SuccessCriterion",
    Attachment.To.QUICK_WIN: "QuickWin",
    Attachment.To.CONCERN: "Concern",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A row that files can go with."""

    kind: str
    kind_label: str
    row_id: UUID
    label: str
    customer_id: UUID
    engagement_id: UUID | None

    @property
    def key(self) -> str:
        """As it stands in an address: `risk:<id>`."""
        return f"{self.kind}:{self.row_id}"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file beside the row it goes with."""

    attachment_id: UUID
    file_id: UUID
    name: str
    kind: str
    size_bytes: int
    shared: bool
    scan: str
    scan_label: str
    is_open: bool
    is_newest: bool


def get_attachments(
    *, row_ids: Iterable[UUID], kind: str = ""
) -> dict[UUID, tuple[AttachedFile, ...]]:
    """The files that go with rows, of one kind or of any; one query however many rows there are."""
    rows = Attachment.objects.select_related("file").filter(
        row_id__in=list(row_ids), removed_at=None, file__deleted_at=None
    )
    if kind:
        rows = rows.filter(kind=kind)
    found: defaultdict[UUID, list[AttachedFile]] = defaultdict(list)
    for row in rows:
        found[row.row_id].append(_attached(row.pk, row.file))
    return {row_id: tuple(files) for row_id, files in found.items()}


def _attached(attachment_id: UUID, file: StoredFile) -> AttachedFile:
    return AttachedFile(
        attachment_id=attachment_id,
        file_id=file.pk,
        name=file.name,
        kind=file.kind,
        size_bytes=file.size_bytes,
        shared=file.shared,
        scan=file.scan,
        scan_label=str(file.get_scan_display()),
        is_open=file.is_open,
        is_newest=file.followed_at is None,
    )


def get_target(*, key: str) -> Target | None:
    """The row that `risk:<id>` and the like name; None for anything else, and for others' rows."""
    kind, _colon, text = key.partition(":")
    try:
        wanted = (Attachment.To(kind).value, UUID(text))
    except ValueError:
        return None
    return get_targets(wanted={wanted}).get(wanted)


def get_targets(*, wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Target]:
    """Those of these rows that are to be seen; one query a kind."""
    ids: defaultdict[str, set[UUID]] = defaultdict(set)
    for kind, row_id in wanted:
        ids[kind].add(row_id)
    return {
        (kind, row.pk): _target(kind, row)
        for kind, row_ids in ids.items()
        for row in _rows_of(kind, row_ids)
    }


def _rows_of(kind: str, row_ids: set[UUID]) -> list[Any]:
    model: Any = apps.get_model("engagements", TABLES[Attachment.To(kind)])
    rows = model.objects.filter(pk__in=row_ids)
    if any(field.name == "deleted_at" for field in model._meta.concrete_fields):
        rows = rows.filter(deleted_at=None)
    # What a criterion says stands in its versions.
    return list(rows.prefetch_related("versions") if kind == Attachment.To.CRITERION else rows)


def _target(kind: str, row: Any) -> Target:
    said = row.versions.all()[0] if kind == Attachment.To.CRITERION else row
    return Target(
        kind=kind,
        kind_label=str(Attachment.To(kind).label),
        row_id=row.pk,
        label=str(said),
        customer_id=row.customer_id,
        engagement_id=row.engagement_id,
    )
