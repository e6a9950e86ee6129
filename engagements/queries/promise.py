"""What was promised in an engagement, as one value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch

from engagements.models import (
    CriterionVersion,
    Engagement,
    Outcome,
    QuickWin,
    ScopeService,
    SuccessCriterion,
)
from engagements.promise import Coverage, Part, Service, Wording, coverage, days_to_phase_1


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion as it stands: its newest wording, and what was agreed before."""

    id: UUID
    number: int
    statement: str
    unit: str
    wording: Wording
    baseline_note: str
    change_reason: str
    agreed_date: date | None
    agreed_for_customer: str
    agreed_for_vendor: str
    written_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str
    history: tuple["CriterionView", ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not stated yet, in words."""
        return names_of(self.wording.missing)

    @property
    def state(self) -> str:
        """withdrawn, agreed, changed (agreed before, not in these words), ready or incomplete."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.agreed_date:
            return "agreed"
        if any(earlier.agreed_date for earlier in self.history):
            return "changed"
        return "incomplete" if self.wording.in_the_way else "ready"


@dataclass(frozen=True, slots=True)
class Promise:
    """Everything that was said before the work began, in the engagement's currency."""

    problem: str
    mode: str
    mode_label: str
    currency: str
    criteria: tuple[CriterionView, ...]
    withdrawn: tuple[CriterionView, ...]
    services: tuple[ScopeService, ...]
    coverage: Coverage
    days_to_phase_1: int | None
    larger_scope_date: date | None
    quick_wins: tuple[QuickWin, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def agreed(self) -> int:
        return sum(view.state == "agreed" for view in self.criteria)

    @property
    def agreed_value(self) -> Decimal:
        """What reaching the agreed criteria is worth, in the engagement's currency."""
        values = [view.wording.value for view in self.criteria if view.state == "agreed"]
        return sum((value for value in values if value is not None), Decimal(0))


def names_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """The parts of a wording as its form calls them."""
    fields = {field.name: field for field in CriterionVersion._meta.fields}
    return tuple(str(fields[part.value].verbose_name) for part in parts)


def get_promise(*, engagement: Engagement) -> Promise:
    """Criteria in the order they were written, services by volume, newest results first."""
    criteria = [criterion_view(row) for row in get_criteria(engagement_id=engagement.pk)]
    services = tuple(ScopeService.objects.filter(engagement=engagement))
    return Promise(
        problem=engagement.problem,
        mode=engagement.mode,
        mode_label=engagement.get_mode_display(),
        currency=engagement.currency,
        criteria=tuple(view for view in criteria if not view.withdrawn_at),
        withdrawn=tuple(view for view in criteria if view.withdrawn_at),
        services=services,
        coverage=coverage(Service(row.name, row.monthly_volume, row.stage) for row in services),
        days_to_phase_1=days_to_phase_1(engagement.start_date, engagement.go_live_date),
        larger_scope_date=engagement.larger_scope_date,
        quick_wins=tuple(QuickWin.objects.filter(engagement=engagement)),
        outcomes=tuple(Outcome.objects.filter(engagement=engagement)),
    )


def get_criteria(*, engagement_id: UUID) -> list[SuccessCriterion]:
    """The criteria of an engagement with every wording and who wrote and agreed it."""
    versions = CriterionVersion.objects.select_related("owner", "agreed_for_vendor")
    rows = SuccessCriterion.objects.filter(engagement_id=engagement_id)
    return list(rows.prefetch_related(Prefetch("versions", versions)))


def criterion_view(row: SuccessCriterion) -> CriterionView:
    """A criterion with its versions loaded, newest first."""
    newest, *earlier = row.versions.all()
    history = tuple(_view(row, version) for version in earlier)
    return _view(row, newest, history)


def _view(
    row: SuccessCriterion, version: CriterionVersion, history: tuple[CriterionView, ...] = ()
) -> CriterionView:
    return CriterionView(
        id=row.pk,
        number=version.number,
        statement=version.statement,
        unit=version.unit,
        wording=wording_of(version),
        baseline_note=version.baseline_note,
        change_reason=version.change_reason,
        agreed_date=version.agreed_date,
        agreed_for_customer=version.agreed_for_customer,
        agreed_for_vendor=str(version.agreed_for_vendor or ""),
        written_at=version.written_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_because=row.withdrawn_because,
        history=history,
    )


def wording_of(version: CriterionVersion) -> Wording:
    return Wording(
        owner=str(version.owner or ""),
        measured_by=version.measured_by,
        baseline=version.baseline,
        quality=version.quality,
        target=version.target,
        deadline=version.deadline,
        value=version.value,
    )
