"""What is kept of plans without anybody asking: a light copy a week, and the agreed plan."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from adoption.models import Baseline, CheckItem, PackageComment, Plan
from adoption.operations.versions.baselines import frozen, put_baseline_on_timeline
from adoption.queries.versions import get_versions_of
from engagements.models import Phase
from tenancy.audit import record

WEEKS_KEPT = timedelta(weeks=26)
WHAT_IFS_KEPT = timedelta(days=30)
PLANS_AT_ONCE = 200


@transaction.atomic
def keep_versions(*, business_date: date, now: datetime) -> int:
    """The nightly step: on Sundays a copy of each plan that changed since the last one, and a
    baseline once an engagement entered adoption or agreed on its sign-off.

    Copies go after 26 weeks, deleted what-ifs after 30 days. Returns how many rows were stored.
    The statements are as many for one plan as for two hundred; those that tell of a new baseline
    come once in a plan's life. Safe to repeat.
    """
    _forget(business_date, now)
    plans = Plan.objects.select_related("customer", "engagement__customer").filter(
        engagement__archived_at=None
    )
    return sum(_keep(batch, business_date, now) for batch in _batches(plans.order_by("pk")))


def _batches(plans: QuerySet[Plan]) -> Iterator[list[Plan]]:
    batch: list[Plan] = []
    for plan in plans.iterator(chunk_size=PLANS_AT_ONCE):
        batch.append(plan)
        if len(batch) == PLANS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _forget(business_date: date, now: datetime) -> None:
    old = Baseline.objects.filter(kind=Baseline.Kind.WEEK, day__lt=business_date - WEEKS_KEPT)
    # The last copy stands for every week since in which nothing changed.
    newer = Baseline.objects.filter(kind=Baseline.Kind.WEEK, day__gte=business_date - WEEKS_KEPT)
    old.filter(plan__in=newer.values("plan")).delete()
    gone = Plan.every.filter(dropped_at__lt=now - WHAT_IFS_KEPT).exclude(what_if_of=None)
    if gone.exists():
        gone.delete()
    for model in (CheckItem, PackageComment):
        model.every.filter(deleted_at__lt=now - WHAT_IFS_KEPT).delete()


def _keep(plans: list[Plan], business_date: date, now: datetime) -> int:
    agreed = _newly_agreed(plans)
    is_week_over = business_date.isoweekday() == 7
    wanted = plans if is_week_over else [plan for plan in plans if plan.pk in agreed]
    if not wanted:
        return 0
    versions = get_versions_of(plans=wanted)
    rows = []
    known = _last_digests(wanted) if is_week_over else {}
    for plan in wanted:
        version = versions[plan.pk]
        if is_week_over:
            kind = Baseline.Kind.WEEK
            row = frozen(plan, version, kind=kind, name="", day=business_date, now=now)
            rows += [row] if known.get(plan.pk) != row.digest else []
        if plan.pk in agreed:
            since = agreed[plan.pk]
            name = _name_of(since)
            rows.append(frozen(plan, version, kind=since, name=name, day=business_date, now=now))
    _store(rows)
    return len(rows)


def _store(rows: list[Baseline]) -> None:
    """Those that somebody reads are told of, and chosen where there is no other."""
    agreed = [row for row in rows if row.kind != Baseline.Kind.WEEK]
    plans = [row.plan_id for row in agreed]
    chosen = Baseline.objects.filter(plan__in=plans, chosen=True).values_list("plan", flat=True)
    has_one = set(chosen) if plans else set()
    for row in agreed:
        row.chosen = row.plan_id not in has_one
    # A step that is repeated meets the copy of its first time.
    Baseline.objects.bulk_create(rows, ignore_conflicts=True)
    for row in agreed:
        put_baseline_on_timeline(row)
        record(
            action="plan.baselined",
            subject=row.plan.engagement,
            facts={"baseline": row.name, "finish": row.finish.date()},
            about_customer_id=row.customer_id,
        )


def _newly_agreed(plans: Sequence[Plan]) -> dict[UUID, Baseline.Kind]:
    """Plans whose engagement came to adoption, or to an agreed sign-off before that, without a
    baseline that says so; a deleted one is not taken again."""
    asked = {plan.pk: kind for plan in plans if (kind := _kind_of(plan)) is not None}
    known = Baseline.objects.filter(
        plan__in=asked, kind__in=(Baseline.Kind.ADOPT, Baseline.Kind.SIGN_OFF)
    ).values_list("plan_id", "kind")
    for plan_id, taken in known:
        if taken in (asked.get(plan_id), Baseline.Kind.ADOPT):
            asked.pop(plan_id, None)
    return asked


def _kind_of(plan: Plan) -> Baseline.Kind | None:
    phase = Phase(plan.engagement.phase)
    if phase == Phase.ADOPT:
        return Baseline.Kind.ADOPT
    is_agreed = phase.position < Phase.ADOPT.position and plan.engagement.sign_off_date
    return Baseline.Kind.SIGN_OFF if is_agreed else None


def _name_of(kind: Baseline.Kind) -> str:
    if kind == Baseline.Kind.ADOPT:
        return _("Plan at the beginning of adoption")
    return _("Plan when sign-off was agreed")


def _last_digests(plans: Sequence[Plan]) -> dict[UUID, str]:
    """Of each plan the digest of its newest weekly copy."""
    weeks = Baseline.objects.filter(
        plan__in=[plan.pk for plan in plans], kind=Baseline.Kind.WEEK
    ).order_by("plan", "-day")
    return dict(weeks.distinct("plan").values_list("plan_id", "digest"))
