"""The night looks at every running engagement: what its measures score, and what needs somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.operations.timeline import inside
from metrics import alerting
from metrics.alerting import Finding, Matter
from metrics.models import Alert, HealthScore, Measure
from metrics.operations.standings import note_told
from metrics.queries.details import MeasureDetail, get_details, get_measures
from metrics.queries.health import Weights, get_weights, health_of
from metrics.queries.planning import plan_lines
from metrics.queries.silence import QUIET_DAYS, QuietGroup, get_quiet_groups
from metrics.queries.slips import Slipped, get_slipped
from metrics.scoring import rate
from notifications.operations import notify
from people.models import User
from rendering.translation import translated
from tenancy.models import Role, Tenant
from tenancy.scope import current_tenant_id

ONE_DAY = timedelta(days=1)
# What the customer's lead hears of too: what was agreed with them.
FOR_LEADS = frozenset({Matter.MILESTONE_MISSED, Matter.MILESTONE_NEAR})


@dataclass(frozen=True, slots=True)
class Judged:
    """What a night found: alerts that are new or came back, that ended, and scores kept."""

    raised: int
    ended: int
    scores: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding with the measure it is about, if any, and the page where something can be done."""

    finding: Finding
    url: str
    measure: Measure | None = None


@transaction.atomic
def judge_engagements(*, business_date: date, now: datetime) -> Judged:
    """Keep the scores of a closed day, and raise, keep or end alerts.

    Works on the workspace in scope. Safe to repeat: a matter is one alert, a day one score.
    """
    rows = _running()
    weights, slipped = get_weights(), get_slipped(engagement_ids=[row.pk for row in rows])
    quiet = _by_engagement(get_quiet_groups(as_of=business_date))
    measures = _measures(rows)
    raised = ended = scores = 0
    for engagement in rows:
        of_it = measures.get(engagement.pk, [])
        details = get_details(rows=of_it, today=business_date + ONE_DAY) if of_it else []
        note_told(rows=of_it, details=details, today=business_date + ONE_DAY)
        scores += _keep_score(engagement, details, weights, business_date)
        seen = [
            *_of_measures(of_it, details, business_date + ONE_DAY),
            *_of_groups(engagement, quiet.get(engagement.pk, ())),
            *_of_plan(engagement, slipped.get(engagement.pk, ()), business_date),
        ]
        new, over = _bring_up_to_date(engagement, seen, business_date, now)
        raised, ended = raised + new, ended + over
    return Judged(raised, ended, scores)


def _running() -> list[Engagement]:
    rows = Engagement.objects.filter(archived_at=None, customer__archived_at=None)
    return list(rows.select_related("customer", "csm").order_by("id"))


def _measures(rows: Iterable[Engagement]) -> dict[UUID, list[Measure]]:
    found: dict[UUID, list[Measure]] = {}
    measures = get_measures().filter(engagement__in=[row.pk for row in rows])
    for measure in measures.select_for_update(of=("self",)):
        found.setdefault(measure.engagement_id, []).append(measure)
    return found


def _by_engagement(groups: Iterable[QuietGroup]) -> dict[UUID, list[QuietGroup]]:
    found: dict[UUID, list[QuietGroup]] = {}
    for group in groups:
        found.setdefault(group.engagement_id, []).append(group)
    return found


def _keep_score(
    engagement: Engagement, details: Sequence[MeasureDetail], weights: Weights, day: date
) -> int:
    if not details:
        return 0
    rated = [
        (str(one.id), one.told.measure.definition.key, rate(one.told.measure)) for one in details
    ]
    health = health_of(rated, weights)
    HealthScore.objects.update_or_create(
        engagement=engagement,
        day=day,
        defaults={
            "customer_id": engagement.customer_id,
            "score": health.value,
            "coverage": health.coverage,
            "band": health.band.key if health.band else "",
            "model_version": health.version,
            "parts": [
                [part.key, part.weight, part.score, part.absence and part.absence.value]
                for part in health.parts
            ],
        },
    )
    return 1


