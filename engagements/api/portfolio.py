"""Fields of a workspace's own, covers, hand-overs and merges over the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations
from engagements.models import Cover, CustomerMerge, CustomField, HandOver
from engagements.serializers.portfolio import (
    CoverSerializer,
    CustomFieldSerializer,
    HandOverSerializer,
    MergeSerializer,
)
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made


class CustomFieldViewSet(Listed, Made, Changed):
    """Fields of the workspace's own, on customers and on engagements, which carry the values
    under `custom`. The key and the type stay once there are values.
    """

    one, many = _("a field of your own"), _("fields of your own")
    permission_classes = [allows(area="customers", read="see_customers", write="manage_workspace")]
    serializer_class = CustomFieldSerializer
    lookup_url_kwarg = "field_id"
    filterset_fields = ["kind", "key", "type"]
    fixed = frozenset({"kind"})
    queryset = CustomField.objects.none()

    def get_queryset(self) -> QuerySet[CustomField]:
        return CustomField.objects.all()

    def make(self, fields: dict[str, Any]) -> CustomField:
        return operations.add_custom_field(kind=fields.pop("kind"), fields=fields)

    def change(self, row: CustomField, fields: dict[str, Any]) -> None:
        operations.change_custom_field(field=row, fields=fields)


class HandOverFilters(Filters):
    from_user = CharFilter(field_name="from_user__email")
    to_user = CharFilter(field_name="to_user__email")

    class Meta:
        model = HandOver
        fields: ClassVar[list[str]] = []


class CoverViewSet(Listed, Made):
    """Who looks after whose customers from one day to another; it ends by itself."""

    one, many = _("a cover"), _("covers")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_customers")]
    serializer_class = CoverSerializer
    lookup_url_kwarg = "cover_id"
    filterset_fields = ["from_date", "to_date"]
    queryset = Cover.objects.none()

    def get_queryset(self) -> QuerySet[Cover]:
        return Cover.objects.select_related("person", "stand_in")

    def make(self, fields: dict[str, Any]) -> Cover:
        return operations.arrange_cover(**{"note": ""} | fields, by=self.by)

    @extend_schema(request=None, responses=CoverSerializer, summary=_("End a cover"))
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.cancel_cover(cover=row, now=timezone.now())
        return Response(self.shown(row.pk))


class HandOverViewSet(Listed, Made):
    """Customers that went from one CSM to another for good; a hand-over can be undone."""

    one, many = _("a hand-over"), _("hand-overs")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_customers")]
    serializer_class = HandOverSerializer
    lookup_url_kwarg = "hand_over_id"
    filterset_class = HandOverFilters
    queryset = HandOver.objects.none()

    def get_queryset(self) -> QuerySet[HandOver]:
        return HandOver.objects.select_related("from_user", "to_user", "handed_over_by")

    def make(self, fields: dict[str, Any]) -> HandOver:
        usual: dict[str, Any] = {"note": "", "with_work": True}
        return operations.hand_over(**usual | fields, by=self.by, now=timezone.now())

    @extend_schema(request=None, responses=HandOverSerializer, summary=_("Undo a hand-over"))
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.undo_hand_over(made=row, now=timezone.now())
        return Response(self.shown(row.pk))


class MergeViewSet(Listed, Made):
    """Customers that went into another one; what still names `gone` is taken for `kept`. A merge
    can be undone for a week.
    """

    one, many = _("a merge"), _("merges")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_customers")]
    serializer_class = MergeSerializer
    lookup_url_kwarg = "merge_id"
    filterset_fields = ["kept", "gone"]
    queryset = CustomerMerge.objects.none()

    def get_queryset(self) -> QuerySet[CustomerMerge]:
        return CustomerMerge.objects.select_related("merged_by")

    def make(self, fields: dict[str, Any]) -> CustomerMerge:
        return operations.merge_customers(**fields, by=self.by, now=timezone.now())

    @extend_schema(request=None, responses=MergeSerializer, summary=_("Undo a merge"))
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        operations.undo_merge(merge=row, now=timezone.now())
        return Response(self.shown(row.pk))


router_entries = [
    ("custom-fields", CustomFieldViewSet, "custom-field"),
    ("covers", CoverViewSet, "cover"),
    ("hand-overs", HandOverViewSet, "hand-over"),
    ("merges", MergeViewSet, "merge"),
]
