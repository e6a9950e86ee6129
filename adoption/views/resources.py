"""The resources of a plan: who and what there is, when, and what is asked of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption import charts, exports, operations, queries
from adoption.forms.resources import ResourceForm
from adoption.models import Resource
from adoption.queries.loading import LoadingView, LoadRow, OverloadRow
from adoption.queries.resources import ResourceRow
from adoption.views.finding import find_engagement
from adoption.views.times import say_overload, say_span, say_terms
from engagements.models import Engagement
from engagements.queries import get_next_action, header_of
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.templatetags.formats import number
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import STAFF, may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from tenancy.models import Role

LONGEST_TEXT = 100
PAGE_SIZE = 100
OVERLOADS_SHOWN = 50


@require_GET
def resources(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Resources with what is asked of them; `kind`, `q` and `archived` in the address narrow it."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    rows = _asked_for(request, engagement_id)
    loading = queries.get_loading(
        engagement_id=engagement_id, today=today_at(engagement), rows=rows[:PAGE_SIZE]
    )
    context = {
        **head(request, engagement),
        "loading": loading,
        "rows": [_shown(row, loading) for row in loading.rows],
        "overloads": told_overloads(loading.overloads[:OVERLOADS_SHOWN]),
        "overloads_count": len(loading.overloads),
        "overloads_shown": OVERLOADS_SHOWN,
        "count": len(rows),
        "page_size": PAGE_SIZE,
        "kinds": _kinds(request),
        "q": request.GET.get("q", ""),
        "archived": "archived" in request.GET,
        "query": request.GET.urlencode(),
    }
    return page(request, "adoption/resources.html", context)


@require_GET
def export_resources(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    loading = queries.get_loading(
        engagement_id=engagement_id,
        today=today_at(engagement),
        rows=_asked_for(request, engagement_id),
    )
    record(
        action="resources.exported", subject=engagement, about_customer_id=engagement.customer_id
    )
    return csv_file(exports.resources_csv(loading), f"{engagement.key.lower()}-resources.csv")


@form_view
def add_resource(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    form = _form(request, engagement, Resource(), None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_resource(
                engagement=None if form.cleaned_data.get("shared") else engagement,
                fields=form.model_fields,
                terms=form.asked_terms,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("“%(name)s” is there. Next: what needs it.") % {"name": made.name})
            return to_resource(request, engagement_id, made.pk)
    return _show_form(request, engagement, form, _("A resource"))


@form_view
def edit_resource(
    request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    terms = queries.resource_row(row).terms
    form = _form(request, engagement, row, terms)
    if request.method == "POST" and form.is_valid() and _changed(form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return to_resource(request, engagement_id, resource_id)
    return _show_form(request, engagement, form, row.name, resource_id)


@require_POST
def archive_resource(
    request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_plan")
    find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    operations.archive_resource(resource=row, now=timezone.now())
    undo = address(request, "restore_resource", engagement_id, resource_id)
    tell(request, _("“%(name)s” is archived.") % {"name": row.name}, undo=undo)
    return redirect(address(request, "resources", engagement_id))


@require_POST
def restore_resource(
    request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_plan")
    find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    try:
        operations.restore_resource(resource=row)
        tell(request, _("“%(name)s” is back.") % {"name": row.name})
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    return to_resource(request, engagement_id, resource_id)


def today_at(engagement: Engagement) -> Any:
    return timezone.localdate(timezone=engagement.customer.zone)


def head(request: WorkspaceRequest, engagement: Engagement) -> dict[str, Any]:
    """What every page of the plan shows above its own."""
    next_action = get_next_action(engagement=engagement)
    return {
        "header": header_of(engagement, today=today_at(engagement), next_action=next_action),
        "may_edit": may(request.membership, "edit_plan"),
    }


def address(request: WorkspaceRequest, name: str, *ids: UUID) -> str:
    return reverse(f"adoption:{name}", args=[request.workspace.slug, *ids])


def to_resource(request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID) -> HttpResponse:
    return redirect(address(request, "resource", engagement_id, resource_id))


def held_resource(engagement_id: UUID, resource_id: UUID) -> Resource:
    """The row, kept from others until the request is over; 404 for another engagement's."""
    rows = queries.resources_of(engagement_id).select_for_update(of=("self",))
    return get_object_or_404(rows, pk=resource_id)


def told_overloads(overloads: Iterable[OverloadRow]) -> list[dict[str, Any]]:
    return [{"row": one, "words": say_overload(one)} for one in overloads]


def bars_of(row: LoadRow, loading: LoadingView) -> Any:
    """The drawing of what is asked of a resource, which says itself in words."""
    words = _("At most %(peak)s of %(capacity)s at once") % {
        "peak": number(row.busiest),
        "capacity": number(row.resource.capacity),
    }
    if loading.parts:
        words = f"{words}, {say_span(loading.parts[0], loading.parts[-1])}"
    return charts.load_bars(row.peaks, row.resource.capacity, title=words)


def is_staff(request: WorkspaceRequest) -> bool:
    return Role(request.membership.role) in STAFF


def person_narrowed(request: WorkspaceRequest) -> Any:
    """Members of the customer's side see what they themselves are needed for."""
    if Role(request.membership.role) is Role.MEMBER:
        return person_of(request.user)
    return None


def _asked_for(request: WorkspaceRequest, engagement_id: UUID) -> tuple[ResourceRow, ...]:
    kind = request.GET.get("kind", "")
    return queries.get_resources(
        engagement_id=engagement_id,
        kind=kind if kind in Resource.Kind.values else "",
        text=request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT],
        archived="archived" in request.GET,
        person=person_narrowed(request),
    )


def _kinds(request: WorkspaceRequest) -> list[dict[str, Any]]:
    asked = request.GET.get("kind", "")
    words = {"": _("All"), "person": _("People"), "role": _("Roles"), "place": _("Places")}
    return [{"key": key, "words": said, "current": key == asked} for key, said in words.items()]


def _shown(row: LoadRow, loading: LoadingView) -> dict[str, Any]:
    away = row.resource.next_away(loading.as_of)
    return {
        "row": row,
        "time": say_terms(row.resource.terms),
        "away": away,
        "away_words": say_span(away.first, away.last) if away else "",
        "bars": bars_of(row, loading),
    }


def _form(
    request: WorkspaceRequest, engagement: Engagement, row: Resource, terms: Any
) -> ResourceForm:
    return ResourceForm(
        request.POST or None,
        instance=row,
        engagement=engagement,
        terms=terms,
        staff=is_staff(request),
    )


def _changed(form: ResourceForm, row: Resource) -> bool:
    try:
        operations.change_resource(
            resource=row, fields=form.model_fields, terms=form.asked_terms, now=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _show_form(
    request: WorkspaceRequest,
    engagement: Engagement,
    form: Any,
    heading: str,
    resource_id: UUID | None = None,
) -> HttpResponse:
    ids = (engagement.pk, resource_id) if resource_id else (engagement.pk,)
    context = {
        **head(request, engagement),
        "form": form,
        "heading": heading,
        "back": address(request, "resource" if resource_id else "resources", *ids),
    }
    return page(request, "engagements/fact_form.html", context)
