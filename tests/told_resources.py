"""A resource that is away, with work that needs it, for the isolation crawl."""

from datetime import UTC, date, datetime
from uuid import UUID

from adoption import operations
from adoption.models import WorkPackage
from adoption.scheduling.terms import DayRule
from engagements.models import Engagement
from engagements.operations import name_stakeholder

AWAY = DayRule(date(2027, 3, 1), date(2027, 3, 5))


def tell_resources(engagement: Engagement, *, word: str) -> dict[str, UUID]:
    """Each says the word. The rows' ids by the part of an address that names them; no assignment
    without a plan."""
    now = datetime.now(UTC)
    # The one of the customer's members, who reads what they are needed for.
    person = name_stakeholder(
        customer=engagement.customer, name=f"{word} member", email="member@example.org"
    )
    resource = operations.add_resource(
        engagement=engagement, fields={"name": f"{word} instructor", "stakeholder": person}
    )
    rule = DayRule(AWAY.first, AWAY.last, (), f"{word} leave")
    operations.note_absence(resource=resource, rule=rule, now=now)
    rows = WorkPackage.objects.select_related("plan").filter(
        plan__engagement=engagement, plan__what_if_of=None, is_summary=False
    )
    package = rows.first()
    if package is None:
        return {"resource_id": resource.pk}
    row = operations.assign_resource(package=package, resource=resource, now=now)
    return {"resource_id": resource.pk, "assignment_id": row.pk}
