"""What a calendar program reads of a plan, and whose address it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from adoption.adapters.ical import Entry
from adoption.models import Plan, PlanFeed, WorkPackage
from people.models import User
from tenancy.keys import fits, split_key
from tenancy.models import Membership
from tenancy.scope import tenant_scope

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_IDS_LENGTH = 64


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Whose address it is: what the person may see, the engagement, and whether with their own."""

    membership: Membership
    engagement_id: UUID
    with_own_packages: bool


@dataclass(frozen=True, slots=True)
class FeedView:
    """The plan's days. `sequence` grows whenever the schedule is computed."""

    name: str
    changed_at: datetime
    sequence: int
    entries: tuple[Entry, ...]


def get_plan_feed(*, engagement_id: UUID, user_id: UUID) -> PlanFeed | None:
    return PlanFeed.objects.filter(engagement_id=engagement_id, user_id=user_id).first()


def get_feed_key(*, text: str) -> FeedKey | None:
    """Whose address this is; None when it opens nothing (any more). Needs no scope, opens one."""
    parts = split_key(text, "feed")
    if parts is None or len(parts[0]) != _IDS_LENGTH:
        return None
    try:
        tenant_id, feed_id = UUID(parts[0][:32]), UUID(parts[0][32:])
    except ValueError:
        return None
    with tenant_scope(tenant_id):
        feed = PlanFeed.objects.filter(pk=feed_id).first()
    if feed is None or not fits(parts[1], feed.secret_hash):
        return None
    places = Membership.objects.select_related("tenant", "user")
    membership = places.filter(
        tenant_id=tenant_id,
        user_id=feed.user_id,
        user__is_active=True,
        tenant__delete_after=None,
    ).first()
    if membership is None:
        return None
    return FeedKey(membership, feed.engagement_id, feed.with_own_packages)


def get_feed(*, engagement_id: UUID, user: User | None, address: str) -> FeedView | None:
    """Milestones and deadlines of a plan, and the work of one person where they are named.

    `address` is the plan's page. None without a plan.
    """
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    rows = WorkPackage.objects.filter(plan=plan).order_by("position")
    marks = rows.filter(Q(is_summary=False, duration=0) | Q(deadline_at__isnull=False))
    entries = [entry for row in marks for entry in _marks(row, address)]
    if user is not None:
        entries += [_work(row, address) for row in _own(rows, user)]
    return FeedView(
        name=plan.name,
        changed_at=plan.scheduled_at,
        sequence=int((plan.scheduled_at - _BEGINNING).total_seconds()),
        entries=tuple(entries),
    )


def _own(rows: QuerySet[WorkPackage], user: User) -> QuerySet[WorkPackage]:
    theirs = Q(owner_member=user) | Q(owner_stakeholder__email__iexact=user.email)
    return rows.filter(theirs, is_summary=False, duration__gt=0)


def _marks(row: WorkPackage, address: str) -> Iterator[Entry]:
    if row.duration == 0 and not row.is_summary:
        yield _entry(row, "m", row.start.date(), row.start.date(), row.name, address)
    if row.deadline_at is not None:
        day = _last_day(row.deadline_at)
        yield _entry(row, "d", day, day, _("Deadline: %(name)s") % {"name": row.name}, address)


def _work(row: WorkPackage, address: str) -> Entry:
    first = row.start.date()
    return _entry(row, "w", first, max(first, _last_day(row.finish)), row.name, address)


def _entry(row: WorkPackage, kind: str, first: date, last: date, words: str, address: str) -> Entry:
    if row.done_percent >= 100:
        words = _("%(name)s (done)") % {"name": words}
    return Entry(
        uid=f"{kind}-{row.pk}@adoptiq",
        first=first,
        last=last,
        words=words,
        details="\n".join(filter(None, (row.outline, row.deliverable))),
        address=address,
    )


def _last_day(moment: datetime) -> date:
    """The day whose end a moment is: midnight ends the day before."""
    return (moment - timedelta(minutes=1)).date()
