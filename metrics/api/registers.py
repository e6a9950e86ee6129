"""What the registers of an engagement say, and many readings in one call."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.models import Engagement
from engagements.queries import get_engagements
from metrics import operations, queries
from metrics.imports import Preview, read_readings
from metrics.models.readings import Way
from metrics.narrative.routes import routes_finding
from metrics.narrative.support import support_finding
from metrics.queries.acceptance import get_acceptance
from metrics.queries.routes import RoutesView, get_routes_view
from metrics.queries.support import coached_percent, get_support_view, percent_of
from metrics.serializers.registers import (
    AcceptanceSerializer,
    ReadingsSerializer,
    RouteSharesSerializer,
    SupportTrendSerializer,
    TakenSerializer,
)
from rendering.spreadsheets import Row, Table
from rendering.translation import said_by, translated
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Resource

COLUMNS = ("measure", "day", "amount", "note")


class OfEngagement(Resource):
    """Something that is said of one engagement."""

    permission_classes = [allows(area="measures", read="see_measures", write="edit_measures")]
    lookup_url_kwarg = "engagement_id"
    queryset = Engagement.objects.none()

    def get_queryset(self) -> QuerySet[Engagement]:
        return get_engagements()

    def today(self, row: Engagement) -> Any:
        return timezone.localdate(timezone=row.customer.zone)


class RouteSharesView(OfEngagement):
    """How much work takes the new route: a line a period, as the page of routes shows it."""

    one, many = _("the share of the new route"), _("shares of the new route")
    serializer_class = RouteSharesSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        today = self.today(row)
        view = get_routes_view(engagement_id=row.pk, today=today)
        said = {
            "period": view.period,
            "finding": translated(routes_finding(view.periods, view.others, today=today)),
            "prior": view.prior,
            "periods": _periods(view),
            "others": view.others,
        }
        return Response(self.get_serializer(said).data)


def _periods(view: RoutesView) -> list[dict[str, Any]]:
    names = view.names
    return [
        {
            "day": one.day,
            "new": one.new,
            "other": one.other,
            "share_percent": None if one.share is None else percent_of(one.share),
            "not_counted": [names[key] for key in one.unread],
        }
        for one in view.periods
    ]


class SupportTrendView(OfEngagement):
    """Whether callers are coached and fewer have to ask: a line a week, each over 28 days."""

    one, many = _("the trend of support"), _("trends of support")
    serializer_class = SupportTrendSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        today = self.today(row)
        view = get_support_view(engagement_id=row.pk, customer_id=row.customer_id, today=today)
        fields = ("day", "coached", "did_for", "unclassed", "how_to", "active_users", "per_hundred")
        points = [
            {name: getattr(one, name) for name in fields}
            | {"coached_percent": coached_percent(one)}
            for one in view.points
        ]
        finding = translated(support_finding(view.points, today=today))
        return Response(self.get_serializer({"finding": finding, "points": points}).data)


class AcceptanceView(OfEngagement):
    """Who can use the software, who does and whether they like it, each with its source’s day."""

    one, many = _("the acceptance of the software"), _("acceptance of the software")
    serializer_class = AcceptanceSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        found = get_acceptance(
            engagement_id=row.pk,
            customer_id=row.customer_id,
            today=self.today(row),
            now=timezone.now(),
        )
        return Response(self.get_serializer(found).data)


class ReadingsView(OfEngagement):
    """Readings of many measures in one call, such as response time, failed requests and uptime of a
    day. What a measure cannot be is refused: uptime is 0 to 100 %, a time is not negative."""

    one, many = _("readings of an engagement"), _("readings of an engagement")
    serializer_class = ReadingsSerializer

    @extend_schema(
        request=ReadingsSerializer, responses=TakenSerializer, summary=_("Send many readings")
    )
    def record(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All of them come in, or none; a reading that is known already changes nothing."""
        row = self.get_object()
        asked = self.checked(ReadingsSerializer)
        preview = read_readings(
            table=_table(asked["readings"]),
            measures=list(queries.get_measures(engagement_id=row.pk)),
            today=self.today(row),
        )
        _refuse_faults(preview)
        try:
            taken = operations.record_readings(
                items=preview.items,
                now=timezone.now(),
                today=self.today(row),
                recorded_by=self.by,
                way=Way.API,
                reason=asked["reason"],
            )
        except operations.ReadingRefused as refusal:
            raise ValidationError({"readings": said_by(refusal)}) from refusal
        return Response(TakenSerializer(taken).data)


def _table(readings: list[dict[str, Any]]) -> Table:
    """As a file would say it, so that file and call are taken alike."""
    return Table(
        COLUMNS,
        tuple(
            Row(at, {name: str(one[name]) for name in COLUMNS}) for at, one in enumerate(readings)
        ),
    )


def _refuse_faults(preview: Preview) -> None:
    if preview.faults:
        raise ValidationError({f"readings.{fault.line}": fault.words for fault in preview.faults})


def _of(name: str, view: Any) -> Any:
    return path(f"engagements/<uuid:engagement_id>/{name}/", view, name=name)


routes = [
    _of("route-shares", RouteSharesView.as_view({"get": "retrieve"})),
    _of("support-trend", SupportTrendView.as_view({"get": "retrieve"})),
    _of("acceptance", AcceptanceView.as_view({"get": "retrieve"})),
    _of("readings", ReadingsView.as_view({"post": "record"})),
]
