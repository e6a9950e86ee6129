"""Reads of files: the list of an engagement or customer, and one file with its versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from engagements.models import Attachment, FileSpace, StoredFile
from engagements.queries.attachments import Target, get_targets
from people.models import User

PAGE_SIZE, FEW = 50, 6
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-uploaded_at", "-id"),
    "oldest": ("uploaded_at", "id"),
    "name": ("name", "id"),
    "largest": ("-size_bytes", "-id"),
    "kind": ("kind", "name", "id"),
}
SEEN_BY = ("", "customer", "staff")
ICONS = {
    StoredFile.Kind.PICTURE: "photo",
    StoredFile.Kind.SPREADSHEET: "table",
    StoredFile.Kind.TABLE: "table",
    StoredFile.Kind.SLIDES: "presentation",
}


@dataclass(frozen=True, slots=True)
class FileFilters:
    """What of the files is wanted; `seen_by` is empty, customer or staff."""

    kind: str = ""
    seen_by: str = ""
    uploader: str = ""
    sort: str = "newest"

    @property
    def narrow(self) -> bool:
        return bool(self.kind or self.seen_by or self.uploader)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One version of a file as a list shows it."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    icon: str
    size_bytes: int
    sha256: str
    shared: bool
    scan: str
    scan_label: str
    finding: str
    version: int
    is_newest: bool
    is_deleted: bool
    uploaded_at: datetime
    uploaded_by_id: UUID | None
    uploaded_by: str
    engagement_id: UUID | None
    engagement_key: str
    has_thumbnail: bool
    attached: int
    has_bytes: bool

    def is_open_to(self, user_id: UUID | None) -> bool:
        """Whether somebody who sees it may have it: whoever brought it need not wait."""
        if self.scan == StoredFile.Scan.WAITING:
            return self.has_bytes and user_id is not None and self.uploaded_by_id == user_id
        return self.has_bytes and self.scan != StoredFile.Scan.REFUSED


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of files with what they can be filtered by; `count` is of all that fit."""

    rows: tuple[FileRow, ...]
    count: int
    everything: int
    kinds: tuple[tuple[str, str], ...]
    uploaders: tuple[tuple[str, str], ...]
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class FileView:
    """One file: this version, all that are seen of it, and what it is attached to."""

    row: FileRow
    versions: tuple[FileRow, ...]
    attached: tuple[tuple[UUID, Target], ...]

    @property
    def newest(self) -> FileRow | None:
        """The version that came after this one, where there is one to be seen."""
        first = self.versions[0]
        return first if first.version > self.row.version else None


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes kept in the workspace, and how many may be."""

    used_bytes: int
    limit_bytes: int

    @property
    def is_short(self) -> bool:
        return self.used_bytes > 0.9 * self.limit_bytes


def get_files(*, customer_id: UUID, engagement_id: UUID | None = None) -> QuerySet[StoredFile]:
    """The newest versions that are there, of a customer or of one engagement."""
    rows = StoredFile.objects.select_related("uploaded_by", "engagement").filter(
        customer_id=customer_id, followed_at=None, deleted_at=None
    )
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_shelf(
    *,
    customer_id: UUID,
    engagement_id: UUID | None = None,
    filters: FileFilters,
    number: int = 1,
) -> Shelf:
    every = get_files(customer_id=customer_id, engagement_id=engagement_id)
    fitting = _narrowed(every, filters)
    count = fitting.count()
    pages = max(-(-count // PAGE_SIZE), 1)
    number = min(max(number, 1), pages)
    page = fitting.order_by(*SORTS[filters.sort])[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Shelf(
        rows=tuple(_rows(page)),
        count=count,
        everything=every.count() if filters.narrow else count,
        kinds=_kinds(every),
        uploaders=_uploaders(every),
        number=number,
        pages=pages,
    )


def get_newest_files(*, customer_id: UUID) -> list[FileRow]:
    """A few of a customer's files, for a page that shows more than files."""
    rows = get_files(customer_id=customer_id).order_by(*SORTS["newest"])
    return [file_row(row) for row in rows[:FEW]]


