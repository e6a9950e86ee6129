"""Changes to plan files on their way in."""

import zlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from adoption.adapters import PlanFile
from adoption.models import Plan, StagedPlan
from adoption.operations.files import replace_plan
from engagements.models import Engagement
from people.models import User

KEPT = timedelta(days=1)
_LONGEST_NAME = 255


@transaction.atomic
def stage_plan(
    *,
    engagement: Engagement,
    file_name: str,
    content: bytes,
    names: Mapping[str, str] | None,
    by: User | None,
    now: datetime,
) -> StagedPlan:
    """Keep a file until somebody has seen what it would change; `names` as `StagedPlan.names`."""
    return StagedPlan.objects.create(
        customer_id=engagement.customer_id,
        engagement=engagement,
        file_name=file_name[:_LONGEST_NAME],
        content=zlib.compress(content, level=1),
        names=None if names is None else dict(names),
        created_by=by,
        created_at=now,
    )


@transaction.atomic
def name_columns(*, staged: StagedPlan, names: Mapping[str, str]) -> None:
    """Note which of ours each of the file's columns is."""
    staged.names = dict(names)
    staged.save(update_fields=["names"])


@transaction.atomic
def bring_in_staged(
    *,
    staged: StagedPlan,
    plan_file: PlanFile,
    by: User | None,
    now: datetime,
    follows_today: bool = False,
) -> Plan:
    """Make a file that was looked at the plan; it is no longer kept. Raises as `replace_plan`."""
    StagedPlan.objects.filter(pk=staged.pk).delete()
    return replace_plan(
        engagement=staged.engagement,
        plan_file=plan_file,
        file_name=staged.file_name,
        imported_by=by,
        now=now,
        follows_today=follows_today,
    )


@transaction.atomic
def discard_staged(*, staged: StagedPlan) -> None:
    staged.delete()


@transaction.atomic
def drop_stale_plans(*, business_date: date, now: datetime) -> int:
    """Files nobody brought in for a day go. Returns how many."""
    count, _rows = StagedPlan.objects.filter(created_at__lte=now - KEPT).delete()
    return count
