"""Groups that have access and use nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from engagements.models import RosterEntry
from usage.models import UserDay

QUIET_DAYS = 28
# Fewer people than this are on holiday together.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class QuietGroup:
    """A group of which nobody was active for a while; `people` had access all that time."""

    engagement_id: UUID
    group_id: UUID
    name: str
    people: int


def get_quiet_groups(*, as_of: date) -> tuple[QuietGroup, ...]:
    """Of the workspace's running engagements, after the close of the day `as_of`."""
    first = as_of - timedelta(days=QUIET_DAYS - 1)
    placed = RosterEntry.objects.filter(
        impact_group__isnull=False,
        access_since__lt=first,
        engagement__archived_at=None,
        customer__archived_at=None,
    )
    days = UserDay.objects.filter(end_user_id=OuterRef("end_user_id"), day__range=(first, as_of))
    used = set(placed.filter(Exists(days)).values_list("impact_group_id", flat=True))
    counted = placed.order_by().values_list(
        "engagement_id", "impact_group_id", "impact_group__name"
    )
    return tuple(
        QuietGroup(engagement_id, group_id, name, people)
        for engagement_id, group_id, name, people in counted.annotate(Count("id"))
        if people >= FEWEST and group_id not in used
    )
