"""The night looks at every running engagement: what its measures score, and what needs somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from engagements.models import Engagement
from engagements.operations.timeline import inside
from metrics import alerting
from metrics.alerting import Finding, Matter, Missing, Quiet
from metrics.models import Alert, HealthScore, Measure
from metrics.operations.standings import note_told
from metrics.queries.details import MeasureDetail, get_details, get_measures
from metrics.queries.health import Weights, get_weights, health_of, rated
from metrics.queries.planning import plan_lines
from metrics.queries.silence import QUIET_DAYS, QuietGroup, get_quiet_groups
from metrics.queries.slips import SlippedPlan, get_slipped
from metrics.scoring import Health
from notifications.operations import notify
from people.models import User
from rendering.sentences import sentence, sentence_to_json
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
    # Whose it is, where that is not the CSM's, and since when it is due.
    owner: User | None = None
    due_date: date | None = None


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
            *_of_milestones(of_it, details),
            *_of_use(engagement, of_it, details, quiet.get(engagement.pk, ())),
            *_of_readings(engagement, of_it, business_date + ONE_DAY),
            *_of_plan(engagement, slipped.get(engagement.pk), business_date),
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
    health = health_of(rated(details), weights)
    HealthScore.objects.update_or_create(
        engagement=engagement,
        day=day,
        defaults={"customer_id": engagement.customer_id, **score_fields(health)},
    )
    return 1


def score_fields(health: Health) -> dict[str, Any]:
    """A score as its row keeps it."""
    return {
        "score": health.value,
        "coverage": health.coverage,
        "band": health.band.key if health.band else "",
        "model_version": health.version,
        "parts": [
            [part.key, part.weight, part.score, part.absence and part.absence.value]
            for part in health.parts
        ],
    }


def _of_milestones(rows: Sequence[Measure], details: Sequence[MeasureDetail]) -> Iterable[Seen]:
    for row, detail in zip(rows, details, strict=True):
        for finding in alerting.of_milestones(detail.told, key=str(row.pk)):
            yield Seen(finding, inside("metrics:measure", row.pk), row)


def _of_use(
    engagement: Engagement,
    rows: Sequence[Measure],
    details: Sequence[MeasureDetail],
    groups: Iterable[QuietGroup],
) -> Iterable[Seen]:
    by_key = {str(row.pk): row for row in rows}
    measured = [(str(detail.id), detail.told) for detail in details]
    quiet = [
        Quiet(f"group:{group.group_id}", group.name, group.people, QUIET_DAYS) for group in groups
    ]
    for finding in alerting.of_use(measured, quiet):
        about = [by_key[part.key] for part in finding.parts if part.key in by_key]
        if len(about) == 1:
            yield Seen(finding, inside("metrics:measure", about[0].pk), about[0])
        else:
            page = "metrics:measures" if about else "engagements:roster"
            yield Seen(finding, inside(page, engagement.pk))


def _of_readings(engagement: Engagement, rows: Sequence[Measure], today: date) -> Iterable[Seen]:
    """One matter for each person who owes readings of the engagement."""
    owed: dict[UUID | None, list[tuple[Measure, Missing]]] = {}
    for row, line in zip(rows, plan_lines(rows, today) if rows else [], strict=True):
        if line.due.missing_since is not None:
            missing = Missing(str(row.pk), line.name, line.due.missing_since)
            owed.setdefault(row.reader_id, []).append((row, missing))
    for reader_id, found in owed.items():
        measures, readings = [row for row, _one in found], [one for _row, one in found]
        finding = alerting.of_readings(readings, reader=str(reader_id or ""), today=today)
        only = measures[0] if len(measures) == 1 else None
        yield Seen(
            finding,
            inside("metrics:record_reading", only.pk)
            if only
            else inside("metrics:measurement_plan", engagement.pk),
            only,
            owner=measures[0].reader,
            due_date=min(one.since for one in readings),
        )


def _of_plan(engagement: Engagement, plan: SlippedPlan | None, day: date) -> Iterable[Seen]:
    if plan is not None:
        finding = alerting.of_plan(plan.packages, was=plan.was, now=plan.now, today=day)
        yield Seen(finding, inside("adoption:plan", engagement.pk))


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
    row = Alert(
        customer_id=engagement.customer_id,
        engagement=engagement,
        kind=one.finding.matter.value,
        key=one.finding.key,
        owner=one.owner or engagement.csm,
        opened_at=now,
        opened_date=day,
    )
    _say(row, one, day)
    row.save(force_insert=True)
    return row


def _say(row: Alert, one: Seen, day: date) -> None:
    """What it says follows what the night sees."""
    finding = one.finding
    row.seen_date, row.weight = day, finding.weight.value
    row.said = sentence_to_json(finding.reason)
    row.parts = [[part.key, sentence_to_json(part.said)] for part in finding.parts]
    row.url, row.measure, row.due_date = one.url, one.measure, one.due_date


def _see_again(row: Alert, one: Seen, day: date, now: datetime) -> int:
    """What the night had ended, and is back, opens again. What somebody resolved stays as they
    resolved it, until something is part of it that was not then."""
    grown = any(part.key not in row.part_keys for part in one.finding.parts)
    if row.by_hand and not grown:
        row.seen_date = day
        row.save(update_fields=["seen_date"])
        return 0
    back = not row.is_open
    _say(row, one, day)
    if back:
        row.resolved_at, row.resolved_by, row.by_hand, row.resolution = None, None, False, ""
        row.opened_at, row.opened_date, row.snoozed_until = now, day, None
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
        text=sentence("%(customer)s: %(reason)s", customer=str(row.customer), reason=row.reason),
        url=url,
        key=f"alert:{row.pk}:{row.opened_date.isoformat()}",
        customer_id=row.customer_id,
    )
