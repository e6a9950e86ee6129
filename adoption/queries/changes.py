"""Reads of a plan's changes."""

from uuid import UUID

from adoption.models import PlanChange
from people.models import User


def get_last_change(
    *, engagement_id: UUID, what_if_id: UUID | None = None, by: User | None
) -> PlanChange | None:
    """The last thing somebody did to an engagement's plan, or to a copy of it, that still stands:
    what undo takes back. With what a page says of its plan."""
    if by is None:
        return None
    rows = PlanChange.objects.filter(by=by, undone_at=None, plan__engagement=engagement_id)
    rows = rows.exclude(kind__in=("undone", "replaced", "begun"))
    asked = {"plan": what_if_id} if what_if_id else {"plan__what_if_of": None}
    rows = rows.filter(plan__dropped_at=None, **asked)
    return rows.select_related("plan__engagement__customer", "plan__engagement__csm").first()
