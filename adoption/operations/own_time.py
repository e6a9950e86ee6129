"""Plans follow the calendars of what they need: kept beside the plan, so that whatever schedules
it (an edit, the night, a copy) finds them without asking for its resources."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adoption.models import Assignment, Plan, Resource, WorkPackage
from adoption.operations.rescheduling import reschedule
from adoption.queries.own_time import NeverTogether, OwnTimes, get_own_times
from adoption.scheduling import NoWorkingTime, OutOfReach


def follow_resources(plans: Iterable[Plan], *, now: datetime) -> None:
    """Give each plan the calendars of its resources as they are now, and schedule it anew.

    Raises ValidationError when a package would never find all it needs at one time.
    """
    for plan in plans:
        try:
            found = get_own_times(plan=plan)
            if _keep(plan, found):
                reschedule([plan], now=now)
        except NeverTogether as error:
            names = _(" and ").join(error.names)
            raise ValidationError(
                _("%(names)s are never there together.") % {"names": names}
            ) from None
        except (NoWorkingTime, OutOfReach):
            raise ValidationError(
                _("The plan and those it needs would have too little time in common.")
            ) from None


def plans_that_need(resource: Resource) -> list[Plan]:
    """Plans with work for a resource, held until the change is over."""
    ids = Assignment.objects.filter(resource=resource).values("package__plan_id")
    rows = Plan._base_manager.select_related("customer").filter(pk__in=ids)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _keep(plan: Plan, found: OwnTimes) -> bool:
    """Store what changed; whether anything did."""
    rows = WorkPackage.objects.filter(plan=plan).exclude(calendar_key="")
    before = dict(rows.values_list("pk", "calendar_key"))
    kept = {package: before.pop(package) for package in found.hidden & before.keys()}
    calendars = {key: plan.calendars[key] for key in kept.values()} | dict(found.calendars)
    if before == found.keys and plan.calendars == calendars:
        return False
    by_key: dict[str, list[UUID]] = defaultdict(list)
    for package in before.keys() | found.keys.keys():
        key = found.keys.get(package, "")
        if before.get(package, "") != key:
            by_key[key].append(package)
    for key, packages in by_key.items():
        WorkPackage.objects.filter(pk__in=packages).update(calendar_key=key)
    plan.calendars = calendars
    plan.save(update_fields=["calendars"])
    return True
