"""A baseline, a what-if with something tried on it, and a weekly copy, for the isolation crawl."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from adoption import operations
from adoption.models import Plan, WorkPackage
from engagements.models import Engagement
from people.models import User


def tell_versions(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each says the word. The rows' ids by the part of an address that names them; none without
    a plan."""
    plan = Plan.objects.select_related("engagement__customer", "customer").filter(
        engagement=engagement
    )
    live = plan.first()
    if live is None:
        return {}
    now = datetime.now(UTC)
    baseline = operations.take_baseline(plan=live, name=f"{word} baseline", by=by, now=now)
    what_if = operations.make_what_if(plan=live, name=f"{word} what-if", by=by, now=now)
    first = WorkPackage.objects.filter(plan=what_if, is_summary=False)[0]
    operations.change_package(
        plan=what_if, package=first, fields={"duration": "9d"}, by=by, now=now
    )
    day = now.date() - timedelta(days=8)
    sunday = day - timedelta(days=day.isoweekday() % 7)
    operations.keep_versions(business_date=sunday, now=now)
    return {"baseline_id": baseline.pk, "what_if_id": what_if.pk}
