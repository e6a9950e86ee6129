"""Changes to measures: what is measured, what is agreed about it, and what was read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.operations.timeline import inside, put_on_timeline
from metrics import definitions
from metrics.definitions import ACTIVE_USERS, Baseline, Definition, Source, Target
from metrics.models import Agreement, Measure, Milestone, Reading
from people.models import User
from rendering.formats import current
from tenancy.audit import changes, record
from usage import queries as usage
from usage.queries import UsagePoint

# Which column of a closed day of usage a measure copies; usage alone computes it.
FROM_USAGE: MappingProxyType[str, Callable[[UsagePoint], int | None]] = MappingProxyType(
    {ACTIVE_USERS.key: lambda point: point.mau}
)
ROWS_AT_ONCE = 5000
# What the audit log says of an agreement.
AGREED = ("baseline_amount", "baseline_date", "quality", "amount", "deadline", "for_customer")


class AlreadyMeasured(ValueError):
    """The engagement has a measure of this definition."""


class IllFormedTarget(ValueError):
    """A target without its parts, or one that contradicts itself; `faults` says how, in words."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


class ReadingRefused(ValueError):
    """A reading that cannot be right: not a closed day, not a possible amount, not by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What both sides agree about a measure. `amount` and `deadline` may still be missing."""

    baseline: Baseline
    quality: str
    amount: float | None
    deadline: date | None
    milestones: tuple[definitions.Milestone, ...] = ()
    agreed_date: date
    for_customer: str


@transaction.atomic
def define_measure(*, engagement: Engagement, definition: Definition, now: datetime) -> Measure:
    """Measure an engagement from now on, with what usage already knows.

    Raises AlreadyMeasured.
    """
    measure, created = Measure.objects.get_or_create(
        engagement=engagement,
        definition_key=definition.key,
        defaults={
            "customer_id": engagement.customer_id,
            "definition_version": definition.version,
        },
    )
    if not created:
        raise AlreadyMeasured(f"{engagement.name} already has the measure “{definition.label}”.")
    _copy_usage([measure], last=None, now=now)
    _record("measure.defined", measure, {"engagement": engagement})
    return measure


def _record(action: str, measure: Measure, facts: Mapping[str, Any]) -> None:
    record(action=action, subject=measure, facts=facts, about_customer_id=measure.customer_id)


@transaction.atomic
def agree_target(*, measure: Measure, terms: Terms, agreed_by: User | None) -> Agreement:
    """Record what both sides agreed; it is in force from now on, earlier agreements stay.

    Raises IllFormedTarget, naming each part that is missing or contradicts another.
    """
    target = _well_formed(measure.definition, terms)
    before = Agreement.objects.filter(measure=measure).order_by("agreed_date", "id").last()
    agreement = Agreement.objects.create(
        customer_id=measure.customer_id,
        measure=measure,
        baseline_amount=terms.baseline.amount,
        baseline_date=terms.baseline.day,
        baseline_note=terms.baseline.note,
        quality=target.quality,
        amount=target.amount,
        deadline=target.deadline,
        agreed_date=terms.agreed_date,
        for_customer=terms.for_customer,
        for_vendor=agreed_by,
    )
    Milestone.objects.bulk_create(_milestone_rows(agreement, terms.milestones))
    _put_on_timeline(agreement)
    agreed = {name: getattr(agreement, name) for name in AGREED}
    _record("target.agreed", measure, changes(before, agreed) if before else agreed)
    return agreement


def _put_on_timeline(agreement: Agreement) -> None:
    measure = agreement.measure
    words = {
        "measure": measure.definition.label,
        "amount": current().number(agreement.amount),
        "quality": agreement.quality,
        "day": current().day_and_year(agreement.deadline),
    }
    put_on_timeline(
        engagement=measure.engagement,
        kind="target.agreed",
        text=_("Target agreed for %(measure)s: %(amount)s %(quality)s by %(day)s") % words,
        url=inside("metrics:measures", measure.engagement_id),
        by=agreement.for_vendor,
        on=agreement.agreed_date,
        shared=True,
    )


def _well_formed(definition: Definition, terms: Terms) -> Target:
    """The target of the terms. Raises IllFormedTarget."""
    missing = definitions.missing_parts(
        quality=terms.quality, amount=terms.amount, deadline=terms.deadline
    )
    if missing or terms.amount is None or terms.deadline is None:
        raise IllFormedTarget([f"The target does not say {part}." for part in missing])
    target = Target(terms.quality.strip(), terms.amount, terms.deadline)
    faults = definitions.contradictions(definition, terms.baseline, target, terms.milestones)
    if terms.baseline.day > terms.agreed_date:
        faults += ("The baseline is dated after the agreement.",)
    if faults:
        raise IllFormedTarget(faults)
    return target


