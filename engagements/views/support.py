"""Contacts with the help desk of an engagement."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports
from engagements.forms.support import ContactForm
from engagements.imports.registers import import_contacts
from engagements.models import SupportContact
from engagements.operations import support as operations
from engagements.queries import support as queries
from engagements.views.finding import Found, back_to, find, record_export, show_form
from engagements.views.routes import take_file
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 100


@require_GET
def support(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Every contact, the newest first; `outcome` in the address narrows them."""
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    rows = _narrowed(request, found)
    outcome = request.GET.get("outcome", "")
    context = {
        "header": found.header,
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "outcomes": SupportContact.Outcome.choices,
        "outcome": outcome,
        "kept": f"outcome={outcome}" if outcome in SupportContact.Outcome.values else "",
        "may_edit": may(request.membership, "edit_engagement"),
    }
    return page(request, "engagements/support.html", context)


def _narrowed(request: WorkspaceRequest, found: Found) -> QuerySet[SupportContact]:
    rows = queries.get_contacts(engagement_id=found.row.pk)
    outcome = request.GET.get("outcome", "")
    return rows.filter(outcome=outcome) if outcome in SupportContact.Outcome.values else rows


@require_GET
def export_support(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("contacts.exported", found)
    table = queries.contact_table(_narrowed(request, found))
    return csv_file(exports.csv_of(table), f"{found.row.key}-support-{found.today}.csv")


@form_view
def record_contact(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = ContactForm(
        request.POST or None,
        engagement=found.row,
        today=found.today,
        initial={"day": found.today},
    )
    if request.method == "POST" and form.is_valid():
        contact = operations.record_contact(
            engagement=found.row,
            fields=form.model_fields,
            today=found.today,
            by=person_of(request.user),
        )
        undo = reverse("engagements:remove_contact", args=[request.workspace.slug, contact.pk])
        tell(request, _("The contact is on record."), undo=undo)
        return back_to(request, "support", engagement_id)
    heading = _("A contact with the help desk")
    return show_form(request, found, form, back="support", heading=heading)


@form_view
def edit_contact(request: WorkspaceRequest, support_contact_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    rows = queries.get_contacts().select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=support_contact_id)
    found = find(row.engagement_id)
    form = ContactForm(request.POST or None, instance=row, engagement=found.row, today=found.today)
    if request.method == "POST" and form.is_valid() and _changed(form, row, found):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "support", row.engagement_id)
    more: dict[str, Any] = {"contact": row, "template": "engagements/contact_form.html"}
    return show_form(request, found, form, back="support", heading=str(row), **more)


def _changed(form: ContactForm, row: SupportContact, found: Found) -> bool:
    try:
        operations.change_contact(contact=row, fields=form.model_fields, today=found.today)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@require_POST
def remove_contact(request: WorkspaceRequest, support_contact_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(SupportContact.objects.select_for_update(), pk=support_contact_id)
    operations.remove_contact(contact=row)
    tell(request, _("The contact is taken back."))
    return back_to(request, "support", row.engagement_id)


@form_view
def import_contacts_file(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    return take_file(
        request,
        found,
        bring=import_contacts,
        back="support",
        heading=_("Contacts from a file"),
        columns=queries.CONTACT_COLUMNS,
        example=[found.today.isoformat(), "coached", "1", "phone", "Orders", "", "", "T-1001"],
        contacts=True,
    )
