"""The list of customers, its spreadsheet and its saved views."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import SavedViewForm
from engagements.models import Phase, SavedView
from engagements.queries.customer_list import COLUMNS, WITHIN, Shape
from people.models import User
from people.queries import get_staff
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    fields = queries.get_custom_fields(kind="customer")
    shape = queries.shape_of(request.GET, fields)
    views = queries.get_view_links(user_id=request.membership.user_id)
    first = next((view.query for view in views if view.opens_first), "")
    if first and not request.GET:
        return redirect(f"{request.path}?{first}")
    found = queries.get_customer_list(
        shape=shape, fields=fields, user_id=request.membership.user_id, today=timezone.localdate()
    )
    context = {
        **_shaped(shape, fields, found),
        "views": views,
        "view": next((view for view in views if view.query == shape.query), None),
        "staff": get_staff(tenant_id=request.workspace.pk),
        "today": timezone.localdate(),
        "look_alike": queries.count_duplicates(),
        "may_edit": may(request.membership, "edit_customers"),
        **queries.get_list_choices(),
    }
    answer = page(
        request,
        "engagements/customers.html",
        context,
        fragment="engagements/_customer_list.html",
    )
    # The form sends every field it has; the address keeps what was asked.
    answer["HX-Push-Url"] = f"{request.path}?{shape.at(found.page) or 'all=1'}"
    return answer


def _shaped(shape: Shape, fields: Any, found: Any) -> dict[str, Any]:
    """What the address asks for, as the page's links, columns and fields show it."""
    return {
        "list": found,
        "shape": shape,
        "fields": fields,
        "before": (shape.at(found.page - 1) or "all=1") if found.page > 1 else "",
        "after": shape.at(found.page + 1) if found.page < found.pages else "",
        "columns": _headings(shape, fields),
        "all_columns": [(name, name in shape.columns) for name in COLUMNS],
        "own_columns": [(field, field.column in shape.columns) for field in fields],
        "own_asked": [(field, dict(shape.own).get(field.key, "")) for field in fields],
        "phases": Phase.choices,
        "within": WITHIN,
        "more_asked": bool(shape.own or shape.industry or shape.kept),
    }


def _headings(shape: Shape, fields: Any) -> list[dict[str, Any]]:
    """The columns after the name, each with the address that sorts by it."""
    labels = {field.column: field.label for field in fields}
    numbers = {"seats", "arr"} | {field.column for field in fields if field.type == "number"}
    return [
        {
            "key": name,
            "label": labels.get(name, ""),
            "number": f"c{number}",
            "is_number": name in numbers,
            "query": "" if name == "phases" else shape.sorted_by(name).query,
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(shape.sort, ""),
        }
        for number, name in enumerate(("name", *shape.columns))
    ]


@require_GET
def export_customer_list(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    today = timezone.localdate()
    fields = queries.get_custom_fields(kind="customer")
    shape = queries.shape_of(request.GET, fields)
    rows = queries.get_whole_list(
        shape=shape, fields=fields, user_id=request.membership.user_id, today=today
    )
    record(action="customers.exported", facts={"filters": shape.query or None})
    name = f"{request.workspace.slug}-customers-{today}.csv"
    return csv_file(exports.customer_list_csv(rows, shape), name)


def _list_at(request: WorkspaceRequest, query: str) -> HttpResponse:
    path = reverse("engagements:customers", args=[request.workspace.slug])
    # An address without a question opens one's own first view.
    return redirect(f"{path}?{query or 'all=1'}")


def _person(request: WorkspaceRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (a workspace's pages are for people signed in)
    return request.user


def _asked(request: WorkspaceRequest, text: str) -> str:
    """What an address asks, in the form in which it is kept."""
    fields = queries.get_custom_fields(kind="customer")
    return queries.shape_of(QueryDict(text[:4000]), fields).query


@form_view
def save_view(request: WorkspaceRequest) -> HttpResponse:
    """Gives what the list shows a name; the address behind it is in `q`."""
    require(request.membership, "see_customers")
    query = _asked(request, request.POST.get("query", request.GET.urlencode()))
    form = SavedViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            view = operations.save_view(
                owner=_person(request), query=query, fields=form.model_fields
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if form.cleaned_data["opens_first"]:
                operations.open_with_view(user=_person(request), view=view)
            undo = reverse("engagements:delete_view", args=[request.workspace.slug, view.pk])
            tell(request, _("“%(name)s” is among your views.") % {"name": view.name}, undo=undo)
            return _list_at(request, view.query)
    context = {"form": form, "view": None, "query": query}
    return page(request, "engagements/view_form.html", context)


def _own_view(request: WorkspaceRequest, view_id: UUID, *, deleted: bool = False) -> SavedView:
    """A view that this person may change: one's own, and for administrators every shared one."""
    rows = SavedView.objects.select_for_update(of=("self",)).select_related("owner")
    rows = rows.filter(deleted_at__isnull=not deleted)
    view = get_object_or_404(rows, pk=view_id)
    if view.owner_id == request.membership.user_id:
        return view
    get_object_or_404(rows, pk=view_id, is_shared=True)
    if not may(request.membership, "manage_workspace"):
        raise PermissionDenied(_("Only %(owner)s may change this view.") % {"owner": view.owner})
    return view


@form_view
def edit_view(request: WorkspaceRequest, view_id: UUID) -> HttpResponse:
    require(request.membership, "see_customers")
    view = _own_view(request, view_id)
    first = queries.opens_first(view_id=view.pk, user_id=request.membership.user_id)
    form = SavedViewForm(request.POST or None, instance=view, initial={"opens_first": first})
    if request.method == "POST" and form.is_valid():
        stored = SavedView.objects.get(pk=view.pk)
        try:
            operations.change_view(view=stored, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _open_first(request, stored, form.cleaned_data["opens_first"], first)
            tell(request, _("Saved."))
            return _list_at(request, stored.query)
    context = {"form": form, "view": view, "query": view.query}
    return page(request, "engagements/view_form.html", context)


def _open_first(request: WorkspaceRequest, view: SavedView, wanted: bool, now: bool) -> None:
    if wanted != now:
        operations.open_with_view(user=_person(request), view=view if wanted else None)


@require_POST
def put_into_view(request: WorkspaceRequest, view_id: UUID) -> HttpResponse:
    """The view stands for what the list shows now."""
    require(request.membership, "see_customers")
    view = _own_view(request, view_id)
    before = view.query
    try:
        operations.ask_view_anew(view=view, query=_asked(request, request.POST.get("query", "")))
        tell(request, _("“%(name)s” shows this from now on.") % {"name": view.name})
    except ValidationError as error:
        tell(request, error.messages[0])
        return _list_at(request, before)
    return _list_at(request, view.query)


@require_POST
def delete_view(request: WorkspaceRequest, view_id: UUID) -> HttpResponse:
    require(request.membership, "see_customers")
    view = _own_view(request, view_id)
    operations.delete_view(view=view, now=timezone.now())
    undo = reverse("engagements:restore_view", args=[request.workspace.slug, view.pk])
    tell(request, _("“%(name)s” is deleted.") % {"name": view.name}, undo=undo)
    return _list_at(request, "")


@require_POST
def restore_view(request: WorkspaceRequest, view_id: UUID) -> HttpResponse:
    require(request.membership, "see_customers")
    view = _own_view(request, view_id, deleted=True)
    try:
        operations.restore_view(view=view)
    except ValidationError:
        tell(request, _("Another view has this name by now, so it stays deleted."))
        return _list_at(request, "")
    return _list_at(request, view.query)
