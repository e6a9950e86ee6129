"""Risks and their history over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import operations, queries
from engagements.api.gate import of_same_customer, passed
from engagements.forms import RiskForm
from engagements.models import Engagement, Risk, RiskChange
from engagements.serializers.risks import RiskChangeSerializer, RiskSerializer
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made


class RiskViewSet(Listed, Made, Changed):
    """Risks of engagements. A risk has one owner: of ours, or of the customer's people."""

    one, many = _("a risk"), _("risks")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_engagement")]
    serializer_class = RiskSerializer
    lookup_url_kwarg = "risk_id"
    filterset_fields = ["engagement", "customer", "state"]
    fixed = frozenset({"engagement"})
    queryset = Risk.objects.none()

    def get_queryset(self) -> QuerySet[Risk]:
        return queries.get_risks()

    def make(self, fields: dict[str, Any]) -> Risk:
        engagement = fields.pop("engagement")
        fields.pop("note", None)
        fields = _owned(engagement, passed(RiskForm, fields, engagement=engagement))
        return operations.raise_risk(engagement=engagement, fields=fields, by=self.by)

    def change(self, row: Risk, fields: dict[str, Any]) -> None:
        note = fields.pop("note", "")
        fields = passed(RiskForm, fields, row, engagement=row.engagement)
        fields = _owned(row.engagement, fields)
        operations.change_risk(risk=row, fields=fields, by=self.by, note=note)


def _owned(engagement: Engagement, fields: dict[str, Any]) -> dict[str, Any]:
    """With one owner: whoever is named takes over from whoever was."""
    of_same_customer(engagement.customer_id, fields, "owner_at_customer")
    ours, theirs = fields.get("owner"), fields.get("owner_at_customer")
    if ours and theirs:
        words = gettext("A risk has one owner: name one of us or one of theirs.")
        raise ValidationError({"owner_at_customer": words})
    other = {"owner_at_customer": None} if ours else {"owner": None} if theirs else {}
    return fields | other


class RiskChangeViewSet(Listed):
    """How risks stood from which moment on."""

    one, many = _("a change of a risk"), _("changes of risks")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_engagement")]
    serializer_class = RiskChangeSerializer
    lookup_url_kwarg = "change_id"
    filterset_fields = ["risk", "risk__engagement"]
    queryset = RiskChange.objects.none()

    def get_queryset(self) -> QuerySet[RiskChange]:
        return RiskChange.objects.select_related("changed_by")


router_entries = [
    ("risks", RiskViewSet, "risk"),
    ("risk-changes", RiskChangeViewSet, "risk-change"),
]
