"""Whom and what the demo's plans need: instructors asked for too much, and rooms."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from adoption import operations
from adoption.models import Plan, WorkPackage
from adoption.scheduling.terms import DayRule
from adoptiq.demo.story import Company
from engagements.models import Engagement

INSTRUCTOR, ROOM = "Ines Moreau, instructor", "Training room, second floor"
# Somebody has to wait here: the instructor is at the desk then, and this step has float.
LATE_COURSE, LATE_IN_DAYS = "Course for those who joined since", 3
# Far enough ahead that nothing of the plan waits for it.
LEAVE_IN_DAYS, LEAVE_DAYS = 75, 11
NEEDS = (
    ("3.2", INSTRUCTOR, "0.5"),
    ("3.3", INSTRUCTOR, "1"),
    ("4.1", INSTRUCTOR, "1"),
    # More rooms than there are: nobody can wait that away.
    ("4.1", ROOM, "2"),
    (LATE_COURSE, INSTRUCTOR, "1"),
    # Courses of several groups at once, where they are still to come.
    ("2.1.1", INSTRUCTOR, "1"),
    ("2.2.1", INSTRUCTOR, "1"),
    ("2.3.1", INSTRUCTOR, "1"),
)


def tell_resources(*, company: Company, engagement: Engagement, now: datetime) -> None:
    """The demo's main customer and those about to train have resources."""
    plan = Plan.objects.filter(engagement=engagement).first()
    is_first = company.key.startswith("HALDEN")
    if plan is None or not (is_first or company.phase == "implement"):
        return
    made = {
        INSTRUCTOR: operations.add_resource(engagement=engagement, fields={"name": INSTRUCTOR}),
        ROOM: operations.add_resource(
            engagement=engagement, fields={"name": ROOM, "kind": "place"}
        ),
    }
    if is_first:
        _add_late_course(plan, engagement, now)
        operations.note_absence(resource=made[INSTRUCTOR], rule=_leave(now.date()), now=now)
    rows = WorkPackage.objects.select_related("plan").filter(plan=plan, is_summary=False)
    packages = {row.outline: row for row in rows} | {row.name: row for row in rows}
    for outline, name, units in NEEDS:
        if outline in packages:
            operations.assign_resource(
                package=packages[outline], resource=made[name], units=Decimal(units), now=now
            )


def _add_late_course(plan: Plan, engagement: Engagement, now: datetime) -> None:
    last = WorkPackage.objects.get(plan=plan, outline="3.4")
    operations.add_package(
        plan=plan,
        name=LATE_COURSE,
        after=last,
        fields={
            "duration": "4d",
            "constraint": "SNET",
            "constraint_at": now.date() + timedelta(days=LATE_IN_DAYS),
            "kind": "training",
            "owner": "Training",
            "deliverable": "Everybody who joined after go-live has done the course",
            "acceptance_test": "The list of who came is complete.",
            "budget": Decimal(2400),
        },
        by=engagement.csm,
        now=now,
    )


def _leave(today: date) -> DayRule:
    first = today + timedelta(days=LEAVE_IN_DAYS)
    return DayRule(first, first + timedelta(days=LEAVE_DAYS), (), "Parental leave")
