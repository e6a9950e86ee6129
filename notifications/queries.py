"""Reads of what a person was told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Notification

PAGE_SIZE = 30
# What each kind is called as a filter, and the icon beside it.
KINDS: dict[str, tuple[Promise | str, str]] = {
    "job.parked": (_("Jobs given up"), "alert-octagon"),
    "import.finished": (_("Files read"), "database-import"),
    "import.failed": (_("Files not read"), "alert-triangle"),
    "plan.late": (_("Plans running late"), "calendar-event"),
    "invitation.accepted": (_("Invitations accepted"), "user-plus"),
    "export.ready": (_("Exports"), "download"),
    "demo.ready": (_("The demo"), "player-play"),
}
UNKNOWN_KIND = (_("Other"), "info-circle")


@dataclass(frozen=True, slots=True)
class Told:
    """One notification as its reader sees it."""

    id: UUID
    kind: str
    kind_label: str
    icon: str
    text: str
    url: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class KindCount:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of what somebody was told, newest first, and the counts to filter by."""

    rows: tuple[Told, ...]
    unread: int
    everything: int
    kinds: tuple[KindCount, ...]
    # Where the next older page begins; None on the last.
    older: UUID | None


def get_unread_count(*, user_id: UUID) -> int:
    return Notification.objects.filter(user_id=user_id, read_at=None).count()


def get_inbox(
    *, user_id: UUID, unread_only: bool, kind: str = "", before: UUID | None = None
) -> Inbox:
    """Somebody's notifications; `before` continues below the one of that id."""
    own = Notification.objects.filter(user_id=user_id)
    counted = {
        name: (everything, everything - read)
        for name, everything, read in own.order_by()
        .values("kind")
        .annotate(everything=Count("id"), read=Count("read_at"))
        .values_list("kind", "everything", "read")
    }
    found = list(_narrowed(own, unread_only, kind, before)[: PAGE_SIZE + 1])
    rows = tuple(map(_told, found[:PAGE_SIZE]))
    return Inbox(
        rows=rows,
        unread=sum(unread for _everything, unread in counted.values()),
        everything=sum(everything for everything, _unread in counted.values()),
        kinds=_kinds(counted, unread_only),
        older=rows[-1].id if len(found) > PAGE_SIZE else None,
    )


def get_everything_told(*, user_id: UUID, unread_only: bool, kind: str = "") -> list[Told]:
    """All of them, for a spreadsheet."""
    own = Notification.objects.filter(user_id=user_id)
    return [_told(row) for row in _narrowed(own, unread_only, kind)]


def _narrowed(
    rows: QuerySet[Notification], unread_only: bool, kind: str, before: UUID | None = None
) -> QuerySet[Notification]:
    if unread_only:
        rows = rows.filter(read_at=None)
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(pk__lt=before)
    return rows.order_by("-pk")


def _kinds(counted: dict[str, tuple[int, int]], unread_only: bool) -> tuple[KindCount, ...]:
    shown = [
        KindCount(kind, str(KINDS.get(kind, UNKNOWN_KIND)[0]), unread if unread_only else every)
        for kind, (every, unread) in counted.items()
    ]
    return tuple(sorted((kind for kind in shown if kind.count), key=lambda kind: kind.label))


def _told(row: Notification) -> Told:
    label, icon = KINDS.get(row.kind, UNKNOWN_KIND)
    return Told(
        id=row.pk,
        kind=row.kind,
        kind_label=str(label),
        icon=icon,
        text=row.text,
        url=row.url,
        created_at=row.created_at,
        read_at=row.read_at,
    )
