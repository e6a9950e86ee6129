"""Which plans a night has not come to yet."""

from datetime import date

from django.db.models import Q, QuerySet

from adoption.models import Plan

PLANS_A_PART = 300
# From so many on it is worth a second worker's while.
_WORTH_SHARING = 2 * PLANS_A_PART


def get_parts(*, business_date: date) -> int:
    """How many parts it takes until all plans of the workspace in scope have met a day; none
    where they are so few that one worker is as fast alone."""
    plans = not_met(business_date).count()
    return 0 if plans < _WORTH_SHARING else -(-plans // PLANS_A_PART)


def not_met(business_date: date) -> QuerySet[Plan]:
    """Plans that work goes on with and that no night has placed after this day."""
    left = Q(met_date=None) | Q(met_date__lt=business_date)
    return Plan.objects.filter(left, engagement__archived_at=None).order_by("pk")
