"""Criteria of success and their wordings over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.api.gate import passed, today_at
from engagements.forms import AgreeForm, CriterionForm
from engagements.models import CriterionVersion, SuccessCriterion
from engagements.serializers.promise import (
    AgreedSerializer,
    CriterionSerializer,
    VersionSerializer,
    WithdrawnSerializer,
)
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made

PROMISED = allows(area="customers", read="see_engagement", write="edit_engagement")


class CriterionViewSet(Listed, Made, Changed):
    """Criteria of success in the words in force. Agreed words change by a successor with a reason."""

    one, many = _("a criterion of success"), _("criteria of success")
    permission_classes = [PROMISED]
    serializer_class = CriterionSerializer
    lookup_url_kwarg = "criterion_id"
    filterset_fields = ["engagement", "customer"]
    fixed = frozenset({"engagement"})
    queryset = SuccessCriterion.objects.none()

    def get_queryset(self) -> QuerySet[SuccessCriterion]:
        versions = CriterionVersion.objects.select_related("owner", "agreed_for_vendor")
        rows = SuccessCriterion.objects.select_related("engagement__customer")
        return rows.prefetch_related(Prefetch("versions", versions))

    def make(self, fields: dict[str, Any]) -> SuccessCriterion:
        engagement = fields.pop("engagement")
        fields.pop("change_reason", None)
        fields = passed(CriterionForm, fields, engagement=engagement)
        version = operations.write_criterion(engagement=engagement, fields=fields, by=self.by)
        row: SuccessCriterion = version.criterion
        return row

    def change(self, row: SuccessCriterion, fields: dict[str, Any]) -> None:
        newest = row.versions.all()[0]
        fields = passed(CriterionForm, fields, newest, engagement=row.engagement)
        reason = fields.pop("change_reason", "")
        operations.reword_criterion(criterion=row, fields=fields, reason=reason, by=self.by)

    @extend_schema(
        request=AgreedSerializer, responses=CriterionSerializer, summary=_("Agree a criterion")
    )
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, **kwargs: Any) -> Response:
        """Both sides agree to the words in force; from then on they do not change."""
        row = self.get_object()
        fields = passed(
            AgreeForm,
            self.checked(AgreedSerializer),
            today=today_at(row.engagement.customer),
        )
        _agree(row, fields | {"by": self.by})
        return Response(self.shown(row.pk))

    @extend_schema(
        request=WithdrawnSerializer,
        responses=CriterionSerializer,
        summary=_("Withdraw a criterion"),
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """The criterion no longer counts; it stays on record with the reason."""
        row = self.get_object()
        because = self.checked(WithdrawnSerializer)["because"]
        operations.withdraw_criterion(criterion=row, because=because, now=timezone.now())
        return Response(self.shown(row.pk))

    @extend_schema(
        request=None, responses=CriterionSerializer, summary=_("Let a criterion count again")
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **kwargs: Any) -> Response:
        """A withdrawn criterion counts again."""
        row = self.get_object()
        operations.restore_criterion(criterion=row)
        return Response(self.shown(row.pk))


def _agree(row: SuccessCriterion, fields: dict[str, Any]) -> None:
    try:
        operations.agree_criterion(criterion=row, **fields)
    except operations.IncompleteCriterion as refusal:
        parts = ", ".join(queries.names_of(refusal.parts))
        words = gettext("It cannot be agreed yet. Still missing: %(parts)s.") % {"parts": parts}
        raise ValidationError(words) from refusal
    except operations.AlreadyAgreed as refusal:
        raise ValidationError(gettext("These words are agreed already.")) from refusal


class VersionViewSet(Listed):
    """Every wording a criterion ever had. What was agreed stays as it was agreed."""

    one, many = _("a wording of a criterion"), _("wordings of criteria")
    permission_classes = [PROMISED]
    serializer_class = VersionSerializer
    lookup_url_kwarg = "version_id"
    filterset_fields = ["criterion", "criterion__engagement", "customer"]
    queryset = CriterionVersion.objects.none()

    def get_queryset(self) -> QuerySet[CriterionVersion]:
        return CriterionVersion.objects.select_related("written_by", "agreed_for_vendor")


router_entries = [
    ("criteria", CriterionViewSet, "criterion"),
    ("criterion-versions", VersionViewSet, "criterion-version"),
]
