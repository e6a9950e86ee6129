"""Fields of a workspace's own, covers and merges over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagements import operations
from engagements.models import Cover, CustomerMerge, CustomField
from engagements.serializers.portfolio import (
    CoverSerializer,
    CustomFieldSerializer,
    MergeSerializer,
)
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


class MergeViewSet(Listed):
    """Customers that went into another one; what still names `gone` is taken for `kept`."""

    one, many = _("a merge"), _("merges")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_customers")]
    serializer_class = MergeSerializer
    lookup_url_kwarg = "merge_id"
    filterset_fields = ["kept", "gone"]
    queryset = CustomerMerge.objects.none()

    def get_queryset(self) -> QuerySet[CustomerMerge]:
        return CustomerMerge.objects.select_related("merged_by")


router_entries = [
    ("custom-fields", CustomFieldViewSet, "custom-field"),
    ("covers", CoverViewSet, "cover"),
    ("merges", MergeViewSet, "merge"),
]
