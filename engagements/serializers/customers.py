"""Customers and engagements as the API writes and reads them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements import operations
from engagements.models import Customer, Engagement
from engagements.queries import get_usual_zone
from people.models import User
from people.queries import get_staff
from tenancy.scope import current_tenant_id

MOST_SEATS = 100_000_000


class StaffField(serializers.SlugRelatedField[User]):
    """Somebody of the workspace, by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", queryset=User.objects.none(), **kwargs)

    def get_queryset(self) -> Any:
        people = get_staff(tenant_id=current_tenant_id())
        return User.objects.filter(pk__in=[person.pk for person in people])


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    csm = StaffField(required=False, allow_null=True)
    seats = serializers.IntegerField(
        min_value=0,
        max_value=MOST_SEATS,
        required=False,
        allow_null=True,
        write_only=True,
        help_text=_("From today on."),
    )

    class Meta:
        model = Customer
        fields = [
            "id",
            "external_id",
            "name",
            "time_zone",
            "segment",
            "renewal_date",
            "csm",
            "seats",
            "created_at",
        ]
        read_only_fields = ["created_at"]

    def create(self, validated_data: dict[str, Any]) -> Customer:
        seats = validated_data.pop("seats", None)
        zone = ZoneInfo(validated_data.get("time_zone") or get_usual_zone())
        return operations.create_customer(
            fields=validated_data, seats=seats, today=timezone.localdate(timezone=zone)
        )

    def update(self, instance: Customer, validated_data: dict[str, Any]) -> Customer:
        seats = validated_data.pop("seats", None)
        today = timezone.localdate(timezone=instance.zone)
        # What the list counted along is out of date from here.
        vars(instance).pop("seats_now", None)
        return operations.change_customer(
            customer=instance, fields=validated_data, seats=seats, today=today
        )

    def to_representation(self, instance: Customer) -> dict[str, Any]:
        if hasattr(instance, "seats_now"):
            seats = instance.seats_now
        else:
            seats = operations.seats_on(instance, timezone.localdate(timezone=instance.zone))
        return {**super().to_representation(instance), "seats": seats}


class CustomerField(serializers.PrimaryKeyRelatedField[Customer]):
    """A customer of the workspace, by id."""

    def get_queryset(self) -> Any:
        return Customer.objects.all()


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    customer = CustomerField(queryset=Customer.objects.none())
    csm = StaffField(required=False, allow_null=True)
    lead = serializers.CharField(
        source="lead.name",
        max_length=120,
        required=False,
        allow_blank=True,
        help_text=_("The SPL's name."),
    )

    class Meta:
        model = Engagement
        fields = [
            "id",
            "key",
            "customer",
            "name",
            "phase",
            "lead",
            "csm",
            "start_date",
            "go_live_date",
            "hypercare_end_date",
            "sign_off_date",
            "forecast_finish_date",
            "forecast_at",
            "created_at",
            "changed_at",
        ]
        read_only_fields = ["forecast_finish_date", "forecast_at", "created_at", "changed_at"]

    def create(self, validated_data: dict[str, Any]) -> Engagement:
        customer = validated_data.pop("customer")
        return operations.create_engagement(
            customer=customer, fields=_with_lead(customer, validated_data)
        )

    def update(self, instance: Engagement, validated_data: dict[str, Any]) -> Engagement:
        moved = validated_data.pop("customer", instance.customer)
        if moved != instance.customer:
            raise serializers.ValidationError(
                {"customer": "An engagement stays with its customer."}
            )
        fields = _with_lead(instance.customer, validated_data)
        return operations.change_engagement(engagement=instance, fields=fields)


def _with_lead(customer: Customer, fields: dict[str, Any]) -> dict[str, Any]:
    if "lead" not in fields:
        return fields
    name = fields.pop("lead")["name"]
    person = operations.name_stakeholder(customer=customer, name=name) if name else None
    return fields | {"lead": person}
