"""Customers and engagements over the API."""

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from rest_framework import mixins, viewsets

from engagements import queries
from engagements.models import Customer, Engagement, LicenceSeats
from engagements.serializers.customers import CustomerSerializer, EngagementSerializer
from tenancy.rest.permissions import allows


class WithoutDelete(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.ListModelMixin,
    viewsets.GenericViewSet[Any],
):
    """Rows of an engagement's history are changed or archived, never deleted over the API."""

    http_method_names = ["get", "head", "options", "post", "patch"]


class CustomerViewSet(WithoutDelete):
    """Customers. The seats are today's count; writing them adds to the history."""

    permission_classes = [allows(area="customers", read="see_engagement", write="edit_customers")]
    serializer_class = CustomerSerializer
    lookup_url_kwarg = "customer_id"
    lookup_value_converter = "uuid"
    filterset_fields = ["external_id", "segment", "time_zone"]
    queryset = Customer.objects.none()

    def get_queryset(self) -> QuerySet[Customer]:
        # East of here it may be tomorrow already.
        latest = timezone.localdate() + timedelta(days=1)
        valid = LicenceSeats.objects.filter(
            customer_id=OuterRef("pk"), from_date__lte=latest
        ).order_by("-from_date")
        return queries.get_customers().annotate(seats_now=Subquery(valid.values("seats")[:1]))


class EngagementViewSet(WithoutDelete):
    """Engagements, each of one customer."""

    permission_classes = [allows(area="customers", read="see_engagement", write="edit_engagement")]
    serializer_class = EngagementSerializer
    lookup_url_kwarg = "engagement_id"
    lookup_value_converter = "uuid"
    filterset_fields = ["key", "customer", "phase"]
    queryset = Engagement.objects.none()

    def get_queryset(self) -> QuerySet[Engagement]:
        return queries.get_engagements()


router_entries = [
    ("customers", CustomerViewSet, "customer"),
    ("engagements", EngagementViewSet, "engagement"),
]
