"""A plan's rows with what stands beside them: ids by the part of an address."""

from datetime import UTC, date, datetime
from uuid import UUID

from adoption import operations
from adoption.models import Dependency, Plan, PlanChange, WorkPackage
from engagements.models import Engagement
from people.models import User

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_plan(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """The last package of the engagement's plan, which is begun where there is none."""
    if not Plan.objects.filter(engagement=engagement).exists():
        operations.make_plan(
            engagement=engagement,
            name=f"{word} plan",
            start=date(2026, 11, 23),
            text=f"{word} first; 5d\n{word} second; 5d",
            by=by,
            now=NOW,
        )
    plan = Plan.objects.get(engagement=engagement)
    package = WorkPackage.objects.filter(plan=plan).latest("position")
    fields = {"deliverable": f"{word} handbook", "kind": "training", "owner_member": by}
    operations.change_package(plan=plan, package=package, fields=fields, by=by, now=NOW)
    item = operations.add_check_item(package=package, text=f"{word} room", by=by, now=NOW)
    comment = operations.comment_on_package(package=package, text=f"{word} comment", by=by, now=NOW)
    return {
        "package_id": package.pk,
        "dependency_id": Dependency.objects.filter(after=package).latest("pk").pk,
        "plan_change_id": PlanChange.objects.filter(plan=plan).latest("version").pk,
        "item_id": item.pk,
        "comment_id": comment.pk,
    }
