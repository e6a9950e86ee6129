"""Checklists of work packages, and what is said of them, over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import PermissionDenied

from adoption import operations
from adoption.api.packages import REPORTING, refuse
from adoption.models import CheckItem, PackageComment, WorkPackage
from adoption.serializers.talking import CheckItemSerializer, PackageCommentSerializer
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed


class _OfPackage(Filters):
    engagement = filters.UUIDFilter(field_name="package__plan__engagement_id")


class CheckItemFilters(_OfPackage):
    class Meta:
        model = CheckItem
        fields = ["package", "customer"]


class PackageCommentFilters(_OfPackage):
    class Meta:
        model = PackageComment
        fields = ["package", "customer"]


class CheckItemViewSet(Listed, Made, Changed, Removed):
    """Lines of the checklists of work packages. Whoever may not change plans ticks those of the
    packages that are theirs."""

    one, many = _("a line of a checklist"), _("lines of checklists")
    permission_classes = [REPORTING]
    serializer_class = CheckItemSerializer
    lookup_url_kwarg = "item_id"
    filterset_class = CheckItemFilters
    fixed = frozenset({"package"})
    queryset = CheckItem.objects.none()

    def get_queryset(self) -> QuerySet[CheckItem]:
        rows = CheckItem.objects.filter(package__plan__what_if_of=None)
        return rows.select_related("package", "done_by")

    def make(self, fields: dict[str, Any]) -> CheckItem:
        package = of_the_plan(fields["package"])
        refuse(self.request, package, "change")
        said = {"by": self.by, "now": timezone.now()}
        item = operations.add_check_item(package=package, text=fields["text"], **said)
        if fields.get("is_done"):
            operations.tick_item(item=item, **said)
        return item

    def change(self, row: CheckItem, fields: dict[str, Any]) -> None:
        said = {"by": self.by, "now": timezone.now()}
        if "is_done" in fields:
            refuse(self.request, row.package, "tick")
            act = operations.tick_item if fields["is_done"] else operations.untick_item
            act(item=row, **said)
        if "text" in fields:
            refuse(self.request, row.package, "change")
            operations.rename_check_item(item=row, text=fields["text"], **said)

    def remove(self, row: CheckItem) -> None:
        refuse(self.request, row.package, "change")
        operations.remove_check_item(item=row, by=self.by, now=timezone.now())


class PackageCommentViewSet(Listed, Made, Removed):
    """What both sides say of work packages. Who is mentioned in one hears of it; only whoever
    wrote it takes it back."""

    one, many = _("a comment on a work package"), _("comments on work packages")
    permission_classes = [allows(area="plan", read="see_plan", write="comment_plan")]
    serializer_class = PackageCommentSerializer
    lookup_url_kwarg = "comment_id"
    filterset_class = PackageCommentFilters
    queryset = PackageComment.objects.none()

    def get_queryset(self) -> QuerySet[PackageComment]:
        rows = PackageComment.objects.filter(package__plan__what_if_of=None)
        return rows.select_related("package", "by")

    def make(self, fields: dict[str, Any]) -> PackageComment:
        package = of_the_plan(fields["package"])
        refuse(self.request, package, "comment")
        return operations.comment_on_package(
            package=package, text=fields["text"], by=self.by, now=timezone.now()
        )

    def remove(self, row: PackageComment) -> None:
        if row.by != self.by:
            raise PermissionDenied(gettext("Only the person who wrote a comment takes it back."))
        operations.remove_comment(comment=row, by=self.by, now=timezone.now())


def of_the_plan(package: WorkPackage) -> WorkPackage:
    """Raises ValidationError for a package of a copy made to try things on."""
    if package.plan.is_what_if:
        raise ValidationError({"package": gettext("This belongs to another plan.")})
    return package


router_entries = [
    ("check-items", CheckItemViewSet, "check-item"),
    ("package-comments", PackageCommentViewSet, "package-comment"),
]
