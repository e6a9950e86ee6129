"""Measures as spreadsheets."""

from collections.abc import Iterable, Sequence

from metrics.forecasting import share
from metrics.narrative.story import Report
from metrics.queries import (
    AlertRow,
    Correction,
    DefinitionLine,
    Foresight,
    Gaps,
    GrowthView,
    HealthView,
    MeasureCard,
    MeasurementPlan,
    PaperRow,
    PlanLine,
)
from rendering.spreadsheets import write_table
from rendering.translation import translated

COLUMNS = ("day", "amount", "unit", "share_of_the_way", "definition", "definition_version")


def readings_csv(told: Report) -> bytes:
    """Every reading that the chart draws, a row each, in order of the days."""
    return write_table(COLUMNS, _rows(told))


def _rows(told: Report) -> Iterable[list[object]]:
    definition = told.measure.definition
    for reading in told.measure.readings:
        part = share(told.measure, reading.amount)
        yield [
            reading.day.isoformat(),
            int(reading.amount) if reading.amount.is_integer() else reading.amount,
            translated(definition.unit),
            "" if part is None else round(part, 6),
            definition.key,
            reading.version,
        ]


MEASURES = (
    "measure",
    "definition",
    "label",
    "about",
    "about_what",
    "unit",
    "amount",
    "day",
    "baseline",
    "target",
    "deadline",
    "share_of_the_way",
    "state",
    "status",
    "definition_version",
    "as_of",
)


def measures_csv(cards: Iterable[MeasureCard]) -> bytes:
    """The measures of an engagement, a row each, with the figures their list shows."""
    return write_table(MEASURES, (_measure(card) for card in cards))


def _measure(card: MeasureCard) -> list[object]:
    return [
        card.id,
        card.key,
        translated(card.name),
        card.place.about or "engagement",
        card.place.name,
        translated(card.unit),
        plain(card.value),
        card.read_date or "",
        plain(card.baseline),
        plain(card.target),
        card.deadline or "",
        "" if card.progress is None else round(card.progress, 6),
        card.state,
        translated(card.status),
        card.version,
        card.as_of,
    ]


def plain(amount: float | None) -> object:
    """A number as it is typed: whole ones without a point, none as nothing."""
    if amount is None:
        return ""
    return int(amount) if float(amount).is_integer() else amount


PLAN = (
    "measure",
    "label",
    "about",
    "about_what",
    "cadence",
    "suggested",
    "reader",
    "minutes_each",
    "readings_in_90_days",
    "last_read",
    "next_due",
    "missing_since",
    "reported_in",
)


def plan_csv(plan: MeasurementPlan) -> bytes:
    """When each measure is read, by whom, and what is missing."""
    return write_table(PLAN, (_planned(line) for line in plan.lines))


def _planned(line: PlanLine) -> list[object]:
    return [
        line.id,
        translated(line.name),
        line.place.about or "engagement",
        line.place.name,
        line.cadence,
        line.usual,
        line.reader,
        plain(line.planned.minutes),
        line.readings,
        line.last_read or "",
        line.due.next_date or "",
        line.due.missing_since or "",
        line.reported_in,
    ]


def gaps_csv(gaps: Gaps) -> bytes:
    """What lacks what, a row for each gap."""
    return write_table(("lacks", "what", "about", "from", "until"), _gaps(gaps))


def _gaps(gaps: Gaps) -> Iterable[list[object]]:
    for lacks, packages in (
        ("target", gaps.without_target),
        ("milestones", gaps.without_milestones),
    ):
        for package in packages:
            yield [lacks, package.name, "package", package.start, package.finish]
    for lacks, found in (
        ("agreement", gaps.unagreed),
        ("report", gaps.unreported),
        ("word_of_the_customers_lead", gaps.unconfirmed),
        ("baseline_before_the_start", gaps.late_baselines),
    ):
        for one in found:
            yield [lacks, translated(one.name), one.place.name, "", ""]


CORRECTIONS = (
    "day",
    "before",
    "after",
    "version_before",
    "version_after",
    "way",
    "by",
    "reason",
    "changed_at",
)


