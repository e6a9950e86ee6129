"""Reads of the money of an engagement, in its one currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from engagements.budget import Burn, Line, burn, total
from engagements.models import BudgetLine, CostEntry, Engagement


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget line with its arithmetic."""

    id: UUID
    name: str
    category: str
    category_label: str
    group: str
    work_stream: str
    is_reserve: bool
    reason: str
    line: Line

    @property
    def asks_why(self) -> bool:
        """It deviates and nobody said why."""
        return self.line.notable and not self.reason


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the budget under one name: a category, an impact group or a work stream."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class Budget:
    """All lines, their sum, and the hypercare reserve by itself."""

    currency: str
    rows: tuple[BudgetRow, ...]
    whole: Line
    reserve: Line
    burn: Burn

    @property
    def deviating(self) -> tuple[BudgetRow, ...]:
        return tuple(row for row in self.rows if row.line.notable)

    @property
    def unexplained(self) -> int:
        return sum(row.asks_why for row in self.rows)

    @property
    def splits(self) -> tuple[tuple[tuple[Part, ...], str], ...]:
        """The same money by impact group and by work stream; a split nobody uses is empty."""
        return (
            (_parts((row.group, row.line) for row in self.rows), "group"),
            (_parts((row.work_stream, row.line) for row in self.rows), "work_stream"),
        )


def _parts(named: Iterable[tuple[str, Line]]) -> tuple[Part, ...]:
    """The lines under each name, the largest budget first; nothing when no line has a name."""
    found: dict[str, list[Line]] = {}
    for name, line in named:
        found.setdefault(name, []).append(line)
    if set(found) <= {""}:
        return ()
    parts = [Part(name, total(lines)) for name, lines in found.items()]
    return tuple(sorted(parts, key=lambda part: (-part.line.budget, part.name)))


def get_budget_lines(*, engagement_id: UUID) -> QuerySet[BudgetLine]:
    """The lines of an engagement with what is committed and paid on each."""
    return (
        BudgetLine.objects.filter(engagement_id=engagement_id)
        .select_related("impact_group")
        .order_by("created_at", "id")
    )


def get_budget(*, engagement: Engagement, today: date) -> Budget:
    lines = list(get_budget_lines(engagement_id=engagement.pk))
    spent = _spent(engagement.pk)
    rows = tuple(_row(line, *spent.get(line.pk, (None, None))) for line in lines)
    reserve = [row.line for row in rows if row.is_reserve]
    return Budget(
        currency=engagement.currency,
        rows=rows,
        whole=total(row.line for row in rows),
        reserve=total(reserve),
        burn=burn(reserve, _elapsed(engagement, today)),
    )


def _spent(engagement_id: UUID) -> dict[UUID, tuple[Decimal | None, Decimal | None]]:
    """(committed, paid) by line."""
    costs = CostEntry.objects.filter(line__engagement_id=engagement_id).order_by()
    kinds = CostEntry.Kind
    sums = costs.values_list("line_id").annotate(
        committed=Sum("amount", filter=Q(kind=kinds.COMMITTED)),
        paid=Sum("amount", filter=Q(kind=kinds.ACTUAL)),
    )
    return {line_id: (committed, paid) for line_id, committed, paid in sums}


def _row(line: BudgetLine, committed: Decimal | None, paid: Decimal | None) -> BudgetRow:
    return BudgetRow(
        id=line.pk,
        name=line.name,
        category=line.category,
        category_label=line.get_category_display(),
        group=line.impact_group.name if line.impact_group else "",
        work_stream=line.work_stream,
        is_reserve=line.is_reserve,
        reason=line.deviation_reason,
        line=Line(
            budget=line.amount,
            committed=committed or Decimal(0),
            actual=paid or Decimal(0),
            done=Decimal(line.percent_done) / 100,
        ),
    )


def _elapsed(engagement: Engagement, today: date) -> Decimal | None:
    """The share of the hypercare window that is over; None without one or before it begins."""
    begins, ends = engagement.go_live_date, engagement.hypercare_end_date
    if begins is None or ends is None or today < begins:
        return None
    length = (ends - begins).days + 1
    return min(Decimal(1), Decimal((today - begins).days + 1) / length)