def get_every_file(
    *, customer_id: UUID, engagement_id: UUID | None = None, filters: FileFilters
) -> list[FileRow]:
    """All that fit, for a spreadsheet."""
    every = get_files(customer_id=customer_id, engagement_id=engagement_id)
    return list(_rows(_narrowed(every, filters).order_by(*SORTS[filters.sort])))


def get_file(*, file: StoredFile) -> FileView:
    versions = StoredFile.objects.select_related("uploaded_by", "engagement").filter(
        series=file.series
    )
    rows = list(_rows(versions.order_by("-version")))
    tied = list(Attachment.objects.filter(file__series=file.series, removed_at=None))
    targets = get_targets(wanted={(row.kind, row.row_id) for row in tied})
    return FileView(
        row=next(row for row in rows if row.id == file.pk),
        versions=tuple(rows),
        attached=tuple(
            (row.pk, targets[row.kind, row.row_id])
            for row in tied
            if (row.kind, row.row_id) in targets
        ),
    )


def get_room() -> Room:
    """Of the workspace in force."""
    space = FileSpace.objects.first()
    return Room(space.used_bytes if space else 0, settings.FILE_SPACE_BYTES)


def get_files_to_take_along() -> list[StoredFile]:
    """Every file of the workspace in force whose bytes may leave, older versions too."""
    rows = StoredFile.objects.filter(deleted_at=None).exclude(stored_as="")
    return list(rows.exclude(scan=StoredFile.Scan.REFUSED).order_by("id"))


def get_waiting_files() -> list[UUID]:
    """Files of the workspace in force that no scanner has looked at yet."""
    rows = StoredFile.objects.filter(scan=StoredFile.Scan.WAITING, deleted_at=None)
    return list(rows.values_list("pk", flat=True))


def _narrowed(rows: QuerySet[StoredFile], filters: FileFilters) -> QuerySet[StoredFile]:
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.seen_by:
        rows = rows.filter(shared=filters.seen_by == "customer")
    return rows.filter(uploaded_by_id=UUID(filters.uploader)) if filters.uploader else rows


def _kinds(rows: QuerySet[StoredFile]) -> tuple[tuple[str, str], ...]:
    there = set(rows.order_by().values_list("kind", flat=True).distinct())
    return tuple((kind.value, str(kind.label)) for kind in StoredFile.Kind if kind.value in there)


def _uploaders(rows: QuerySet[StoredFile]) -> tuple[tuple[str, str], ...]:
    ids = rows.order_by().values_list("uploaded_by_id", flat=True).distinct()
    people = User.objects.filter(pk__in=set(ids))
    return tuple(sorted(((str(person.pk), str(person)) for person in people), key=lambda p: p[1]))


def _rows(files: QuerySet[StoredFile]) -> Iterator[FileRow]:
    listed = list(files)
    counted = dict(
        Attachment.objects.filter(file__in=[row.pk for row in listed], removed_at=None)
        .order_by()
        .values("file_id")
        .annotate(number=Count("id"))
        .values_list("file_id", "number")
    )
    return (file_row(row, counted.get(row.pk, 0)) for row in listed)


def file_row(row: StoredFile, attached: int = 0) -> FileRow:
    kind = StoredFile.Kind(row.kind)
    return FileRow(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        kind_label=str(kind.label),
        icon=ICONS.get(kind, "file-text"),
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        shared=row.shared,
        scan=row.scan,
        scan_label=str(row.get_scan_display()),
        finding=row.finding,
        version=row.version,
        is_newest=row.followed_at is None,
        is_deleted=row.deleted_at is not None,
        uploaded_at=row.uploaded_at,
        uploaded_by_id=row.uploaded_by_id,
        uploaded_by=str(row.uploaded_by or ""),
        engagement_id=row.engagement_id,
        engagement_key=row.engagement.key if row.engagement else "",
        has_thumbnail=row.has_thumbnail,
        attached=attached,
        has_bytes=bool(row.stored_as),
    )
