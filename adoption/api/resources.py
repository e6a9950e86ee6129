"""Resources of plans and what needs them over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adoption import operations, queries
from adoption.models import Assignment, Resource
from adoption.serializers.resources import AssignmentSerializer, ResourceSerializer
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed


class ResourceViewSet(Listed, Made, Changed, Removed):
    """People, roles and places that work needs, of an engagement or, without one, of the
    workspace. Deleting one archives it; what needs it stays as it is."""

    one, many = _("a resource"), _("resources")
    permission_classes = [allows(area="plan", read="see_plan", write="edit_plan")]
    serializer_class = ResourceSerializer
    lookup_url_kwarg = "resource_id"
    filterset_fields = ["engagement", "customer", "kind"]
    fixed = frozenset({"engagement"})
    queryset = Resource.objects.none()

    def get_queryset(self) -> QuerySet[Resource]:
        rows = Resource.objects.filter(archived_at=None)
        if self.by is None or self.allows("see_customers") or self.allows("edit_plan"):
            return rows
        return rows.filter(queries.is_person(self.by))

    def make(self, fields: dict[str, Any]) -> Resource:
        engagement = fields.pop("engagement", None)
        return operations.add_resource(engagement=engagement, fields=fields)

    def change(self, row: Resource, fields: dict[str, Any]) -> None:
        operations.change_resource(resource=row, fields=fields, now=timezone.now())

    def remove(self, row: Resource) -> None:
        operations.archive_resource(resource=row, now=timezone.now())


class AssignmentViewSet(Listed, Made, Changed, Removed):
    """Which work packages need which resources, and how much of each."""

    one, many = _("an assignment"), _("assignments")
    permission_classes = [allows(area="plan", read="see_plan", write="edit_plan")]
    serializer_class = AssignmentSerializer
    lookup_url_kwarg = "assignment_id"
    filterset_fields = ["package", "resource", "customer"]
    fixed = frozenset({"package", "resource"})
    queryset = Assignment.objects.none()

    def get_queryset(self) -> QuerySet[Assignment]:
        rows = Assignment.objects.select_related("package__plan", "resource").filter(
            package__plan__what_if_of=None
        )
        if self.by is None or self.allows("see_customers") or self.allows("edit_plan"):
            return rows
        mine = Resource.objects.filter(queries.is_person(self.by))
        return rows.filter(resource__in=mine)

    def make(self, fields: dict[str, Any]) -> Assignment:
        return operations.assign_resource(**fields, now=timezone.now())

    def change(self, row: Assignment, fields: dict[str, Any]) -> None:
        operations.change_assignment(
            assignment=row, units=fields.get("units", row.units), now=timezone.now()
        )

    def remove(self, row: Assignment) -> None:
        operations.unassign_resource(assignment=row, now=timezone.now())


router_entries = [
    ("resources", ResourceViewSet, "resource"),
    ("assignments", AssignmentViewSet, "assignment"),
]
