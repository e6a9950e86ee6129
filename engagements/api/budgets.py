"""Budgets and costs of engagements over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from engagements import operations
from engagements.api.gate import passed, today_at
from engagements.forms import BudgetLineForm, CostForm
from engagements.models import BudgetLine, CostEntry
from engagements.queries.spending import get_lines
from engagements.serializers.budgets import BudgetLineSerializer, CostSerializer
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed

MONEY = allows(area="money", read="see_budget", write="edit_engagement")


class BudgetLineViewSet(Listed, Made, Changed):
    """Money set aside for one purpose each, with what was promised, paid and earned on it."""

    one, many = _("a budget line"), _("budget lines")
    permission_classes = [MONEY]
    serializer_class = BudgetLineSerializer
    lookup_url_kwarg = "line_id"
    filterset_fields = ["engagement", "customer", "category", "impact_group", "work_stream"]
    fixed = frozenset({"engagement"})
    queryset = BudgetLine.objects.none()

    def get_queryset(self) -> QuerySet[BudgetLine]:
        return get_lines()

    def make(self, fields: dict[str, Any]) -> BudgetLine:
        engagement = fields.pop("engagement")
        fields = passed(BudgetLineForm, fields, engagement=engagement)
        return operations.add_budget_line(engagement=engagement, fields=fields)

    def change(self, row: BudgetLine, fields: dict[str, Any]) -> None:
        fields = passed(BudgetLineForm, fields, row, engagement=row.engagement)
        operations.change_budget_line(line=row, fields=fields)


class CostFilters(Filters):
    engagement = filters.UUIDFilter(
        field_name="line__engagement_id", label=_("The engagement the line belongs to.")
    )
    since = filters.DateFilter(
        field_name="day", lookup_expr="gte", label=_("Of this day or later.")
    )
    until = filters.DateFilter(
        field_name="day", lookup_expr="lte", label=_("Of this day or before.")
    )

    class Meta:
        model = CostEntry
        fields = ["line", "customer", "kind"]


class CostViewSet(Listed, Made, Removed):
    """Amounts promised or paid on budget lines. A wrong one is taken back and entered anew."""

    one, many = _("a cost"), _("costs")
    permission_classes = [MONEY]
    serializer_class = CostSerializer
    lookup_url_kwarg = "cost_id"
    filterset_class = CostFilters
    queryset = CostEntry.objects.none()

    def get_queryset(self) -> QuerySet[CostEntry]:
        return CostEntry.objects.select_related("line__engagement__customer", "recorded_by")

    def make(self, fields: dict[str, Any]) -> CostEntry:
        line = fields.pop("line")
        engagement = line.engagement
        fields = passed(
            CostForm,
            fields,
            today=today_at(engagement.customer),
            currency=engagement.currency,
        )
        return operations.enter_cost(line=line, fields=fields, by=self.by)

    def remove(self, row: CostEntry) -> None:
        operations.take_back_cost(cost=row)


router_entries = [
    ("budget-lines", BudgetLineViewSet, "budget-line"),
    ("costs", CostViewSet, "cost"),
]
