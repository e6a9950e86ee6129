"""What the demo's main customer learnt, and what stands in the way of its groups. Invented."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from adoption import operations
from adoption.models import Plan, WorkPackage
from adoption.operations import NewScore
from adoptiq.demo.activity import user_id
from adoptiq.demo.story import Company, Group
from engagements.models import EndUser, Engagement, ImpactGroup, Stakeholder
from people.models import User

TOLD_OF = "halden-energy"
TEST = "Work orders, final task"
# Means before and after training, and the half width of the people's scores around each.
MEANS = {
    "Operations": (57, 76, 20),
    "Planning": (54, 88, 11),
    "Service desk": (65, 89, 10),
    "Finance": (16, 56, 14),
}
# Seen at work, a whole group at a time.
SEEN = {"Operations": (48, 71), "Planning": (52, 69), "Service desk": (61, 82)}
# The part of all that was spent that went into one group.
PAID = {"Finance": Decimal("0.08")}
# Of each group, people who were ill or joined later: they have the first test only.
UNTESTED = 2
COO, LEAD, CSM = "Ragna Holt", "lead", "csm"
# kind, effect, groups, days since, severity, owner, days until due, what removed it
BARRIERS = (
    ("access", "The export asks for a right that the role of accountants does not have", ("Finance",), 52, 5, COO, -3, ""),
    ("no_time", "Month end leaves nobody an hour for the second course", ("Finance",), 47, 4, LEAD, 12, ""),
    ("rewards", "Planners are measured by orders closed on paper", ("Planning", "Finance"), 30, 3, COO, 20, ""),
    ("fault", "Tablets lose what was typed where there is no signal", ("Operations",), 61, 3, CSM, 15, ""),
    ("process", "Nobody said who answers requests on Saturdays", ("Service desk",), 75, 2, LEAD, None, "The rota names one person for each Saturday"),
)  # fmt: skip


def tell_learning(*, company: Company, engagement: Engagement, csm: User, now: datetime) -> None:
    """Two tests of four groups, one of which fails; barriers, and what was paid for each group."""
    if company.external_id != TOLD_OF:
        return
    rows = ImpactGroup.objects.filter(engagement=engagement)
    groups = {group.name: group for group in rows}
    _pay(engagement, groups, csm, now)
    _see(engagement, groups, csm, now)
    # Last, since the page begins with the newest test.
    _test(company, engagement, groups, csm, now)
    _name_barriers(engagement, groups, csm, now.date())


def _pay(engagement: Engagement, groups: dict[str, ImpactGroup], csm: User, now: datetime) -> None:
    """The packages for one group cost so little that they are that part of all that was spent."""
    for name, share in PAID.items():
        plan = Plan.objects.get(engagement=engagement)
        rows = WorkPackage.objects.filter(plan=plan, is_summary=False)
        of_group = list(rows.filter(impact_group=groups[name], cost__gt=0))
        others = rows.exclude(pk__in=[row.pk for row in of_group]).aggregate(paid=Sum("cost"))
        cost = others["paid"] * share / (1 - share) / len(of_group)
        for row in of_group:
            fields = {"cost": cost.quantize(Decimal("0.01"))}
            plan.refresh_from_db()
            operations.change_package(plan=plan, package=row, fields=fields, by=csm, now=now)


def _test(
    company: Company,
    engagement: Engagement,
    groups: dict[str, ImpactGroup],
    csm: User,
    now: datetime,
) -> None:
    test = operations.add_assessment(
        engagement=engagement,
        fields={"name": TEST, "kind": "knowledge", "package_uid": _uid(engagement, "3.2")},
    )
    people = {one.external_id: one for one in EndUser.objects.filter(customer=engagement.customer)}
    go_live = now.date() + timedelta(days=company.go_live or 0)
    operations.record_scores(
        assessment=test,
        items=[
            item
            for group in company.groups
            for item in _scores(company, group, groups[group.name], people, go_live)
        ],
        by=csm,
        now=now,
        today=now.date(),
    )


def _scores(
    company: Company,
    group: Group,
    row: ImpactGroup,
    people: dict[str, EndUser],
    go_live: date,
) -> Iterator[NewScore]:
    """Scores spread evenly around the means, so that those of the matched people are exact."""
    before, after, width = MEANS[group.name]
    matched = group.people - UNTESTED
    days = {"before": go_live - timedelta(days=16), "after": go_live + timedelta(days=9)}
    for number in range(group.people):
        person = people[user_id(company, group, number)]
        part = 2 * (number * 13 % matched) / (matched - 1) - 1
        said = {"before": before + part * width, "after": after + part * width}
        for stage in said if number < matched else ("before",):
            yield NewScore(
                stage=stage,
                score=Decimal(round(min(100, max(0, said[stage])))),
                day=days[stage],
                end_user=person,
                group=row,
            )


def _see(engagement: Engagement, groups: dict[str, ImpactGroup], csm: User, now: datetime) -> None:
    test = operations.add_assessment(
        engagement=engagement,
        fields={"name": "A shift at work, seen by a coach", "kind": "observation", "minimum": 60},
    )
    today = now.date()
    days = (today - timedelta(days=60), today - timedelta(days=20))
    items = [
        NewScore(stage=stage, score=Decimal(score), day=day, group=groups[name], people=12)
        for name, scores in SEEN.items()
        for stage, score, day in zip(("before", "after"), scores, days, strict=True)
    ]
    operations.record_scores(assessment=test, items=items, by=csm, now=now, today=today)


def _name_barriers(
    engagement: Engagement, groups: dict[str, ImpactGroup], csm: User, today: date
) -> None:
    theirs = Stakeholder.objects.filter(customer=engagement.customer)
    for kind, effect, stopped, days, severity, owner, due, how in BARRIERS:
        at_customer = None
        if owner != CSM:
            at_customer = engagement.lead if owner == LEAD else theirs.get(name=owner)
        row = operations.note_barrier(
            engagement=engagement,
            groups=[groups[name] for name in stopped],
            fields={
                "kind": kind,
                "effect": effect,
                "since_date": today - timedelta(days=days),
                "severity": severity,
                "owner": csm if owner == CSM else None,
                "owner_at_customer": at_customer,
                "due_date": None if due is None else today + timedelta(days=due),
                "state": "worked_on" if owner == LEAD else "open",
                "package_uid": _uid(engagement, "3.3") if kind == "no_time" else "",
            },
            by=csm,
        )
        if how:
            day = today - timedelta(days=18)
            operations.remove_barrier(barrier=row, day=day, how=how, by=csm)


def _uid(engagement: Engagement, outline: str) -> str:
    rows = WorkPackage.objects.filter(
        plan__engagement=engagement, plan__what_if_of=None, outline=outline
    )
    return rows.values_list("uid", flat=True).first() or ""
