"""Changes somebody makes in the outline of a plan: rows added, typed in, moved, removed, pasted."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from adoption import operations
from adoption.editing import Moves
from adoption.forms.packages import NewPackageForm, RowsForm, owner_by_name, owner_fields
from adoption.models import Plan, WorkPackage
from adoption.views.editing import find_plan, make, refuse, tell_change
from adoption.views.outline import PlanPage, plan_address, plan_after
from adoption.views.previews import Preview
from engagements.models import ImpactGroup
from people.queries import person_of
from rendering.web import form_view, page, wants_fragment
from tenancy.access import require
from tenancy.http import WorkspaceRequest

DIRECTIONS = {"up": "up", "down": "down", "in": "indent", "out": "outdent"}
DRAGGED = ("before", "after", "in")
ROWS_SHOWN = 8


def find_package(package_id: UUID) -> WorkPackage:
    rows = WorkPackage.objects.select_related("plan__engagement__customer", "plan__engagement__csm")
    return get_object_or_404(rows, pk=package_id, plan__dropped_at=None)


@form_view
def add_package(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """A new step below another one, at a level; at the end of the plan when none is named."""
    require(request.membership, "edit_plan")
    plan = find_plan(request, engagement_id)
    form = NewPackageForm(request.POST or None)
    if request.method == "POST" and (form.is_valid() or request.POST.get("swap")):
        name, _semicolon, duration = request.POST.get("name", "").rpartition(";")
        fields = {"duration": duration.strip()} if name else {}
        place = _place(plan, request.POST.get("after", ""), request.POST.get("level", ""))

        def edit(**said: Any) -> Moves:
            return operations.add_package(
                plan=plan, name=(name or duration).strip(), fields=fields, **place, **said
            )

        return make(request, plan, edit, row=_uuid(request.POST.get("after")), always_sure=True)
    return _form_page(request, plan, form, _("Add a step"), _("Add"))


def _place(plan: Plan, after: str, level: str) -> dict[str, Any]:
    """Where a row typed below another one belongs, by how far it was indented."""
    row = WorkPackage.objects.filter(plan=plan, pk=_uuid(after)).select_related("parent").first()
    if row is None:
        return {}
    wanted = int(level) if level.isdecimal() and len(level) < 4 else row.level
    if wanted > row.level:
        return {"under": row}
    while wanted < row.level and row.parent is not None:
        row = row.parent
    return {"after": row}


@require_POST
def change_cell(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """One field of one row, as somebody typed it."""
    require(request.membership, "edit_plan")
    package = find_package(package_id)
    try:
        fields = _cell(package, request.POST.get("field", ""), request.POST.get("value", ""))
    except ValidationError as error:
        at = PlanPage.of(package.plan.engagement, package.plan)
        return refuse(request, at, error, row=package_id)

    def edit(**said: Any) -> Moves:
        return operations.change_package(plan=package.plan, package=package, fields=fields, **said)

    return make(request, package.plan, edit, row=package_id, own=(package_id,))


def _cell(package: WorkPackage, name: str, value: str) -> dict[str, Any]:
    """What a cell's text says about its row. A start that was typed is one not to begin before."""
    if name == "owner":
        return owner_by_name(value, package.plan.engagement)
    if name == "start":
        if not value.strip():
            return {"constraint": "ASAP", "constraint_at": None}
        return {"constraint": "SNET", "constraint_at": _day(value)}
    if name in ("name", "duration", "deliverable"):
        return {name: value.strip()}
    raise ValidationError(_("This cannot be changed here."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValidationError({"start": _("This is not a day.")}) from None


@require_POST
def move_package(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """Up, down, in or out, with the other chosen rows; or where it was dragged: before, after or in
    another row."""
    require(request.membership, "edit_plan")
    package = find_package(package_id)
    direction = request.POST.get("direction", "")
    dragged = _dragged(package, direction, request.POST.get("target", ""))

    def edit(**said: Any) -> Moves:
        if dragged is not None:
            return operations.place_packages(
                plan=package.plan, packages=[package], **dragged, **said
            )
        way = DIRECTIONS.get(direction, "up")
        packages = _chosen(package, request.POST.getlist("row"))
        return operations.move_packages(plan=package.plan, packages=packages, way=way, **said)

    return make(request, package.plan, edit, row=package_id)


def _chosen(package: WorkPackage, rows: list[str]) -> list[WorkPackage]:
    """The package, and where it is one of several chosen rows all of those."""
    ids = {_uuid(text) for text in rows}
    if package.pk not in ids:
        return [package]
    return list(WorkPackage.objects.filter(plan=package.plan_id, pk__in=ids))


def _dragged(package: WorkPackage, place: str, target: str) -> dict[str, Any] | None:
    """Under which row and after which one a dragged row comes to stand; None for a key's move."""
    if place not in DRAGGED or not target:
        return None
    rows = WorkPackage.objects.filter(plan=package.plan_id)
    other = get_object_or_404(rows.select_related("parent"), pk=_uuid(target))
    if place == "in":
        last = rows.filter(parent=other).exclude(pk=package.pk).order_by("position").last()
        return {"under": other, "after": last}
    if place == "after":
        return {"under": other.parent, "after": other}
    beside = rows.filter(parent=other.parent_id, position__lt=other.position)
    return {
        "under": other.parent,
        "after": beside.exclude(pk=package.pk).order_by("position").last(),
    }


@require_POST
def remove_package(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    package = find_package(package_id)

    def edit(**said: Any) -> Moves:
        return operations.remove_packages(plan=package.plan, packages=[package], **said)

    return make(request, package.plan, edit, own=_below([package]), always_sure=True)


def _below(packages: list[WorkPackage]) -> tuple[UUID, ...]:
    return tuple(package.pk for package in packages)


@require_POST
def change_many(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The same for all chosen rows: owner, kind, group, a shift; or all of them removed."""
    require(request.membership, "edit_plan")
    plan = find_plan(request, engagement_id)
    chosen = [_uuid(text) for text in request.POST.getlist("row")]
    packages = list(WorkPackage.objects.filter(plan=plan, pk__in=chosen))
    if not packages:
        error = ValidationError(_("Choose the rows first, with the boxes before them."))
        return refuse(request, PlanPage.of(plan.engagement, plan), error)
    if request.POST.get("act") == "remove":

        def remove(**said: Any) -> Moves:
            return operations.remove_packages(plan=plan, packages=packages, **said)

        return make(request, plan, remove, always_sure=True)
    set_to = _set_to(request, plan)

    def edit(**said: Any) -> Moves:
        return operations.change_many(plan=plan, packages=packages, **set_to, **said)

    return make(request, plan, edit, own=_below(packages))


def _set_to(request: WorkspaceRequest, plan: Plan) -> dict[str, Any]:
    what, sent = request.POST.get("what", ""), request.POST
    if what == "owner":
        return {"fields": owner_fields(sent.get("owner", ""), plan.customer_id)}
    if what == "kind":
        kind = sent.get("kind", "")
        return {"fields": {"kind": kind if kind in WorkPackage.Kind.values else ""}}
    if what == "impact_group":
        groups = ImpactGroup.objects.filter(
            engagement=plan.engagement_id, pk=_uuid(sent.get("impact_group"))
        )
        return {"fields": {"impact_group": groups.first()}}
    days = sent.get("shift", "")
    number = int(days) if days.removeprefix("-").isdecimal() and len(days) < 6 else 0
    return {"fields": {}, "shift_days": number}


@form_view
def paste_rows(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Rows of a spreadsheet: what was understood is shown before they are made."""
    require(request.membership, "edit_plan")
    plan = find_plan(request, engagement_id)
    form = RowsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, plan, form, _("Paste rows"), _("See what is understood"))
    text = form.cleaned_data["text"]
    after = WorkPackage.objects.filter(plan=plan, pk=_uuid(request.POST.get("after"))).first()
    said: dict[str, Any] = {"by": person_of(request.user), "now": timezone.now()}
    sure = bool(request.POST.get("sure"))
    try:
        moves = operations.paste_rows(plan=plan, text=text, after=after, store=sure, **said)
    except ValidationError as error:
        if request.POST.get("swap"):
            return _not_understood(request, plan, error)
        form.add_error("text", error.messages)
        return _form_page(request, plan, form, _("Paste rows"), _("See what is understood"))
    at = PlanPage.of(plan.engagement, plan)
    if not sure:
        return plan_after(request, at, preview=_understood(request, plan, text, moves))
    tell_change(request, plan, moves)
    return plan_after(request, at, row=moves.made[0].id if moves.made else None)


def _form_page(
    request: WorkspaceRequest, plan: Plan, form: Any, heading: str, save: str
) -> HttpResponse:
    at = PlanPage.of(plan.engagement, plan)
    context = {
        "header": at.header,
        "form": form,
        "heading": heading,
        "save": save,
        "back": plan_address(request, at),
        "at": request.POST.get("at") or f"?{request.GET.urlencode()}",
    }
    return page(request, "adoption/rows_form.html", context)


def _understood(request: WorkspaceRequest, plan: Plan, text: str, moves: Moves) -> Preview:
    rows = [{"row": row, "level": row.outline.count(".") + 1} for row in moves.made[:ROWS_SHOWN]]
    count = len(moves.made)
    return Preview(
        title=ngettext("One row was understood", "%(n)s rows were understood", count)
        % {"n": count},
        action=request.path,
        fields=[
            ("text", text),
            ("after", request.POST.get("after", "")),
            ("at", request.POST.get("at", "")),
        ],
        back=_back(request, plan),
        save=ngettext("Add this row", "Add these %(n)s rows", count) % {"n": count},
        swaps=wants_fragment(request),
        rows=rows,
        more=max(0, count - ROWS_SHOWN),
    )


def _not_understood(request: WorkspaceRequest, plan: Plan, error: ValidationError) -> HttpResponse:
    """What was pasted cannot be rows yet; each fault is named, and nothing was changed."""
    preview = Preview(
        title=_("These rows cannot be added as they are"),
        action=request.path,
        fields=[("at", request.POST.get("at", ""))],
        back=_back(request, plan),
        save="",
        faults=error.messages,
        may_save=False,
        swaps=wants_fragment(request),
    )
    return plan_after(request, PlanPage.of(plan.engagement, plan), preview=preview)


def _back(request: WorkspaceRequest, plan: Plan) -> str:
    return plan_address(request, PlanPage.of(plan.engagement, plan))


def _uuid(text: str | None) -> UUID:
    """The id, or one that no row has."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
