"""Changes to the money of an engagement."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import BudgetLine, CostEntry, Engagement
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit

LINE_FIELDS = frozenset(
    {
        "name",
        "category",
        "impact_group",
        "work_stream",
        "amount",
        "percent_done",
        "deviation_reason",
    }
)
COST_FIELDS = frozenset({"kind", "day", "amount", "note"})


@transaction.atomic
def add_budget_line(*, engagement: Engagement, fields: Mapping[str, Any]) -> BudgetLine:
    """Raises ValidationError, keyed by field."""
    line = BudgetLine(
        customer_id=engagement.customer_id, engagement=engagement, **known(fields, LINE_FIELDS)
    )
    save(line, named_by="name")
    _record("budget.line_added", line, {"amount": line.amount, "currency": engagement.currency})
    return line


@transaction.atomic
def change_budget_line(*, line: BudgetLine, fields: Mapping[str, Any]) -> BudgetLine:
    """Raises ValidationError, keyed by field."""
    changed = change(line, known(fields, LINE_FIELDS), named_by="name")
    if changed.get("deviation_reason", ["", ""])[1]:
        _put_reason(line)
    if changed:
        _record("budget.line_changed", line, changed)
    return line


@transaction.atomic
def drop_budget_line(*, line: BudgetLine) -> None:
    """A line that came by mistake. Raises ValidationError once money was promised or spent on it."""
    if line.costs.exists():
        words = {"line": line.name}
        raise ValidationError(_("Money was promised or spent on “%(line)s” already.") % words)
    _record("budget.line_dropped", line, {"amount": line.amount})
    line.delete()


@transaction.atomic
def enter_cost(*, line: BudgetLine, fields: Mapping[str, Any], by: User | None) -> CostEntry:
    """Raises ValidationError, keyed by field."""
    cost = CostEntry(
        customer_id=line.customer_id, line=line, recorded_by=by, **known(fields, COST_FIELDS)
    )
    save(cost, named_by="amount")
    _record("budget.cost_entered", line, _facts(cost))
    return cost


@transaction.atomic
def take_back_cost(*, cost: CostEntry) -> None:
    _record("budget.cost_taken_back", cost.line, _facts(cost))
    cost.delete()


def _put_reason(line: BudgetLine) -> None:
    words = {"line": line.name, "reason": line.deviation_reason}
    put_on_timeline(
        engagement=line.engagement,
        kind="budget.explained",
        text=_("Why the budget line %(line)s deviates: %(reason)s") % words,
        url=inside("engagements:budget", line.engagement_id),
    )


def _facts(cost: CostEntry) -> dict[str, Any]:
    return {
        "kind": cost.kind,
        "amount": cost.amount,
        "currency": cost.line.engagement.currency,
        "day": cost.day,
    }


def _record(action: str, line: BudgetLine, facts: Mapping[str, Any]) -> None:
    audit.record(action=action, subject=line, facts=facts, about_customer_id=line.customer_id)
