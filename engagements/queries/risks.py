"""Reads of risks, worst first."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from engagements.models import Risk

# From which score on a risk is watched, and from which somebody has to act.
WATCHED, ACTED_ON = 8, 15


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One line of the register."""

    id: UUID
    title: str
    probability: int
    impact: int
    score: int
    band: str
    owner: str
    mitigation: str
    due_date: date | None
    overdue: bool
    state: str
    state_label: str
    from_gate: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The risks of an engagement, worst first, and what there is to say about all of them."""

    rows: tuple[RiskRow, ...]
    closed: tuple[RiskRow, ...]

    @property
    def severe(self) -> int:
        return sum(row.band == "act" for row in self.rows)

    @property
    def unattended(self) -> int:
        """Severe risks without an owner or without a mitigation plan."""
        return sum(row.band == "act" and not (row.owner and row.mitigation) for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)


def get_risks(*, engagement_id: UUID | None = None) -> QuerySet[Risk]:
    """Risks with their owners, of one engagement or of all, the worst first."""
    rows = Risk.objects.select_related("owner", "owner_at_customer", "engagement")
    rows = rows.order_by(-(F("probability") * F("impact")), "created_at", "id")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_register(*, engagement_id: UUID, today: date) -> Register:
    rows = [risk_row(risk, today) for risk in get_risks(engagement_id=engagement_id)]
    return Register(
        rows=tuple(row for row in rows if row.state != Risk.State.CLOSED),
        closed=tuple(row for row in rows if row.state == Risk.State.CLOSED),
    )


def risk_row(risk: Risk, today: date) -> RiskRow:
    due = risk.mitigation_due_date
    return RiskRow(
        id=risk.pk,
        title=risk.title,
        probability=risk.probability,
        impact=risk.impact,
        score=risk.score,
        band=band_of(risk),
        owner=risk.owner_name,
        mitigation=risk.mitigation,
        due_date=due,
        overdue=risk.state == Risk.State.OPEN and due is not None and due < today,
        state=risk.state,
        state_label=risk.get_state_display(),
        from_gate=risk.source == Risk.Source.GATE,
    )


def band_of(risk: Risk) -> str:
    """act, watch or good: what happened needs somebody whatever its score, what is under control
    is only watched."""
    if risk.state == Risk.State.OCCURRED:
        return "act"
    if risk.state in (Risk.State.MITIGATED, Risk.State.CLOSED):
        return "good"
    if risk.score >= ACTED_ON:
        return "act"
    return "watch" if risk.score >= WATCHED else "good"
