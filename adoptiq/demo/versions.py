"""The demo's versions of plans: the agreed baseline, last week's copy, and one thing to try."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from adoption import operations
from adoption.comparison import Version
from adoption.models import Baseline, Plan, WorkPackage
from adoption.operations.versions.baselines import frozen
from adoption.queries import get_version
from adoptiq.demo.story import Company
from engagements.models import Engagement
from people.models import User
from tenancy.audit import summed_up

# The company with everything has a what-if besides its baseline.
TRIES = "HALDEN-1"
AGREED_AGO = timedelta(days=60)
# So many days less than it lags now did the plan lag when it was agreed.
AGREED_LAG = timedelta(days=13)
# The share of its time that the longest open critical step was thought, or is tried, to take.
THOUGHT, A_WEEK_AGO, TRIED = 0.6, 0.8, 0.5


def tell_versions(*, company: Company, engagement: Engagement, by: User, now: datetime) -> None:
    """For an engagement with a plan, as it stands by now; the plan itself stays as it is."""
    found = Plan.objects.select_related("engagement__customer", "customer")
    plan = found.filter(engagement=engagement).first()
    if plan is None:
        return
    _keep(plan, _as_it_was(plan, THOUGHT, by, now - AGREED_LAG), by, now - AGREED_AGO)
    today = now.astimezone(plan.customer.zone).date()
    sunday = now - _to_sunday(today.isoweekday())
    _keep(plan, _as_it_was(plan, A_WEEK_AGO, by, sunday), None, sunday)
    if company.key == TRIES:
        _try(plan, by, now)


def _to_sunday(weekday: int) -> timedelta:
    """Back to the Sunday before the last one."""
    return timedelta(days=7 + weekday % 7)


def _keep(plan: Plan, version: Version, by: User | None, at: datetime) -> None:
    """A baseline taken by somebody, or by nobody the copy of a week."""
    kind = Baseline.Kind.HAND if by else Baseline.Kind.WEEK
    name = "Agreed with the sponsor" if by else ""
    day = at.astimezone(plan.customer.zone).date()
    row = frozen(plan, version, kind=kind, name=name, day=day, now=at)
    row.taken_by, row.chosen = by, by is not None
    row.save(force_insert=True)


def _as_it_was(plan: Plan, share: float, by: User, at: datetime) -> Version:
    """The plan with its longest open critical step as short as it was thought to be."""
    with summed_up():
        copy = operations.make_what_if(plan=plan, name="as it was", by=by, now=at)
        _change(copy, _shorter(copy, share), "Shorter", by, at)
    version = get_version(plan=copy)
    copy.delete()
    return version


def _try(plan: Plan, by: User, now: datetime) -> None:
    name = "Half the time for the evidence report"
    copy = operations.make_what_if(plan=plan, name=name, by=by, now=now)
    _change(
        copy, _shorter(copy, TRIED, done_percent=0), "Evidence report in half the time", by, now
    )


def _shorter(plan: Plan, share: float, **which: float) -> dict[str, Mapping[str, str]]:
    """The longest open critical step of these, with its duration cut to a share."""
    steps = WorkPackage.objects.filter(
        plan=plan, is_summary=False, critical=True, done_percent__lt=100, duration__gt=480, **which
    )
    return {
        row.uid: {"duration": f"{max(1, round(row.duration * share / 480))}d"}
        for row in steps.order_by("-duration", "position")[:1]
    }


def _change(
    plan: Plan, fields_of: dict[str, Mapping[str, str]], words: str, by: User, now: datetime
) -> None:
    if fields_of:
        operations.change_rows(
            plan=plan, fields_of=fields_of, kind="tried", words=words, by=by, now=now
        )
