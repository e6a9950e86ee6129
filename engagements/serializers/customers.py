"""Customers and engagements as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import Customer, Engagement, LicenceSeats
from engagements.serializers.fields import RowField, StaffField

MOST_SEATS = 100_000_000
# What a customer pays is for those who may see budgets.
MONEY = ("yearly_amount", "monthly_amount")


class OwnFields(serializers.Serializer[Any]):
    """Values of the workspace's own fields, by key, where the caller is told of them.

    Needs `own` in the context: the keys of the fields in use.
    """

    custom = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text=_(
            "Values of fields of your own, by key. What you leave out stays; null empties."
        ),
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        keys = self.context.get("own", ())
        said.pop("custom")
        if keys:
            said["custom"] = {key: instance.custom.get(key) for key in keys}
        return said


class References(serializers.DictField):
    """Ids in other systems by system; read from rows that the list brings along."""

    child = serializers.CharField(max_length=200)

    def to_representation(self, value: Any) -> dict[str, str]:
        return {entry["system"]: entry["value"] for entry in value}


class CustomerSerializer(OwnFields, serializers.ModelSerializer[Customer]):
    csm = StaffField(required=False, allow_null=True, help_text=_("Somebody of us, by e-mail."))
    seats = serializers.IntegerField(
        min_value=0,
        max_value=MOST_SEATS,
        required=False,
        allow_null=True,
        help_text=_("Today’s; what you write counts from today on."),
    )
    references = References(
        required=False,
        help_text=_("Ids in other systems, such as salesforce. What you write are all of them."),
    )
    monthly_amount = serializers.DecimalField(
        max_digits=14,
        decimal_places=2,
        read_only=True,
        allow_null=True,
        help_text=_("A twelfth of the yearly amount."),
    )

    class Meta:
        model = Customer
        fields = [
            "id",
            "external_id",
            "name",
            "time_zone",
            "segment",
            "industry",
            "currency",
            "yearly_amount",
            "monthly_amount",
            "renewal_date",
            "csm",
            "seats",
            "working_days",
            "holiday_region",
            "references",
            "custom",
            "created_at",
        ]
        read_only_fields = ["created_at"]
        extra_kwargs = {
            "working_days": {"help_text": _("Monday is 1; null is as the workspace.")},
            "holiday_region": {
                "help_text": _("Such as NO or DE-BY; empty for none, null is as the workspace.")
            },
            "time_zone": {"help_text": _("The workspace’s unless you say another.")},
            "currency": {"help_text": _("The workspace’s unless you say another.")},
        }

    def to_representation(self, instance: Customer) -> dict[str, Any]:
        said = super().to_representation(instance)
        hidden: tuple[str, ...] = () if self.context.get("sees_money", True) else MONEY
        hidden += () if self.context.get("is_staff", True) else ("references",)
        return {name: value for name, value in said.items() if name not in hidden}


class SeatsSerializer(serializers.ModelSerializer[LicenceSeats]):
    customer = RowField(Customer)

    class Meta:
        model = LicenceSeats
        fields = ["id", "customer", "from_date", "seats"]
        extra_kwargs = {"seats": {"max_value": MOST_SEATS}}


class EngagementSerializer(OwnFields, serializers.ModelSerializer[Engagement]):
    customer = RowField(Customer)
    csm = StaffField(required=False, allow_null=True, help_text=_("Somebody of us, by e-mail."))
    lead = serializers.CharField(
        source="lead.name",
        max_length=120,
        required=False,
        allow_blank=True,
        help_text=_("The SPL’s name; a new name becomes a stakeholder."),
    )

    class Meta:
        model = Engagement
        fields = [
            "id",
            "key",
            "customer",
            "name",
            "phase",
            "mode",
            "problem",
            "currency",
            "lead",
            "csm",
            "start_date",
            "go_live_date",
            "hypercare_end_date",
            "sign_off_date",
            "larger_scope_date",
            "custom",
            "forecast_finish_date",
            "forecast_at",
            "created_at",
            "changed_at",
        ]
        read_only_fields = ["forecast_finish_date", "forecast_at", "created_at", "changed_at"]
        extra_kwargs = {"currency": {"help_text": _("The customer’s unless you say another.")}}
