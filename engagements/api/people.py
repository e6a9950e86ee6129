"""The people of customers over the API: stakeholders, impact groups, rosters."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from engagements import operations, queries
from engagements.api.gate import passed
from engagements.forms import ImpactGroupForm, RosterEntryForm, StakeholderForm
from engagements.models import ImpactGroup, RosterEntry, Stakeholder
from engagements.serializers.people import (
    ImpactGroupSerializer,
    RosterSerializer,
    StakeholderSerializer,
)
from tenancy.rest.filters import Filters, YesNoFilter
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed, refuse_moved

PEOPLE = allows(area="people", read="see_engagement", write="edit_engagement")


class StakeholderViewSet(Listed, Made, Changed):
    """People at customers who have a say. Adding somebody of the same name takes that person up."""

    one, many = _("a stakeholder"), _("stakeholders")
    permission_classes = [PEOPLE]
    serializer_class = StakeholderSerializer
    lookup_url_kwarg = "stakeholder_id"
    filterset_fields = ["customer", "influence", "attitude", "is_sponsor", "in_committee"]
    fixed = frozenset({"customer"})
    queryset = Stakeholder.objects.none()

    def get_queryset(self) -> QuerySet[Stakeholder]:
        return Stakeholder.objects.all()

    def make(self, fields: dict[str, Any]) -> Stakeholder:
        customer = fields.pop("customer")
        fields = passed(StakeholderForm, fields)
        person = operations.name_stakeholder(
            customer=customer, name=fields["name"], email=fields.get("email", "")
        )
        return operations.change_stakeholder(person=person, fields=fields)

    def change(self, row: Stakeholder, fields: dict[str, Any]) -> None:
        operations.change_stakeholder(person=row, fields=passed(StakeholderForm, fields, row))


class ImpactGroupViewSet(Listed, Made, Changed):
    """Groups of end users whose work changes in the same way."""

    one, many = _("an impact group"), _("impact groups")
    permission_classes = [PEOPLE]
    serializer_class = ImpactGroupSerializer
    lookup_url_kwarg = "group_id"
    filterset_fields = ["engagement", "customer"]
    fixed = frozenset({"engagement"})
    queryset = ImpactGroup.objects.none()

    def get_queryset(self) -> QuerySet[ImpactGroup]:
        return ImpactGroup.objects.all()

    def make(self, fields: dict[str, Any]) -> ImpactGroup:
        engagement = fields.pop("engagement")
        fields = passed(ImpactGroupForm, fields, ImpactGroup(engagement=engagement))
        return operations.add_impact_group(engagement=engagement, fields=fields)

    def change(self, row: ImpactGroup, fields: dict[str, Any]) -> None:
        operations.change_impact_group(group=row, fields=passed(ImpactGroupForm, fields, row))


class RosterFilters(Filters):
    external_id = filters.CharFilter(
        field_name="end_user__external_id", label=_("The person’s external id.")
    )
    has_access = YesNoFilter(
        field_name="access_since",
        lookup_expr="isnull",
        exclude=True,
        label=_("Whether they have access."),
    )
    is_proficient = YesNoFilter(
        field_name="proficient_since",
        lookup_expr="isnull",
        exclude=True,
        label=_("Whether they are proficient."),
    )

    class Meta:
        model = RosterEntry
        fields = ["engagement", "customer", "impact_group"]


class RosterViewSet(Listed, Made, Changed, Removed):
    """End users in engagements: who has access, and who is proficient. Putting somebody on a roster
    who is there already changes that place."""

    one, many = _("a place on a roster"), _("places on rosters")
    permission_classes = [PEOPLE]
    serializer_class = RosterSerializer
    lookup_url_kwarg = "entry_id"
    filterset_class = RosterFilters
    fixed = frozenset({"engagement"})
    queryset = RosterEntry.objects.none()

    def get_queryset(self) -> QuerySet[RosterEntry]:
        return queries.get_roster_entries()

    def make(self, fields: dict[str, Any]) -> RosterEntry:
        engagement, person = fields.pop("engagement"), fields.pop("end_user")
        fields = passed(RosterEntryForm, fields, engagement=engagement)
        return operations.put_on_roster(engagement=engagement, fields=fields, **person)

    def change(self, row: RosterEntry, fields: dict[str, Any]) -> None:
        person = fields.pop("end_user", {})
        known_as = {"external_id": row.end_user.external_id}
        refuse_moved({"external_id": person.pop("external_id", known_as["external_id"])}, known_as)
        fields = passed(RosterEntryForm, fields, row, engagement=row.engagement)
        if person:
            operations.put_on_roster(
                engagement=row.engagement,
                fields=fields,
                **known_as,
                **person,
            )
        else:
            operations.change_entry(entry=row, fields=fields)

    def remove(self, row: RosterEntry) -> None:
        operations.take_off_roster(entry=row)


router_entries = [
    ("stakeholders", StakeholderViewSet, "stakeholder"),
    ("impact-groups", ImpactGroupViewSet, "impact-group"),
    ("roster", RosterViewSet, "roster"),
]
