"""Tests, their results and barriers over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from adoption import operations, queries
from adoption.imports.scores import score_of
from adoption.models import Assessment, AssessmentResult, Barrier, ResultWay
from adoption.queries.barriers import REMOVED
from adoption.serializers.learning import (
    AssessmentSerializer,
    BarrierSerializer,
    ResultSerializer,
)
from engagements.models import RosterEntry
from engagements.queries import get_roster
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made


class AssessmentViewSet(Listed, Made, Changed):
    """Tests that the people of an engagement take before training and after it."""

    one, many = _("a test"), _("tests")
    permission_classes = [allows(area="people", read="see_learning", write="record_scores")]
    serializer_class = AssessmentSerializer
    lookup_url_kwarg = "assessment_id"
    filterset_fields = ["engagement", "customer", "kind"]
    fixed = frozenset({"engagement"})
    queryset = Assessment.objects.none()

    def get_queryset(self) -> QuerySet[Assessment]:
        return queries.get_assessments()

    def make(self, fields: dict[str, Any]) -> Assessment:
        return operations.add_assessment(engagement=fields.pop("engagement"), fields=fields)

    def change(self, row: Assessment, fields: dict[str, Any]) -> None:
        operations.change_assessment(assessment=row, fields=fields)


class ResultFilters(Filters):
    engagement = filters.UUIDFilter(field_name="assessment__engagement_id")

    class Meta:
        model = AssessmentResult
        fields = ["assessment", "customer", "impact_group", "end_user", "stage"]


class ResultViewSet(Listed, Made):
    """What people and groups reached in tests: the results that count. What one replaces is kept
    and not listed."""

    one, many = _("a result of a test"), _("results of tests")
    permission_classes = [allows(area="people", read="see_scores", write="record_scores")]
    serializer_class = ResultSerializer
    lookup_url_kwarg = "result_id"
    filterset_class = ResultFilters
    queryset = AssessmentResult.objects.none()

    def get_queryset(self) -> QuerySet[AssessmentResult]:
        return queries.get_results()

    def make(self, fields: dict[str, Any]) -> AssessmentResult:
        row = fields.pop("assessment")
        entry = _entry(row, fields.pop("external_id", ""), fields.pop("end_user", None))
        said = {"people": None} | fields
        item = score_of(entry, said.pop("impact_group", None), **said)
        operations.record_scores(
            assessment=row,
            items=[item],
            by=self.by,
            now=timezone.now(),
            today=timezone.localdate(timezone=row.engagement.customer.zone),
            way=ResultWay.API,
        )
        whose = (
            {"end_user": item.end_user} if entry else {"end_user": None, "impact_group": item.group}
        )
        return self.get_queryset().get(assessment=row, stage=item.stage, **whose)


def _entry(row: Assessment, external_id: str, end_user: Any) -> RosterEntry | None:
    """The place on the roster of whoever is named. Raises ValidationError."""
    if not external_id and end_user is None:
        return None
    roster = get_roster(engagement_id=row.engagement_id)
    named = {"end_user__external_id": external_id} if external_id else {"end_user": end_user}
    found = roster.filter(**named).first()
    if found is None:
        words = gettext("Nobody on the roster of this engagement has this id.")
        raise ValidationError({"external_id" if external_id else "end_user": words})
    return found


class BarrierFilters(Filters):
    group = filters.UUIDFilter(field_name="stops__impact_group_id")
    removed = filters.BooleanFilter(field_name="removed_date", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Barrier
        fields = ["engagement", "customer", "kind", "severity"]


class BarrierViewSet(Listed, Made, Changed):
    """What stands in the way of groups, with an owner outside of them. To remove one send its
    `removed_date` and `removed_how`; an empty `removed_date` takes that back."""

    one, many = _("a barrier"), _("barriers")
    permission_classes = [allows(area="plan", read="see_plan", write="edit_barriers")]
    serializer_class = BarrierSerializer
    lookup_url_kwarg = "barrier_id"
    filterset_class = BarrierFilters
    fixed = frozenset({"engagement"})
    queryset = Barrier.objects.none()

    def get_queryset(self) -> QuerySet[Barrier]:
        return queries.get_barriers()

    def make(self, fields: dict[str, Any]) -> Barrier:
        engagement, groups = fields.pop("engagement"), fields.pop("groups")
        removal = _removal(fields)
        row = operations.note_barrier(
            engagement=engagement, groups=groups, fields=fields, by=self.by
        )
        self._remove_or_return(row, removal)
        return row

    def change(self, row: Barrier, fields: dict[str, Any]) -> None:
        groups, removal = fields.pop("groups", None), _removal(fields)
        if "state" in fields and not removal:
            removal = {"removed_date": None}
        operations.change_barrier(barrier=row, fields=fields, groups=groups, by=self.by)
        self._remove_or_return(row, removal)

    def _remove_or_return(self, row: Barrier, removal: dict[str, Any]) -> None:
        if not removal:
            return
        day = removal.get("removed_date", row.removed_date)
        if day is None:
            operations.bring_back_barrier(barrier=row, by=self.by)
        else:
            how = removal.get("removed_how", row.removed_how)
            operations.remove_barrier(barrier=row, day=day, how=how, by=self.by)


def _removal(fields: dict[str, Any]) -> dict[str, Any]:
    """What is said of the removal, taken out of the other fields. Raises ValidationError."""
    names = ("removed_date", "removed_how")
    said: dict[str, Any] = {name: fields.pop(name) for name in names if name in fields}
    if fields.get("state") == REMOVED:
        if not said.get("removed_date"):
            raise ValidationError({"removed_date": gettext("Say when it was removed.")})
        del fields["state"]
    return said


router_entries = [
    ("assessments", AssessmentViewSet, "assessment"),
    ("assessment-results", ResultViewSet, "assessment-result"),
    ("barriers", BarrierViewSet, "barrier"),
]
