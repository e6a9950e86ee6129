"""Whose the demo's work packages are, and what is said of them. Invented."""

from datetime import datetime, timedelta
from typing import Any

from adoption import operations
from adoption.models import CheckItem, Plan, WorkPackage
from adoptiq.demo.story import Company
from engagements.models import Engagement, Stakeholder
from people.models import User

# By how the package's name begins: days ago, and the words.
SAID = (
    ("Course", 6, "The night crew can only come in the morning. Can the second session move?"),
    ("Course", 5, "Room 2 is free on both mornings; the invitation is changed."),
    ("Coaching", 2, "Finance asks for the export first. Start with them, please."),
)


def tell_packages(*, company: Company, engagement: Engagement, csm: User, now: datetime) -> None:
    """Owners who are people, a few ticks of the package under way, and a short talk about it."""
    plan = Plan.objects.filter(engagement=engagement).first()
    if plan is None:
        return
    _name_owners(plan, company, csm, now)
    leaves = list(WorkPackage.objects.filter(plan=plan, is_summary=False))
    for begins, days, text in SAID:
        package = next((row for row in leaves if row.name.startswith(begins)), None)
        if package is not None:
            at = now - timedelta(days=days)
            operations.comment_on_package(package=package, text=text, by=csm, now=at)
    under_way = CheckItem.objects.filter(
        package__plan=plan, package__done_percent__gt=0, done_at=None, position=0
    )
    for item in under_way.select_related("package"):
        operations.tick_item(item=item, by=csm, now=now - timedelta(days=1))


def _name_owners(plan: Plan, company: Company, csm: User, now: datetime) -> None:
    lead = Stakeholder.objects.filter(customer=plan.customer_id, name=company.lead).first()
    owners: dict[str, dict[str, Any]] = {"CSM": {"owner_member": csm}}
    if lead is not None:
        owners[company.lead] = {"owner_stakeholder": lead}
    rows = WorkPackage.objects.filter(plan=plan, owner__in=owners)
    named = {row.uid: owners[row.owner] for row in rows}
    if named:
        operations.change_rows(
            plan=plan, fields_of=named, kind="changed_many", words="Owners named", by=csm, now=now
        )
