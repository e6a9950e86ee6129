"""Changes to files: kept, shared, followed by a new version, deleted and brought back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.adapters.file_kinds import FileKind
from engagements.models import Customer, Engagement, FileSpace, StoredFile, TimelineEntry
from engagements.operations.file_bytes import delete_bytes, store_bytes, sweep_bytes
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit
from tenancy.models import new_id

# How long a deleted file, and the bytes of a refused one, can still be had back.
TAKE_BACK = timedelta(days=7)


class NoSpace(ValueError):
    """The files of the workspace would take more room than it has."""


class SameFile(ValueError):
    """The same bytes are kept there already, as `same`."""

    def __init__(self, same: StoredFile) -> None:
        super().__init__(same.name)
        self.same = same


class Followed(ValueError):
    """There is a newer version already; the next one follows that."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and may be kept; `source` gives its bytes from the beginning."""

    source: Any
    name: str
    kind: FileKind
    size_bytes: int
    sha256: str


@transaction.atomic
def keep_file(
    *,
    customer: Customer,
    engagement: Engagement | None,
    upload: Upload,
    shared: bool,
    by: User | None,
    now: datetime,
    follows: StoredFile | None = None,
) -> StoredFile:
    """A new file, or with `follows` the next version of one.

    Raises NoSpace, SameFile (only for the same engagement or customer page), Followed.
    """
    if follows is not None and follows.followed_at is not None:
        raise Followed
    _refuse_same(customer, engagement, upload.sha256)
    _take_room(upload.size_bytes)
    row = _row(upload, customer, engagement, shared, by, now)
    if follows is not None:
        _follow(row, follows, now)
    row.stored_as = store_bytes(upload.source)
    row.save()
    _tell_timeline(row, by, now)
    facts = {"size_bytes": row.size_bytes, "sha256": row.sha256, "shared": shared}
    _record("file.added" if follows is None else "file.version_added", row, **facts)
    return row


def _row(
    upload: Upload,
    customer: Customer,
    engagement: Engagement | None,
    shared: bool,
    by: User | None,
    now: datetime,
) -> StoredFile:
    scan = StoredFile.Scan.WAITING if settings.FILE_SCANNER else StoredFile.Scan.UNSCANNED
    return StoredFile(
        customer=customer,
        engagement=engagement,
        name=upload.name,
        kind=upload.kind.kind,
        content_type=upload.kind.content_type,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        shared=shared,
        series=new_id(),
        scan=scan,
        uploaded_by=by,
        uploaded_at=now,
    )


def _refuse_same(customer: Customer, engagement: Engagement | None, sha256: str) -> None:
    same = StoredFile.objects.filter(
        customer=customer, engagement=engagement, sha256=sha256, deleted_at=None
    ).first()
    if same is not None:
        raise SameFile(same)


def _take_room(size_bytes: int) -> None:
    FileSpace.objects.get_or_create()
    # Whoever brings a file waits in line, so that the limit holds.
    space = FileSpace.objects.select_for_update().get()
    if space.used_bytes + size_bytes > settings.FILE_SPACE_BYTES:
        raise NoSpace
    space.used_bytes += size_bytes
    space.save(update_fields=["used_bytes"])


def _follow(row: StoredFile, before: StoredFile, now: datetime) -> None:
    row.series, row.version = before.series, before.version + 1
    before.followed_at = now
    before.save(update_fields=["followed_at"])


def _tell_timeline(row: StoredFile, by: User | None, now: datetime) -> None:
    if row.engagement is None:
        return
    words = (
        _("“%(name)s” was added to the files.")
        if row.version == 1
        else _("“%(name)s” is there in a new version.")
    )
    put_on_timeline(
        engagement=row.engagement,
        kind="file.added",
        text=words % {"name": row.name},
        url=inside("engagements:file", row.pk),
        by=by,
        at=now,
        shared=row.shared,
        key=_timeline_key(row),
    )


def _timeline_key(row: StoredFile) -> str:
    return f"file.added:{row.pk}"


@transaction.atomic
def share_file(*, file: StoredFile, shared: bool) -> None:
    """Show one version of a file to the customer's side, or to staff alone."""
    if file.shared == shared:
        return
    file.shared = shared
    file.save(update_fields=["shared"])
    # Its name stands there, too.
    TimelineEntry.objects.filter(key=_timeline_key(file)).update(shared=shared)
    _record("file.shared" if shared else "file.kept_to_staff", file)


@transaction.atomic
def delete_file(*, file: StoredFile, now: datetime) -> None:
    """Take every version of a file away; for seven days it can be brought back."""
    StoredFile.objects.filter(series=file.series, deleted_at=None).update(deleted_at=now)
    file.deleted_at = now
    _record("file.deleted", file, sha256=file.sha256)


@transaction.atomic
def restore_file(*, file: StoredFile) -> None:
    if file.deleted_at is None:
        return
    StoredFile.objects.filter(series=file.series, deleted_at=file.deleted_at).update(
        deleted_at=None
    )
    file.deleted_at = None
    _record("file.restored", file)


@transaction.atomic
def purge_files(*, now: datetime) -> int:
    """Give up, in the workspace in force, what can no longer be had back. Returns how many files.

    Bytes first: what breaks off here is done by the next night. A refused file stays on the list
    without its bytes.
    """
    over = StoredFile.objects.filter(deleted_at__lte=now - TAKE_BACK)
    series = list(over.filter(followed_at=None).values_list("series", flat=True))
    gone = list(StoredFile.objects.filter(Q(series__in=series) | Q(pk__in=over)))
    refused = StoredFile.objects.filter(
        scan=StoredFile.Scan.REFUSED, scanned_at__lte=now - TAKE_BACK
    )
    for row in (*gone, *refused.exclude(stored_as="")):
        delete_bytes(row.stored_as)
    refused.update(stored_as="")
    for row in gone:
        row.delete()
    sweep_bytes(now=now)
    _count_room()
    return len(gone)


def _count_room() -> None:
    """By what there is; a file brought meanwhile waits for this."""
    space = FileSpace.objects.select_for_update().first()
    if space is not None:
        sizes = StoredFile.objects.exclude(stored_as="").values_list("size_bytes", flat=True)
        space.used_bytes = sum(sizes)
        space.save(update_fields=["used_bytes"])


def _record(action: str, row: StoredFile, **facts: Any) -> None:
    audit.record(action=action, subject=row, facts=facts, about_customer_id=row.customer_id)
