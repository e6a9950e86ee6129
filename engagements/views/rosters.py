"""The people of an engagement: impact groups, roster, stakeholders, teams, offerings."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import (
    AccessForm,
    ImpactGroupForm,
    NewEntryForm,
    OfferingForm,
    RosterEntryForm,
    StakeholderForm,
    TeamMemberForm,
)
from engagements.models import (
    Engagement,
    ImpactGroup,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.views.finding import Found, back_to, find, record_export, show_form
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell, workbook_file
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 100


def _show(request: WorkspaceRequest, found: Found, form: Any, heading: str) -> HttpResponse:
    return show_form(request, found, form, back="people", heading=heading)


@require_GET
def people(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    context = {
        "header": found.header,
        "people": queries.get_people(engagement=found.row, today=found.today),
        "may_edit": may(request.membership, "edit_engagement"),
        "today": found.today,
    }
    return page(request, "engagements/people.html", context)


@require_GET
def roster(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Everybody on the roster; `group` and `lack` in the address narrow it."""
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    rows = _narrowed(request, found.row)
    context = {
        "header": found.header,
        "rows": rows[:PAGE_SIZE],
        "count": rows.count(),
        "groups": ImpactGroup.objects.filter(engagement=found.row),
        "group": request.GET.get("group", ""),
        "lack": request.GET.get("lack", ""),
        "query": request.GET.urlencode(),
        "may_edit": may(request.membership, "edit_engagement"),
        "form": AccessForm(today=found.today, initial={"since": found.today}),
    }
    return page(request, "engagements/roster.html", context)


LACKS = {"access": {"access_since": None}, "proficiency": {"proficient_since": None}}


def _narrowed(request: WorkspaceRequest, engagement: Engagement) -> Any:
    rows = queries.get_roster(engagement_id=engagement.pk)
    groups = {str(group.pk): group for group in ImpactGroup.objects.filter(engagement=engagement)}
    if group := groups.get(request.GET.get("group", "")):
        rows = rows.filter(impact_group=group)
    if text := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(end_user__external_id__icontains=text)
    return rows.filter(**LACKS.get(request.GET.get("lack", ""), {}))


@require_GET
def export_roster(
    request: WorkspaceRequest, engagement_id: UUID, as_workbook: bool = False
) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("roster.exported", found)
    table = queries.roster_table(_narrowed(request, found.row))
    name = f"{found.row.key}-roster-{found.today}"
    if as_workbook:
        return workbook_file(exports.workbook_of(table, title=_("Roster")), f"{name}.xlsx")
    return csv_file(exports.csv_of(table), f"{name}.csv")


@require_POST
def give_access(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Everybody on the roster who has no access yet has it from a day on."""
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = AccessForm(request.POST, today=found.today)
    if not form.is_valid():
        return _show(request, found, form, _("Everybody has access"))
    count = operations.note_access(engagement=found.row, since=form.cleaned_data["since"])
    tell(request, _("Access noted for %(count)s people.") % {"count": count})
    return back_to(request, "people", engagement_id, "groups")


@form_view
def add_impact_group(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    fresh = ImpactGroup(engagement=found.row, customer_id=found.row.customer_id)
    form = ImpactGroupForm(request.POST or None, instance=fresh)
    if request.method == "POST" and form.is_valid():
        operations.add_impact_group(engagement=found.row, fields=form.model_fields)
        tell(request, _("The impact group is there. Next: who is in it."))
        return back_to(request, "people", engagement_id, "groups")
    return _show(request, found, form, _("An impact group"))


@form_view
def edit_impact_group(request: WorkspaceRequest, group_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(ImpactGroup.objects.select_for_update(), pk=group_id)
    form = ImpactGroupForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.change_impact_group(group=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "people", row.engagement_id, "groups")
    return _show(request, find(row.engagement_id), form, row.name)


@form_view
def add_entry(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = NewEntryForm(request.POST or None, engagement=found.row)
    if request.method == "POST" and form.is_valid() and _put(form, found.row):
        tell(request, _("On the roster."))
        return redirect("engagements:roster", request.workspace.slug, engagement_id)
    return _show(request, found, form, _("Somebody on the roster"))


def _put(form: NewEntryForm, engagement: Engagement) -> bool:
    try:
        operations.put_on_roster(
            engagement=engagement,
            external_id=form.cleaned_data["external_id"],
            name=form.cleaned_data["person_name"],
            email=form.cleaned_data["email"],
            fields=form.model_fields,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@form_view
def edit_entry(request: WorkspaceRequest, entry_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    rows = queries.get_roster_entries().select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=entry_id)
    found = find(row.engagement_id)
    form = RosterEntryForm(request.POST or None, instance=row, engagement=found.row)
    if request.method == "POST" and form.is_valid():
        operations.change_entry(entry=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("engagements:roster", request.workspace.slug, row.engagement_id)
    return _show(request, found, form, str(row))


@require_POST
def take_off_roster(request: WorkspaceRequest, entry_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(RosterEntry.objects.select_related("end_user"), pk=entry_id)
    operations.take_off_roster(entry=row)
    tell(request, _("%(name)s left the roster; what they did is kept.") % {"name": row})
    return redirect("engagements:roster", request.workspace.slug, row.engagement_id)


@form_view
def edit_stakeholder(
    request: WorkspaceRequest, engagement_id: UUID, stakeholder_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    rows = Stakeholder.objects.filter(customer_id=found.row.customer_id)
    row = get_object_or_404(rows.select_for_update(), pk=stakeholder_id)
    form = StakeholderForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.change_stakeholder(person=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "people", engagement_id, "stakeholders")
    return _show(request, found, form, row.name)


@form_view
def add_stakeholder(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = StakeholderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.model_fields
        name, email = fields["name"], fields["email"]
        person = operations.name_stakeholder(customer=found.row.customer, name=name, email=email)
        operations.change_stakeholder(person=person, fields=fields)
        tell(request, _("%(name)s is named.") % {"name": person})
        return back_to(request, "people", engagement_id, "stakeholders")
    return _show(request, found, form, _("A stakeholder"))


@form_view
def add_team_member(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    initial = {"profile": request.GET.get("profile")} if "profile" in request.GET else {}
    form = TeamMemberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.add_team_member(engagement=found.row, fields=form.model_fields)
        tell(request, _("On the team."))
        return back_to(request, "people", engagement_id, "team")
    return _show(request, found, form, _("Somebody on the team"))


@form_view
def edit_team_member(request: WorkspaceRequest, member_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(TeamMember.objects.select_for_update(), pk=member_id)
    form = TeamMemberForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.change_team_member(member=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "people", row.engagement_id, "team")
    return _show(request, find(row.engagement_id), form, row.name)


@form_view
def record_offering(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    fresh = Offering(engagement=found.row, customer_id=found.row.customer_id)
    initial = {"offered_date": found.today}
    form = OfferingForm(request.POST or None, instance=fresh, engagement=found.row, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.record_offering(engagement=found.row, fields=form.model_fields)
        tell(request, _("On record."))
        return back_to(request, "people", engagement_id, "offerings")
    return _show(request, found, form, _("Training, a resource or support"))
