"""Customers, their seats and their engagements over the API."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.api.gate import passed
from engagements.api.own import WithOwnFields
from engagements.forms import CustomerForm, EngagementForm
from engagements.models import Customer, CustomerReference, Engagement, LicenceSeats
from engagements.serializers.customers import (
    CustomerSerializer,
    EngagementSerializer,
    SeatsSerializer,
)
from tenancy.rest.filters import ChangedSince
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made


class CustomerViewSet(WithOwnFields, Listed, Made, Changed):
    """Customers that are not archived. A field of your own narrows the list as `custom.<key>`."""

    one, many = _("a customer"), _("customers")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_customers")]
    serializer_class = CustomerSerializer
    lookup_url_kwarg = "customer_id"
    filterset_fields = ["external_id", "segment", "industry", "time_zone", "currency"]
    queryset = Customer.objects.none()

    def get_queryset(self) -> QuerySet[Customer]:
        # Each customer's day, by the customer's clock.
        local = Func(OuterRef("time_zone"), Value(timezone.now()), function="timezone")
        valid = LicenceSeats.objects.filter(
            customer_id=OuterRef("pk"), from_date__lte=Cast(local, DateField())
        ).order_by("-from_date")
        known_as = CustomerReference.objects.filter(customer_id=OuterRef("pk"))
        put_back = self.action == "restore"
        rows = Customer.objects.select_related("csm") if put_back else queries.get_customers()
        return rows.annotate(
            seats=Subquery(valid.values("seats")[:1]),
            references=ArraySubquery(
                known_as.order_by("system").values(entry=JSONObject(system="system", value="value"))
            ),
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {
            **super().get_serializer_context(),
            "sees_money": self.allows("see_budget"),
            "is_staff": self.allows("see_customers"),
        }

    def make(self, fields: dict[str, Any]) -> Customer:
        seats, references = fields.pop("seats", None), fields.pop("references", None)
        zone = ZoneInfo(fields.get("time_zone") or queries.get_usual_zone())
        return operations.create_customer(
            fields=passed(CustomerForm, fields),
            seats=seats,
            references=references,
            today=_today(zone),
        )

    def change(self, row: Customer, fields: dict[str, Any]) -> None:
        seats, references = fields.pop("seats", None), fields.pop("references", None)
        operations.change_customer(
            customer=row,
            fields=passed(CustomerForm, fields, row),
            seats=seats,
            references=references,
            today=_today(row.zone),
        )

    @extend_schema(request=None, responses={204: None}, summary=_("Archive a customer"))
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, **_ids: Any) -> Response:
        operations.archive_customer(customer=self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=None, responses=CustomerSerializer, summary=_("Bring an archived customer back")
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.restore_customer(customer=row)
        return Response(self.shown(row.pk))


def _today(zone: ZoneInfo) -> date:
    return timezone.localdate(timezone=zone)


class SeatsViewSet(Listed, Made):
    """Licence seats: each count holds from its day on. A count for a day that has one replaces it."""

    one, many = _("a count of licence seats"), _("licence seats")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_customers")]
    serializer_class = SeatsSerializer
    lookup_url_kwarg = "seats_id"
    filterset_fields = ["customer", "from_date"]
    queryset = LicenceSeats.objects.none()

    def get_queryset(self) -> QuerySet[LicenceSeats]:
        return LicenceSeats.objects.all()

    def make(self, fields: dict[str, Any]) -> LicenceSeats:
        return operations.state_seats(**fields)


class EngagementFilters(ChangedSince):
    class Meta:
        model = Engagement
        fields = ["key", "customer", "phase", "mode"]


class EngagementViewSet(WithOwnFields, Listed, Made, Changed):
    """Engagements, each of one customer. A field of your own narrows the list as `custom.<key>`."""

    one, many = _("an engagement"), _("engagements")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_engagement")]
    serializer_class = EngagementSerializer
    lookup_url_kwarg = "engagement_id"
    filterset_class = EngagementFilters
    fixed = frozenset({"customer"})
    queryset = Engagement.objects.none()

    def get_queryset(self) -> QuerySet[Engagement]:
        return queries.get_engagements()

    def make(self, fields: dict[str, Any]) -> Engagement:
        customer = fields.pop("customer")
        fields = passed(EngagementForm, _with_lead(customer, fields))
        return operations.create_engagement(customer=customer, fields=fields)

    def change(self, row: Engagement, fields: dict[str, Any]) -> None:
        fields = passed(EngagementForm, _with_lead(row.customer, fields), row)
        operations.change_engagement(engagement=row, fields=fields)

    @extend_schema(request=None, responses=EngagementSerializer, summary=_("Archive an engagement"))
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.archive_engagement(engagement=row, now=timezone.now())
        return Response(self.shown(row.pk))

    @extend_schema(
        request=None, responses=EngagementSerializer, summary=_("Bring an archived engagement back")
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.restore_engagement(engagement=row)
        return Response(self.shown(row.pk))


def _with_lead(customer: Customer, fields: dict[str, Any]) -> dict[str, Any]:
    if "lead" not in fields:
        return fields
    name = fields.pop("lead")["name"]
    person = operations.name_stakeholder(customer=customer, name=name) if name else None
    return fields | {"lead": person}


router_entries = [
    ("customers", CustomerViewSet, "customer"),
    ("seats", SeatsViewSet, "seats"),
    ("engagements", EngagementViewSet, "engagement"),
]
