"""What registers say, and many readings at once, as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

MOST_AT_ONCE = 1000


class PeriodSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=_("The last day of the week or month."))
    new_route = serializers.FloatField(source="new")
    other_routes = serializers.FloatField(source="other")
    share_percent = serializers.FloatField(
        allow_null=True, help_text=_("Null where not every route was counted.")
    )
    not_counted = serializers.ListField(child=serializers.CharField())


class StandingSerializer(serializers.Serializer[Any]):
    route = serializers.UUIDField(source="route.key")
    name = serializers.CharField(source="route.name")
    state = serializers.CharField(
        help_text=_("unplanned, open, overdue, shut, or leaking: used after it was shut off.")
    )
    shut_off_date = serializers.DateField(source="route.shut_off_date", allow_null=True)
    shut_date = serializers.DateField(source="route.shut_date", allow_null=True)
    share = serializers.FloatField(
        allow_null=True, help_text=_("Of all requests when it was last counted, 0 to 1.")
    )


class PriorSerializer(serializers.Serializer[Any]):
    amount = serializers.FloatField()
    note = serializers.CharField()


class RouteSharesSerializer(serializers.Serializer[Any]):
    period = serializers.CharField(allow_null=True, help_text=_("week or month"))
    finding = serializers.CharField()
    prior = PriorSerializer(
        allow_null=True, help_text=_("What the system before had, in percent, as it was agreed.")
    )
    periods = PeriodSerializer(many=True)
    others = StandingSerializer(many=True)


class ContactsPointSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=_("The last of the 28 days."))
    coached = serializers.IntegerField()
    did_for = serializers.IntegerField()
    other = serializers.IntegerField(source="unclassed")
    coached_percent = serializers.FloatField(allow_null=True)
    how_to = serializers.IntegerField()
    active_users = serializers.IntegerField(allow_null=True)
    how_to_per_100 = serializers.FloatField(source="per_hundred", allow_null=True)


class SupportTrendSerializer(serializers.Serializer[Any]):
    finding = serializers.CharField()
    points = ContactsPointSerializer(many=True)


class AvailableSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    with_access = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    as_of = serializers.DateField()


class UsedSerializer(serializers.Serializer[Any]):
    users = serializers.IntegerField(help_text=_("Active in 28 days."))
    seats = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(source="utilisation", allow_null=True)
    as_of = serializers.DateField(source="day")


class LikedSerializer(serializers.Serializer[Any]):
    survey = serializers.UUIDField(source="id")
    instrument = serializers.CharField()
    score = serializers.FloatField(source="score.value")
    answers = serializers.IntegerField(source="score.n")
    asked_at = serializers.DateTimeField(source="opened_at")


class AcceptanceSerializer(serializers.Serializer[Any]):
    available = AvailableSerializer()
    used = UsedSerializer(allow_null=True)
    liked = LikedSerializer(allow_null=True)


class NewReadingSerializer(serializers.Serializer[Any]):
    measure = serializers.CharField(
        max_length=120,
        help_text=_(
            "The measure’s id, the key of its definition such as uptime, or its name, as files say"
            " it."
        ),
    )
    day = serializers.DateField(help_text=_("A day that is over."))
    amount = serializers.FloatField(help_text=_("In the unit of the measure."))
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ReadingsSerializer(serializers.Serializer[Any]):
    """Readings of one engagement’s measures: those of system performance, and all others that
    nothing computes."""

    readings = serializers.ListField(
        child=NewReadingSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )
    reason = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("Why readings that a day has already are corrected."),
    )


class TakenSerializer(serializers.Serializer[Any]):
    """What became of the readings."""

    new = serializers.IntegerField()
    corrected = serializers.IntegerField()
    same = serializers.IntegerField(help_text=_("Known already, as it was sent."))