def _of_measures(
    rows: Sequence[Measure], details: Sequence[MeasureDetail], today: date
) -> Iterable[Seen]:
    for row, detail in zip(rows, details, strict=True):
        for finding in alerting.findings(detail.told, key=str(row.pk)):
            yield Seen(finding, inside("metrics:measure", row.pk), row)
    for row, line in zip(rows, plan_lines(rows, today) if rows else [], strict=True):
        since = line.due.missing_since
        if since is not None:
            key = f"{row.pk}:{since.isoformat()}"
            found = alerting.overdue(key=key, label=line.name, since=since, today=today)
            yield Seen(found, inside("metrics:record_reading", row.pk), row)


def _of_groups(engagement: Engagement, groups: Iterable[QuietGroup]) -> Iterable[Seen]:
    for group in groups:
        found = alerting.quiet_group(
            key=f"group:{group.group_id}", name=group.name, people=group.people, days=QUIET_DAYS
        )
        yield Seen(found, inside("engagements:roster", engagement.pk))


def _of_plan(engagement: Engagement, packages: Iterable[Slipped], day: date) -> Iterable[Seen]:
    for one in packages:
        found = alerting.slip(
            key=f"package:{one.uid}",
            name=one.name,
            was=one.was,
            now=one.now,
            float_days=one.float_days,
            today=day,
        )
        yield Seen(found, inside("adoption:plan", engagement.pk))


def _bring_up_to_date(
    engagement: Engagement, seen: Iterable[Seen], day: date, now: datetime
) -> tuple[int, int]:
    """How many alerts are new or came back, and how many ended."""
    rows = Alert.objects.filter(engagement=engagement).select_for_update(of=("self",))
    known = {(row.kind, row.key): row for row in rows}
    raised, held = 0, set()
    for one in seen:
        matter = (one.finding.matter.value, one.finding.key)
        held.add(matter)
        row = known.get(matter)
        if row is None:
            raised += 1
            _tell(_open(engagement, one, day, now))
        else:
            raised += _see_again(row, one, day, now)
    over = [row for matter, row in known.items() if row.is_open and matter not in held]
    for row in over:
        row.resolved_at, row.by_hand = now, False
        row.save(update_fields=["resolved_at", "by_hand"])
    return raised, len(over)


def _open(engagement: Engagement, one: Seen, day: date, now: datetime) -> Alert:
    reader = one.measure.reader if one.measure is not None else None
    is_reading = one.finding.matter is Matter.READING_OVERDUE
    return Alert.objects.create(
        customer_id=engagement.customer_id,
        engagement=engagement,
        measure=one.measure,
        kind=one.finding.matter.value,
        key=one.finding.key,
        weight=one.finding.weight.value,
        reason=translated(one.finding.reason)[:400],
        url=one.url,
        owner=(reader if is_reading and reader else engagement.csm),
        opened_at=now,
        opened_date=day,
        seen_date=day,
    )


def _see_again(row: Alert, one: Seen, day: date, now: datetime) -> int:
    """What somebody resolved stays resolved; what the night had ended, and is back, opens again."""
    back = not row.is_open and not row.by_hand
    row.seen_date, row.weight = day, one.finding.weight.value
    row.reason, row.url = translated(one.finding.reason)[:400], one.url
    if back:
        row.resolved_at, row.resolution, row.opened_at, row.opened_date = None, "", now, day
        row.snoozed_until = None
    row.save()
    if back:
        _tell(row)
    return int(back)


def _tell(row: Alert) -> None:
    slug = Tenant.objects.only("slug").get(pk=current_tenant_id()).slug
    inbox = reverse("metrics:alerts", args=[slug])
    _notify(row, [row.owner] if row.owner else [], f"{inbox}?about={row.engagement_id}")
    if Matter(row.kind) in FOR_LEADS and row.measure_id is not None:
        here = Q(memberships__tenant_id=current_tenant_id(), memberships__role=Role.LEAD)
        theirs = Q(memberships__customer_id=row.customer_id)
        url = reverse("metrics:measure", args=[slug, row.measure_id])
        _notify(row, User.objects.filter(here & theirs), url)


def _notify(row: Alert, people: Iterable[User], url: str) -> None:
    notify(
        recipients=people,
        kind="alert.raised",
        text=_("%(customer)s: %(reason)s") % {"customer": row.customer, "reason": row.reason},
        url=url,
        key=f"alert:{row.pk}:{row.opened_date.isoformat()}",
        customer_id=row.customer_id,
    )
