"""Work packages, the links between them and the changes of plans over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from adoption import operations
from adoption.models import Dependency, Plan, PlanChange, WorkPackage
from adoption.queries import get_refusal
from adoption.queries.rows import get_change_rows, get_dependency_rows, get_package_rows
from adoption.serializers.packages import (
    DependencySerializer,
    PackageSerializer,
    PlanChangeSerializer,
    ProgressSerializer,
)
from tenancy.models import Membership
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed

PLANNING = allows(area="plan", read="see_plan", write="edit_plan")
REPORTING = allows(area="plan", read="see_plan", write="report_progress")
_PLACE = ("parent", "after")


class OfEngagement(Filters):
    engagement = filters.UUIDFilter(field_name="plan__engagement_id")


class PackageFilters(OfEngagement):
    owner_member = filters.CharFilter(field_name="owner_member__email")

    class Meta:
        model = WorkPackage
        fields = ["plan", "customer", "parent", "kind", "role", "impact_group", "is_summary",
                  "critical", "owner_stakeholder"]  # fmt: skip


class DependencyFilters(OfEngagement):
    class Meta:
        model = Dependency
        fields = ["plan", "before", "after", "type"]


class PlanChangeFilters(OfEngagement):
    class Meta:
        model = PlanChange
        fields = ["plan", "kind"]


class PackageViewSet(Listed, Made, Changed, Removed):
    """Rows of plans. Adding, changing and removing one computes the whole plan anew; removing
    takes all below it along. Dates and floats are the schedule's, progress is reported."""

    one, many = _("a work package"), _("work packages")
    permission_classes = [PLANNING]
    serializer_class = PackageSerializer
    lookup_url_kwarg = "package_id"
    filterset_class = PackageFilters
    fixed = frozenset({"plan"})
    queryset = WorkPackage.objects.none()

    def get_queryset(self) -> QuerySet[WorkPackage]:
        return get_package_rows()

    def get_object(self) -> Any:
        # The plan first, as every edit holds it, so that two calls never wait for each other.
        if self.request.method not in ("GET", "HEAD", "OPTIONS"):
            hold_plan(packages=self.kwargs["package_id"])
        return super().get_object()

    def make(self, fields: dict[str, Any]) -> WorkPackage:
        plan, parent, after = (
            fields.pop("plan"),
            fields.pop("parent", None),
            fields.pop("after", None),
        )
        of_same_plan(plan, parent=parent, after=after)
        name = fields.pop("name")
        moves = operations.add_package(
            plan=plan, name=name, under=parent, after=after, fields=fields, by=self.by,
            now=timezone.now(),
        )  # fmt: skip
        return WorkPackage(pk=moves.made[0].id)

    def change(self, row: WorkPackage, fields: dict[str, Any]) -> None:
        place = {name: fields.pop(name) for name in _PLACE if name in fields}
        asked = {"plan": row.plan, "by": self.by, "now": timezone.now()}
        if fields:
            operations.change_package(package=row, fields=fields, **asked)
        if place and place != {"parent": row.parent}:
            of_same_plan(row.plan, **place)
            self._place(row, place, asked)

    def _place(self, row: WorkPackage, place: dict[str, Any], asked: dict[str, Any]) -> None:
        after, under = place.get("after"), place.get("parent")
        if after is None and "after" not in place:
            below = WorkPackage.objects.filter(plan=row.plan, parent=under).exclude(pk=row.pk)
            after = below.last()
        operations.place_packages(packages=[row], under=under, after=after, **asked)

    def remove(self, row: WorkPackage) -> None:
        operations.remove_packages(plan=row.plan, packages=[row], by=self.by, now=timezone.now())

    @extend_schema(
        request=ProgressSerializer,
        responses=PackageSerializer,
        summary=_("Report progress on a work package"),
    )
    @action(detail=True, methods=["post"], permission_classes=[REPORTING])
    def progress(self, request: Request, package_id: str) -> Response:
        """What is said counts, the rest follows: 100 percent means finished. Whoever does not
        change plans may report on what is theirs."""
        row = self.get_object()
        refuse(request, row, "progress")
        operations.report_progress(
            plan=row.plan, package=row, by=self.by, now=timezone.now(),
            **self.checked(ProgressSerializer),
        )  # fmt: skip
        return Response(self.shown(row.pk))


class DependencyViewSet(Listed, Made, Changed, Removed):
    """Which package waits for which. A link that would close a circle is refused, with the circle
    spelled out."""

    one, many = _("a dependency"), _("dependencies")
    permission_classes = [PLANNING]
    serializer_class = DependencySerializer
    lookup_url_kwarg = "dependency_id"
    filterset_class = DependencyFilters
    fixed = frozenset({"before", "after"})
    queryset = Dependency.objects.none()

    def get_queryset(self) -> QuerySet[Dependency]:
        return get_dependency_rows()

    def get_object(self) -> Any:
        if self.request.method not in ("GET", "HEAD", "OPTIONS"):
            hold_plan(dependencies=self.kwargs["dependency_id"])
        return super().get_object()

    def make(self, fields: dict[str, Any]) -> Dependency:
        before, after = fields.pop("before"), fields.pop("after")
        of_same_plan(after.plan, before=before)
        kind = fields.get("type", "FS")
        operations.add_link(
            plan=after.plan, before=before, after=after, type=kind, lag=fields.get("lag", ""),
            by=self.by, now=timezone.now(),
        )  # fmt: skip
        return Dependency.objects.get(before=before, after=after, type=kind)

    def change(self, row: Dependency, fields: dict[str, Any]) -> None:
        lag = f"{row.lag}{'em' if row.elapsed else 'm'}"
        operations.change_link(
            plan=row.plan, link=row, type=fields.get("type", row.type),
            lag=fields.get("lag", lag), by=self.by, now=timezone.now(),
        )  # fmt: skip

    def remove(self, row: Dependency) -> None:
        operations.remove_link(plan=row.plan, link=row, by=self.by, now=timezone.now())


class PlanChangeViewSet(Listed):
    """What was done to plans, by whom, field by field."""

    one, many = _("a change of a plan"), _("changes of plans")
    permission_classes = [PLANNING]
    serializer_class = PlanChangeSerializer
    lookup_url_kwarg = "plan_change_id"
    filterset_class = PlanChangeFilters
    queryset = PlanChange.objects.none()

    def get_queryset(self) -> QuerySet[PlanChange]:
        return get_change_rows()


def hold_plan(**of: Any) -> None:
    """Nobody else edits the plan of this row until the end of the transaction."""
    Plan.every.select_for_update(of=("self",)).filter(**of).first()


def refuse(request: Request, package: WorkPackage, wish: str) -> None:
    """Raises PermissionDenied, saying why and who may; programs may what their key opens."""
    if isinstance(request.auth, Membership):
        refusal = get_refusal(membership=request.auth, package=package, wish=wish)
        if refusal:
            raise PermissionDenied(refusal)


def of_same_plan(plan: Plan, **rows: WorkPackage | None) -> None:
    """Raises ValidationError for a package of another plan."""
    for name, row in rows.items():
        if row is not None and row.plan_id != plan.pk:
            raise ValidationError({name: gettext("This belongs to another plan.")})


router_entries = [
    ("packages", PackageViewSet, "package"),
    ("dependencies", DependencyViewSet, "dependency"),
    ("plan-changes", PlanChangeViewSet, "plan-change"),
]