def _milestone_rows(
    agreement: Agreement, milestones: Iterable[definitions.Milestone]
) -> list[Milestone]:
    return [
        Milestone(
            customer_id=agreement.customer_id,
            agreement=agreement,
            name=milestone.name,
            amount=milestone.amount,
            due_date=milestone.day,
        )
        for milestone in milestones
    ]


@transaction.atomic
def record_reading(
    *,
    measure: Measure,
    day: date,
    amount: float,
    now: datetime,
    today: date,
    recorded_by: User | None,
) -> Reading:
    """Record a reading by hand or from another system; a second one for a day replaces it.

    Raises ReadingRefused.
    """
    definition = measure.definition
    if definition.source is Source.USAGE:
        raise ReadingRefused("This measure is read from usage every night, not by hand.")
    _refuse_impossible(definition, day, amount, today)
    before = Reading.objects.filter(measure=measure, day=day).first()
    reading, _created = Reading.objects.update_or_create(
        measure=measure,
        day=day,
        defaults={
            "customer_id": measure.customer_id,
            "amount": amount,
            "definition_version": definition.version,
            "recorded_at": now,
            "recorded_by": recorded_by,
        },
    )
    _record(
        "reading.corrected" if before else "reading.recorded",
        measure,
        {"day": day, "amount": [before.amount, amount] if before else amount},
    )
    return reading


def _refuse_impossible(definition: Definition, day: date, amount: float, today: date) -> None:
    if day >= today:
        raise ReadingRefused(f"{day} is not over yet. A reading belongs to a closed day.")
    if day < definitions.EARLIEST:
        raise ReadingRefused(f"{day} lies before {definitions.EARLIEST.year}.")
    if not definitions.is_plausible(amount):
        raise ReadingRefused("The amount is too large to be meant.")
    if amount != definition.within_limits(amount):
        raise ReadingRefused(f"{amount:g} cannot occur: {definitions.say_limits(definition)}.")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: how many measures it looked at, how many readings are new or other."""

    measures: int
    readings: int


@transaction.atomic
def refresh_readings(*, business_date: date, now: datetime) -> Refreshed:
    """Copy the figures of closed days up to a date into every measure that comes from usage.

    Works on the workspace in scope. Safe to repeat: only readings that are new or changed are
    written, so a late event that changes a past day changes its reading too.
    """
    rows = Measure.objects.filter(definition_key__in=FROM_USAGE, engagement__archived_at=None)
    measures = list(rows.order_by("customer_id", "id").select_for_update(of=("self",)))
    return Refreshed(len(measures), _copy_usage(measures, last=business_date, now=now))


def _copy_usage(measures: Iterable[Measure], *, last: date | None, now: datetime) -> int:
    wanted = [measure for measure in measures if measure.definition_key in FROM_USAGE]
    return sum(_copy_one(measure, last, now) for measure in wanted)


def _copy_one(measure: Measure, last: date | None, now: datetime) -> int:
    figures = _closed_figures(measure, last)
    known = dict(Reading.objects.filter(measure=measure).values_list("day", "amount"))
    changed = [
        Reading(
            customer_id=measure.customer_id,
            measure=measure,
            day=day,
            amount=amount,
            definition_version=measure.definition_version,
            recorded_at=now,
        )
        for day, amount in figures.items()
        if known.get(day) != amount
    ]
    Reading.objects.bulk_create(
        changed,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "measure", "day"],
        update_fields=["amount", "definition_version", "recorded_at"],
    )
    return len(changed)


def _closed_figures(measure: Measure, last: date | None) -> dict[date, int]:
    """The figure of every closed day since the customer's first use."""
    span = usage.get_day_range(customer_id=measure.customer_id)
    if span is None:
        return {}
    first, closed = span
    end = closed if last is None else min(closed, last)
    if end < first:
        return {}
    series = usage.get_usage_series(customer_id=measure.customer_id, first=first, last=end)
    choose = FROM_USAGE[measure.definition_key]
    found = {point.day: choose(point) for point in series.points}
    return {day: amount for day, amount in found.items() if amount is not None}


@transaction.atomic
def remove_measure(*, measure: Measure) -> None:
    """Take a measure away with everything agreed and read about it."""
    _record("measure.removed", measure, {"engagement": measure.engagement})
    measure.delete()
