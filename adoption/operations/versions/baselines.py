"""Baselines: taken by hand or by themselves, one of them chosen, deleted and brought back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.comparison import Version, digest_of, to_contents
from adoption.models import Baseline, Plan
from adoption.operations.telling import tell_of_baseline
from adoption.queries.versions import get_version
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from rendering.formats import current
from tenancy.audit import changes, record

MOST_BASELINES = 50


@transaction.atomic
def take_baseline(
    *, plan: Plan, name: str, by: User | None, now: datetime, choose: bool = False
) -> Baseline:
    """Keep the plan as it stands under a name. The first one is chosen by itself.

    Raises ValidationError at `name`: missing, taken, or one more than are kept.
    """
    Plan.every.select_for_update().get(pk=plan.pk)
    _check_name(plan, name.strip())
    has_one = Baseline.objects.filter(plan=plan, chosen=True).exists()
    row = freeze(plan, kind=Baseline.Kind.HAND, name=name.strip(), by=by, now=now)
    if choose or not has_one:
        _choose(row)
    put_baseline_on_timeline(row)
    tell_of_baseline(row)
    _record("plan.baselined", row, {"finish": row.finish.date(), "work_packages": row.packages})
    return row


@transaction.atomic
def choose_baseline(*, baseline: Baseline) -> None:
    """Hold the plan against this baseline from now on. Raises ValidationError for a deleted one."""
    if baseline.dropped_at is not None:
        raise ValidationError(_("This baseline was deleted. Bring it back first."))
    before = Baseline.objects.filter(plan=baseline.plan_id, chosen=True).first()
    if before is not None and before.pk == baseline.pk:
        return
    _choose(baseline)
    facts = {"chosen": [str(before or ""), baseline.name]}
    _record("plan.baseline_chosen", baseline, facts)


@transaction.atomic
def drop_baseline(*, baseline: Baseline, now: datetime) -> None:
    """Delete a baseline; `restore_baseline` brings it back."""
    facts = changes(baseline, {"dropped_at": now, "chosen": False})
    baseline.dropped_at, baseline.chosen = now, False
    baseline.save(update_fields=["dropped_at", "chosen"])
    _record("plan.baseline_deleted", baseline, facts)


@transaction.atomic
def restore_baseline(*, baseline: Baseline, choose: bool = False) -> None:
    """Bring back a deleted baseline; with `choose` as the chosen one, unless there is another."""
    if baseline.dropped_at is None:
        return
    baseline.dropped_at = None
    baseline.save(update_fields=["dropped_at"])
    if choose and not Baseline.objects.filter(plan=baseline.plan_id, chosen=True).exists():
        _choose(baseline)
    _record("plan.baseline_restored", baseline, {})


def freeze(
    plan: Plan, *, kind: Baseline.Kind, name: str, by: User | None, now: datetime
) -> Baseline:
    """Store a copy of a plan as it stands, without a word to anybody."""
    day = now.astimezone(plan.customer.zone).date()
    row = frozen(plan, get_version(plan=plan), kind=kind, name=name, day=day, now=now)
    row.taken_by = by
    row.save(force_insert=True)
    return row


def frozen(
    plan: Plan, version: Version, *, kind: Baseline.Kind, name: str, day: date, now: datetime
) -> Baseline:
    """The row of a copy, not stored yet."""
    contents = to_contents(version)
    return Baseline(
        customer_id=plan.customer_id,
        plan=plan,
        kind=kind,
        name=name[:120],
        day=day,
        taken_at=now,
        start=version.start or plan.start,
        finish=version.finish or plan.finish,
        packages=len(version.leaves),
        contents=contents,
        digest=digest_of(contents),
    )


def put_baseline_on_timeline(row: Baseline) -> None:
    words = {"name": row.name, "day": current().day_and_year(row.finish.date())}
    put_on_timeline(
        engagement=row.plan.engagement,
        kind="plan.baselined",
        text=_("Baseline of the plan: %(name)s, finish %(day)s") % words,
        url=inside("adoption:versions", row.plan.engagement_id),
        by=row.taken_by,
        at=row.taken_at,
        shared=True,
    )


def _check_name(plan: Plan, name: str) -> None:
    kept = Baseline.objects.filter(plan=plan, dropped_at=None).exclude(kind=Baseline.Kind.WEEK)
    if not name:
        raise ValidationError({"name": _("Give it a name, so that it is found again.")})
    if len(name) > 120:
        raise ValidationError({"name": _("At most 120 letters.")})
    names = set(kept.values_list("name", flat=True))
    if name in names:
        raise ValidationError({"name": _("There is a baseline of this name already.")})
    if len(names) >= MOST_BASELINES:
        words = _("%(n)s baselines are kept at most. Delete one first.")
        raise ValidationError({"name": words % {"n": MOST_BASELINES}})


def _choose(row: Baseline) -> None:
    Baseline.objects.filter(plan=row.plan_id, chosen=True).update(chosen=False)
    row.chosen = True
    row.save(update_fields=["chosen"])


def _record(action: str, row: Baseline, facts: Mapping[str, Any]) -> None:
    record(
        action=action,
        subject=row.plan.engagement,
        facts={"baseline": row.name, **facts},
        about_customer_id=row.customer_id,
    )
