"""What was promised and what came of it over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from engagements import operations
from engagements.api.gate import of_same_customer, passed, today_at
from engagements.forms import OutcomeForm, QuickWinForm, ServiceForm
from engagements.models import Customer, Engagement, Outcome, QuickWin, ScopeService
from engagements.serializers.promise import (
    OutcomeSerializer,
    QuickWinSerializer,
    ServiceSerializer,
)
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed

PROMISED = allows(area="customers", read="see_engagement", write="edit_engagement")


class ServiceViewSet(Listed, Made, Changed, Removed):
    """Services in the scope of engagements: phase 1 is the quick win, phase 2 the larger scope."""

    one, many = _("a service in scope"), _("services in scope")
    permission_classes = [PROMISED]
    serializer_class = ServiceSerializer
    lookup_url_kwarg = "service_id"
    filterset_fields = ["engagement", "customer", "stage"]
    fixed = frozenset({"engagement"})
    queryset = ScopeService.objects.none()

    def get_queryset(self) -> QuerySet[ScopeService]:
        return ScopeService.objects.all()

    def make(self, fields: dict[str, Any]) -> ScopeService:
        engagement = fields.pop("engagement")
        fields = passed(ServiceForm, fields, ScopeService(engagement=engagement))
        return operations.add_service(engagement=engagement, fields=fields)

    def change(self, row: ScopeService, fields: dict[str, Any]) -> None:
        operations.change_service(service=row, fields=passed(ServiceForm, fields, row))

    def remove(self, row: ScopeService) -> None:
        operations.remove_service(service=row)


class QuickWinViewSet(Listed, Made):
    """Phase 1 results, each with the evidence that earned the larger scope."""

    one, many = _("a quick win"), _("quick wins")
    permission_classes = [PROMISED]
    serializer_class = QuickWinSerializer
    lookup_url_kwarg = "win_id"
    filterset_fields = ["engagement", "customer"]
    queryset = QuickWin.objects.none()

    def get_queryset(self) -> QuerySet[QuickWin]:
        return QuickWin.objects.select_related("recorded_by")

    def make(self, fields: dict[str, Any]) -> QuickWin:
        engagement = fields.pop("engagement")
        fields = passed(QuickWinForm, fields, today=today_at(engagement.customer))
        return operations.record_quick_win(engagement=engagement, fields=fields, by=self.by)


class OutcomeFilters(Filters):
    since = filters.DateFilter(
        field_name="decided_date", lookup_expr="gte", label=_("Decided on this day or later.")
    )
    until = filters.DateFilter(
        field_name="decided_date", lookup_expr="lte", label=_("Decided on this day or before.")
    )

    class Meta:
        model = Outcome
        fields = ["customer", "engagement", "kind", "currency"]


class OutcomeViewSet(Listed, Made):
    """What customers decided at the end of a term: renewal, expansion, reduction or churn."""

    one, many = _("an outcome"), _("outcomes")
    permission_classes = [PROMISED]
    serializer_class = OutcomeSerializer
    lookup_url_kwarg = "outcome_id"
    filterset_class = OutcomeFilters
    queryset = Outcome.objects.none()

    def get_queryset(self) -> QuerySet[Outcome]:
        return Outcome.objects.select_related("recorded_by")

    def make(self, fields: dict[str, Any]) -> Outcome:
        customer = _customer_of(fields)
        of_same_customer(customer.pk, fields, "engagement")
        fields = passed(OutcomeForm, fields, today=timezone.localdate(timezone=customer.zone))
        return operations.record_outcome(customer=customer, fields=fields, by=self.by)


def _customer_of(fields: dict[str, Any]) -> Customer:
    engagement: Engagement | None = fields.get("engagement")
    customer: Customer | None = fields.pop("customer", None)
    if customer is not None:
        return customer
    if engagement is None:
        raise ValidationError({"customer": gettext("Say which customer decided.")})
    of_engagement: Customer = engagement.customer
    return of_engagement


router_entries = [
    ("services", ServiceViewSet, "service"),
    ("quick-wins", QuickWinViewSet, "quick-win"),
    ("outcomes", OutcomeViewSet, "outcome"),
]
