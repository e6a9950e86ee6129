"""Contacts with the help desk over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api.gate import today_at
from engagements.api.work_routes import REGISTERS
from engagements.models import EndUser, Engagement, SupportContact
from engagements.models.routes import Way
from engagements.operations import support as operations
from engagements.operations.support import ContactsRefused, NewContact
from engagements.queries.support import get_contacts
from engagements.serializers.routes import (
    ContactSerializer,
    ContactsSerializer,
    CountedSerializer,
)
from tenancy.rest.filters import Filters
from tenancy.rest.resources import Changed, Listed, Made, Removed


class ContactFilters(Filters):
    since = filters.DateFilter(
        field_name="day", lookup_expr="gte", label=_("Of this day or later.")
    )
    until = filters.DateFilter(
        field_name="day", lookup_expr="lte", label=_("Of this day or before.")
    )

    class Meta:
        model = SupportContact
        fields = ["engagement", "customer", "outcome", "channel", "impact_group", "ticket"]


class ContactViewSet(Listed, Made, Changed, Removed):
    """Calls and tickets to the help desk, one by one or as sums of a day. A ticket that is sent again
    is the same contact; a sum without a ticket replaces the one of the same day, outcome, channel,
    topic, group and end user. Many come in one call under `many/`, all of them or none."""

    one, many = _("a contact with the help desk"), _("contacts with the help desk")
    permission_classes = [REGISTERS]
    serializer_class = ContactSerializer
    lookup_url_kwarg = "support_contact_id"
    filterset_class = ContactFilters
    fixed = frozenset({"engagement"})
    queryset = SupportContact.objects.none()

    def get_queryset(self) -> QuerySet[SupportContact]:
        return get_contacts()

    def make(self, fields: dict[str, Any]) -> SupportContact:
        engagement = fields.pop("engagement")
        (named,) = _with_people(engagement, [fields])
        today = today_at(engagement.customer)
        return operations.send_contact(engagement=engagement, fields=named, today=today, by=self.by)

    def change(self, row: SupportContact, fields: dict[str, Any]) -> None:
        (named,) = _with_people(row.engagement, [fields])
        today = today_at(row.engagement.customer)
        operations.change_contact(contact=row, fields=named, today=today)

    def remove(self, row: SupportContact) -> None:
        operations.remove_contact(contact=row)

    @extend_schema(
        request=ContactsSerializer, responses=CountedSerializer, summary=_("Send many contacts")
    )
    @action(detail=False, methods=["post"], url_path="many")
    def send_many(self, request: Request, **_ids: Any) -> Response:
        """All of them come in, or none; what is known already changes nothing."""
        asked = self.checked(ContactsSerializer)
        engagement = asked["engagement"]
        found = _with_people(engagement, asked["contacts"])
        try:
            counted = operations.record_contacts(
                engagement=engagement,
                items=[NewContact(at, fields) for at, fields in enumerate(found)],
                today=today_at(engagement.customer),
                by=self.by,
                way=Way.API,
            )
        except ContactsRefused as refusal:
            raise ValidationError(_by_path(refusal)) from refusal
        return Response(CountedSerializer(counted).data)


def _by_path(refusal: ContactsRefused) -> dict[str, list[str]]:
    """Faults by the path of their field: `contacts.3.count`."""
    return {
        f"contacts.{at}.{field}": texts
        for at, fault in refusal.faults.items()
        for field, texts in fault.message_dict.items()
    }


def _with_people(engagement: Engagement, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With end users for their external ids. Raises ValidationError for one nobody has."""
    ids = {_external_id(row) for row in rows} - {""}
    people = EndUser.objects.filter(customer_id=engagement.customer_id, external_id__in=ids)
    known = {person.external_id: person for person in people}
    if unknown := sorted(ids - known.keys()):
        words = gettext("Nobody at this customer has the id “%(text)s”.") % {"text": unknown[0]}
        raise ValidationError({"end_user": words})
    return [
        row | {"end_user": known.get(_external_id(row))} if "end_user" in row else row
        for row in rows
    ]


def _external_id(row: dict[str, Any]) -> str:
    said = row.get("end_user") or {}
    return said.get("external_id") or ""


router_entries = [("support-contacts", ContactViewSet, "support-contact")]
