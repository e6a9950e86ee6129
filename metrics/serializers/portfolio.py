"""Foresight and growth, as the API gives them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.foresight import Decision, Signal
from metrics.growth import LeftOut
from metrics.queries import (
    DecidedCase,
    Foresight,
    GrownCustomer,
)


class GrowthAskedSerializer(serializers.Serializer[Any]):
    since = serializers.DateField(
        required=False, help_text=_("Growth counts from this day; usually a quarter ago.")
    )


class GrownCustomerSerializer(serializers.Serializer[GrownCustomer]):
    """Adoption is the active people's share of the seats of the day: 1 is all of them."""

    customer = serializers.UUIDField(source="customer_id")
    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    adoption_then = serializers.FloatField(source="account.then", allow_null=True)
    adoption_now = serializers.FloatField(source="account.now", allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    seats_then = serializers.FloatField(source="account.seats")
    left_out = serializers.ChoiceField(choices=[one.value for one in LeftOut], allow_null=True)


class GrowthLineSerializer(serializers.Serializer[Any]):
    """One CSM; `difference` is over the customers that count, weighed by their seats then."""

    csm = serializers.UUIDField(source="csm_id")
    name = serializers.CharField(source="csm_name")
    difference = serializers.FloatField(source="growth.difference", allow_null=True)
    seats = serializers.FloatField(source="growth.seats")
    coverage = serializers.FloatField(help_text=_("The share of the customers that counts."))
    customers = GrownCustomerSerializer(many=True)


class ForesightAskedSerializer(serializers.Serializer[Any]):
    signal = serializers.ChoiceField(
        choices=[one.value for one in Signal], required=False, default=Signal.HEALTH.value
    )
    days = serializers.IntegerField(min_value=1, max_value=730, required=False, default=90)


class DecidedCaseSerializer(serializers.Serializer[DecidedCase]):
    customer = serializers.UUIDField(source="customer_id")
    decision = serializers.ChoiceField(
        source="case.decision", choices=[one.value for one in Decision]
    )
    decided_date = serializers.DateField()
    asked_date = serializers.DateField(help_text=_("The day the figure is of."))
    amount = serializers.FloatField(source="case.amount", allow_null=True)
    band = serializers.CharField(source="band.key", default=None, allow_null=True)
    missed = serializers.BooleanField(source="is_missed")


class ForesightSerializer(serializers.Serializer[Foresight]):
    """What a figure, from 0 to 100, said some days before each decision."""

    signal = serializers.ChoiceField(choices=[one.value for one in Signal])
    days = serializers.IntegerField(source="test.days")
    known = serializers.IntegerField(source="test.known")
    lost = serializers.IntegerField(source="test.lost")
    foreseen = serializers.IntegerField(source="test.foreseen")
    warned = serializers.IntegerField(source="test.warned")
    hit_rate = serializers.FloatField(
        source="test.hit_rate", allow_null=True, help_text=_("Not told below ten decisions.")
    )
    cases = DecidedCaseSerializer(many=True)
