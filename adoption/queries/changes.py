"""Reads of a plan's changes."""

from adoption.models import Plan, PlanChange
from people.models import User


def get_last_change(*, plan: Plan, by: User | None) -> PlanChange | None:
    """The last thing somebody did to a plan that still stands: what undo takes back."""
    if by is None:
        return None
    rows = PlanChange.objects.filter(plan=plan, by=by, undone_at=None)
    return rows.exclude(kind__in=("undone", "replaced", "begun")).first()
