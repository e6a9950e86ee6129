"""Routes of requests and what was counted on them over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api.gate import of_same_customer, passed, today_at
from engagements.forms.routes import RouteForm
from engagements.models import Engagement, RouteVolume, WorkRoute
from engagements.models.routes import Way
from engagements.operations import routes as operations
from engagements.operations.routes import Counted, NewVolume
from engagements.periods import Period, last_day
from engagements.queries import routes as queries
from engagements.serializers.routes import (
    CountedSerializer,
    RouteSerializer,
    VolumeSerializer,
    VolumesSerializer,
)
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed

REGISTERS = allows(area="measures", read="see_engagement", write="edit_engagement")


class RouteViewSet(Listed, Made, Changed, Removed):
    """Ways of making requests: the new software, and what it replaces, with the days on which these
    are to be shut off and were. One that is removed takes its volumes out of every figure."""

    one, many = _("a route"), _("routes")
    permission_classes = [REGISTERS]
    serializer_class = RouteSerializer
    lookup_url_kwarg = "work_route_id"
    filterset_fields = ["engagement", "customer", "kind"]
    fixed = frozenset({"engagement"})
    queryset = WorkRoute.objects.none()

    def get_queryset(self) -> QuerySet[WorkRoute]:
        return queries.get_routes()

    def make(self, fields: dict[str, Any]) -> WorkRoute:
        engagement = fields.pop("engagement")
        fields = self._passed(fields, engagement, None)
        return operations.add_route(engagement=engagement, fields=fields, by=self.by)

    def change(self, row: WorkRoute, fields: dict[str, Any]) -> None:
        fields = self._passed(fields, row.engagement, row)
        operations.change_route(route=row, fields=fields, by=self.by)

    def remove(self, row: WorkRoute) -> None:
        operations.delete_route(route=row, now=timezone.now())

    def _passed(
        self, fields: dict[str, Any], engagement: Engagement, row: WorkRoute | None
    ) -> dict[str, Any]:
        today = today_at(engagement.customer)
        said: dict[str, Any] = passed(RouteForm, fields, row, engagement=engagement, today=today)
        of_same_customer(engagement.customer_id, said, "owner_at_customer")
        ours, theirs = said.get("owner"), said.get("owner_at_customer")
        if ours and theirs:
            words = gettext("A route has one owner: name one of us or one of theirs.")
            raise ValidationError({"owner_at_customer": words})
        other = {"owner_at_customer": None} if ours else {"owner": None} if theirs else {}
        return said | other


class VolumeFilters(Filters):
    engagement = filters.UUIDFilter(
        field_name="route__engagement_id", label=_("The engagement the route belongs to.")
    )
    since = filters.DateFilter(
        field_name="day", lookup_expr="gte", label=_("Of this day or later.")
    )
    until = filters.DateFilter(
        field_name="day", lookup_expr="lte", label=_("Of this day or before.")
    )

    class Meta:
        model = RouteVolume
        fields = ["route", "customer", "period"]


class VolumeViewSet(Listed, Made, Removed):
    """How many requests took a route in a week or a month. A second volume of a period replaces the
    first; many come in one call under `many/`, all of them or none."""

    one, many = _("a volume of a route"), _("volumes of routes")
    permission_classes = [REGISTERS]
    serializer_class = VolumeSerializer
    lookup_url_kwarg = "route_volume_id"
    filterset_class = VolumeFilters
    queryset = RouteVolume.objects.none()

    def get_queryset(self) -> QuerySet[RouteVolume]:
        return queries.get_volumes()

    def make(self, fields: dict[str, Any]) -> RouteVolume:
        route, day = fields["route"], fields["day"]
        period = _period(route.engagement, fields.get("period"))
        self._record(route.engagement, [NewVolume(route, day, fields["amount"])], period)
        return RouteVolume.objects.get(route=route, day=last_day(period, day))

    def remove(self, row: RouteVolume) -> None:
        operations.remove_volume(volume=row)

    @extend_schema(
        request=VolumesSerializer, responses=CountedSerializer, summary=_("Send many volumes")
    )
    @action(detail=False, methods=["post"], url_path="many")
    def send_many(self, request: Request, **_ids: Any) -> Response:
        """All of them come in, or none; what is known already changes nothing."""
        asked = self.checked(VolumesSerializer)
        engagement = asked["engagement"]
        items = [NewVolume(**one) for one in asked["volumes"]]
        _refuse_strangers(engagement, items)
        period = _period(engagement, asked.get("period"))
        return Response(CountedSerializer(self._record(engagement, items, period)).data)

    def _record(self, engagement: Engagement, items: list[NewVolume], period: Period) -> Counted:
        return operations.record_volumes(
            engagement=engagement,
            items=items,
            period=period,
            today=today_at(engagement.customer),
            by=self.by,
            way=Way.API,
        )


def _period(engagement: Engagement, asked: str | None) -> Period:
    if asked:
        return Period(asked)
    return queries.get_route_period(engagement_id=engagement.pk) or Period.WEEK


def _refuse_strangers(engagement: Engagement, items: list[NewVolume]) -> None:
    strange = [
        at
        for at, item in enumerate(items)
        if item.route.engagement_id != engagement.pk or item.route.deleted_at is not None
    ]
    if strange:
        words = gettext("This is no route of the engagement.")
        raise ValidationError({f"volumes.{at}.route": words for at in strange})


router_entries = [
    ("routes", RouteViewSet, "route"),
    ("route-volumes", VolumeViewSet, "route-volume"),
]