def corrections_csv(corrections: Iterable[Correction]) -> bytes:
    """Every reading that was corrected, the newest correction first."""
    return write_table(
        CORRECTIONS,
        (
            [
                one.day,
                plain(one.before),
                plain(one.after),
                one.version_before,
                one.version_after,
                one.way,
                one.by,
                one.reason,
                one.changed_at.isoformat(),
            ]
            for one in corrections
        ),
    )


CATALOGUE = (
    "definition",
    "version",
    "label",
    "unit",
    "direction",
    "source",
    "counting",
    "window_days",
    "valid_days",
    "measures",
    "own",
    "withdrawn",
)


def catalogue_csv(lines: Iterable[DefinitionLine]) -> bytes:
    """Everything that can be measured, and how it is counted."""
    return write_table(CATALOGUE, (_definition(line) for line in lines))


def _definition(line: DefinitionLine) -> list[object]:
    item = line.definition
    return [
        item.key,
        item.version,
        translated(item.label),
        translated(item.unit),
        item.direction,
        item.source,
        translated(item.counting),
        item.window_days,
        item.valid_days,
        line.measures,
        line.id is not None,
        line.withdrawn,
    ]


ALERTS = (
    "customer",
    "engagement",
    "kind",
    "weight",
    "reason",
    "owner",
    "since",
    "snoozed_until",
    "resolved_at",
    "resolved_by",
    "what_was_done",
)


def alerts_csv(rows: Iterable[AlertRow]) -> bytes:
    """Alerts as their inbox shows them."""
    return write_table(
        ALERTS,
        (
            [
                row.customer,
                row.engagement,
                row.kind,
                row.weight,
                row.reason,
                row.owner,
                row.opened_date,
                row.snoozed_until or "",
                row.resolved_at.isoformat() if row.resolved_at else "",
                row.resolved_by,
                row.resolution,
            ]
            for row in rows
        ),
    )


HEALTH = ("measure", "name", "weight", "score", "share", "points", "why_not", "model_version")


def health_csv(view: HealthView) -> bytes:
    """What each measure brings to the score; the points add up to it."""
    return write_table(
        HEALTH,
        (
            [
                one.id,
                one.name,
                plain(one.part.weight),
                "" if one.part.score is None else round(one.part.score, 4),
                round(one.part.share, 6),
                round(one.part.points, 4),
                one.part.absence or "",
                view.health.version,
            ]
            for one in view.parts
        ),
    )


PAPER_COLUMNS = ("question", "state", "outcome", "decide_by", "decided_by", "decided_at")


def papers_csv(rows: Sequence[PaperRow]) -> bytes:
    """The decisions of an engagement, the newest first."""
    return write_table(
        PAPER_COLUMNS,
        (
            [
                row.question,
                row.state,
                row.outcome,
                row.decide_by.isoformat() if row.decide_by else "",
                row.decided_by,
                row.decided_at.isoformat() if row.decided_at else "",
            ]
            for row in rows
        ),
    )


GROWTH = (
    *("csm", "customer", "from", "until", "adoption_then", "adoption_now", "difference"),
    *("seats_then", "why_not", "since"),
)


def growth_csv(view: GrowthView) -> bytes:
    """Each customer under its CSM; shares of one, weighed together by the seats then."""
    return write_table(
        GROWTH,
        (
            [
                line.csm_name,
                one.name,
                one.since,
                one.until or "",
                _share(one.account.then),
                _share(one.account.now),
                _share(one.difference),
                plain(one.account.seats),
                one.left_out or "",
                view.since,
            ]
            for line in view.lines
            for one in line.customers
        ),
    )


FORESIGHT = (
    *("customer", "decided", "decision", "yearly_amount", "currency", "figure", "days_before"),
    *("looked_at", "amount", "band", "missed"),
)


def foresight_csv(found: Foresight) -> bytes:
    """Every decision with what the figure had said of its customer."""
    return write_table(
        FORESIGHT,
        (
            [
                one.customer_name,
                one.decided_date,
                one.case.decision,
                one.yearly_amount,
                one.currency,
                found.signal,
                found.test.days,
                one.asked_date,
                _share(one.case.amount),
                one.band.key if one.band else "",
                "yes" if one.is_missed else "",
            ]
            for one in found.cases
        ),
    )


def _share(number: float | None) -> object:
    return "" if number is None else round(number, 6)
