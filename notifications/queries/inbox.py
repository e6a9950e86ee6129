"""Reads of what a person was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from notifications.models import Delivery, Notification
from notifications.queries.kinds import KINDS, UNKNOWN_KIND, name_of_kind
from people.queries import get_customer_names

PAGE_SIZE = 30
# By customer there are no pages, so there is an end.
MOST_GROUPED = 200
OPEN, SNOOZED, DONE = TABS = ("open", "snoozed", "done")


@dataclass(frozen=True, slots=True)
class Looked:
    """At what of their inbox somebody looks. `before` continues below the one of that id."""

    tab: str = OPEN
    unread_only: bool = False
    kind: str = ""
    by_customer: bool = False
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One notification as its reader sees it. `mail_id` names the mail about it, once sent."""

    id: UUID
    kind: str
    kind_label: str
    icon: str
    text: str
    url: str
    customer_id: UUID | None
    customer: str
    created_at: datetime
    read_at: datetime | None
    snoozed_until: datetime | None
    done_at: datetime | None
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KindCount:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """The notifications about one customer; `name` is empty for what is about none."""

    name: str
    rows: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of what somebody was told, newest first, and the counts to choose by.

    `chapters` hold the same rows: one chapter, or one a customer.
    """

    rows: tuple[Told, ...]
    chapters: tuple[Chapter, ...]
    unread: int
    counts: dict[str, int]
    kinds: tuple[KindCount, ...]
    # Where the next older page begins; None on the last.
    older: UUID | None
    left_out: int = 0

    @property
    def everything(self) -> int:
        return sum(self.counts.values())


def is_open(now: datetime) -> Q:
    """Neither done nor put off until later."""
    return Q(done_at=None) & (Q(snoozed_until=None) | Q(snoozed_until__lte=now))


def in_tab(tab: str, now: datetime) -> Q:
    if tab == DONE:
        return Q(done_at__isnull=False)
    return Q(done_at=None, snoozed_until__gt=now) if tab == SNOOZED else is_open(now)


def unread_by(*, user_id: UUID, now: datetime) -> QuerySet[Notification]:
    """What somebody was told of and has not read."""
    return Notification.objects.filter(is_open(now), user_id=user_id, read_at=None)


def get_unread_count(*, user_id: UUID, now: datetime) -> int:
    return unread_by(user_id=user_id, now=now).count()


def get_inbox(*, user_id: UUID, looked: Looked, now: datetime) -> Inbox:
    """Somebody's notifications as they look at them."""
    own = Notification.objects.filter(user_id=user_id)
    counted = _counted(own, now)
    size = MOST_GROUPED if looked.by_customer else PAGE_SIZE
    found = list(_narrowed(own, looked, now)[: size + 1])
    rows = _told(found[:size])
    more = len(found) > size
    return Inbox(
        rows=rows,
        chapters=_chapters(rows) if looked.by_customer else (Chapter("", rows),),
        unread=sum(row[OPEN] - row["read"] for row in counted),
        counts={tab: sum(row[tab] for row in counted) for tab in TABS},
        kinds=_kinds(counted, looked),
        older=rows[-1].id if more and not looked.by_customer else None,
        left_out=size if more and looked.by_customer else 0,
    )


def _counted(own: QuerySet[Notification], now: datetime) -> list[Any]:
    """By kind: how many are in each tab, and how many of the open ones were read."""
    tabs = {tab: Count("id", filter=in_tab(tab, now)) for tab in TABS}
    read = Count("id", filter=is_open(now) & Q(read_at__isnull=False))
    return list(own.order_by().values("kind").annotate(**tabs, read=read))


def get_everything_told(*, user_id: UUID, looked: Looked, now: datetime) -> tuple[Told, ...]:
    """All of them, for a spreadsheet."""
    own = Notification.objects.filter(user_id=user_id)
    return _told(_narrowed(own, looked, now))


def _narrowed(own: QuerySet[Notification], looked: Looked, now: datetime) -> QuerySet[Notification]:
    rows = own.filter(in_tab(looked.tab, now)).annotate(at=_place(looked.tab))
    if looked.unread_only and looked.tab == OPEN:
        rows = rows.filter(read_at=None)
    if looked.kind:
        rows = rows.filter(_of_kind(looked.kind))
    last = looked.before and own.annotate(at=_place(looked.tab)).filter(pk=looked.before).first()
    if last:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return rows.order_by("-at", "-pk")


def _place(tab: str) -> Coalesce | F:
    """What the rows of a tab are ordered by: what came back from a snooze is new again."""
    return F("done_at") if tab == DONE else Coalesce("snoozed_until", "created_at")


def _of_kind(kind: str) -> Q:
    return ~Q(kind__in=list(KINDS)) if kind == "other" else Q(kind=kind)


def _kinds(counted: list[Any], looked: Looked) -> tuple[KindCount, ...]:
    """Those with something in the tab; kinds nobody named count together."""
    sums: dict[str, int] = {}
    for row in counted:
        kind = str(row["kind"]) if str(row["kind"]) in KINDS else "other"
        count = row[looked.tab] - (row["read"] if looked.unread_only else 0)
        sums[kind] = sums.get(kind, 0) + count
    shown = [
        KindCount(kind, str(KINDS.get(kind, UNKNOWN_KIND)[0]), count)
        for kind, count in sums.items()
        if count or kind == looked.kind
    ]
    return tuple(sorted(shown, key=lambda kind: kind.label.casefold()))


def _chapters(rows: tuple[Told, ...]) -> tuple[Chapter, ...]:
    by_name: dict[str, list[Told]] = {}
    for row in rows:
        by_name.setdefault(row.customer, []).append(row)
    order = sorted(by_name, key=lambda name: (not name, name.casefold()))
    return tuple(Chapter(name, tuple(by_name[name])) for name in order)


def _told(found: Iterable[Notification]) -> tuple[Told, ...]:
    rows = list(found)
    names = get_customer_names() if any(row.customer_id for row in rows) else {}
    mails = _mails(rows)
    return tuple(_as_told(row, names, mails.get(row.pk)) for row in rows)


def _mails(rows: list[Notification]) -> dict[UUID | None, UUID]:
    sent = Delivery.objects.filter(
        state=Delivery.State.SENT, notification_id__in=[row.pk for row in rows]
    )
    return dict(sent.values_list("notification_id", "pk"))


def _as_told(row: Notification, names: dict[UUID, str], mail_id: UUID | None) -> Told:
    label, icon = name_of_kind(row.kind)
    return Told(
        id=row.pk,
        kind=row.kind,
        kind_label=label,
        icon=icon,
        text=row.words,
        url=row.url,
        customer_id=row.customer_id,
        customer=names.get(row.customer_id, "") if row.customer_id else "",
        created_at=row.created_at,
        read_at=row.read_at,
        snoozed_until=row.snoozed_until,
        done_at=row.done_at,
        mail_id=mail_id,
    )
