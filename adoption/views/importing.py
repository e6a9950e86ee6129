"""A plan file on its way in: upload, see what it would change, bring in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from adoption import imports, operations
from adoption.adapters import UnreadablePlan, link_text
from adoption.adapters.headings import NEEDED
from adoption.adapters.replacement import Replacement
from adoption.forms import BringPlanForm, PlanColumnsForm, PlanFileForm
from adoption.forms.files import OURS
from adoption.models import Plan, StagedPlan
from adoption.views.finding import find_engagement
from engagements.models import Engagement
from engagements.queries import header_of
from people.queries import person_of
from rendering.web import form_view, page
from tenancy.access import require
from tenancy.http import WorkspaceRequest

ROWS_SHOWN = 8
CHANGES_SHOWN = 20
# What a row's fields are called here, where columns call them otherwise.
_FIELDS = {
    "resources": OURS["owner"],
    "constraint_at": OURS["constraint_date"],
    "deadline_at": OURS["deadline"],
    "percent": OURS["percent_complete"],
    "summary": _lazy("Summary"),
    "elapsed": _lazy("Time by the clock"),
}


@form_view
def import_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    form = PlanFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        staged = _stage(request, engagement, form)
        if staged is not None:
            return redirect("adoption:check_plan", request.workspace.slug, staged.pk)
    context = {
        "form": form,
        "header": header_of(engagement, today=timezone.localdate()),
        "replaces": Plan.objects.filter(engagement=engagement).exists(),
    }
    return page(request, "adoption/import_plan.html", context)


def _stage(
    request: WorkspaceRequest, engagement: Engagement, form: PlanFileForm
) -> StagedPlan | None:
    """The file, kept to be looked at; one that nobody could make sense of is refused here."""
    upload, now = form.cleaned_data["file"], timezone.now()
    if upload.size > imports.LARGEST_PLAN_BYTES:
        form.add_error("file", _("The file is larger than 60 MB."))
        return None
    content = upload.read()
    try:
        names = imports.guess_names(imports.columns_of(content, upload.name))
        if names is None or set(NEEDED) <= set(names.values()):
            imports.preview_plan(
                engagement=engagement, content=content, file_name=upload.name, names=names, now=now
            )
    except UnreadablePlan as error:
        form.add_error("file", str(error))
        return None
    return operations.stage_plan(
        engagement=engagement,
        file_name=upload.name,
        content=content,
        names=names,
        by=person_of(request.user),
        now=now,
    )


def _find(plan_import_id: UUID, *, held: bool = False) -> StagedPlan:
    rows = StagedPlan.objects.select_related("engagement__customer", "created_by")
    return get_object_or_404(
        rows.select_for_update(of=("self",)) if held else rows, pk=plan_import_id
    )


@form_view
def check_plan(request: WorkspaceRequest, plan_import_id: UUID) -> HttpResponse:
    """What the file says and would change; a POST brings it in."""
    require(request.membership, "edit_plan")
    posted = request.method == "POST"
    staged = _find(plan_import_id, held=posted)
    form = BringPlanForm(request.POST if posted else None, initial=_as_now(staged))
    problem = ""
    if posted and form.is_valid():
        problem = _bring_in(request, staged, follows_today=form.cleaned_data["follows_today"])
        if not problem:
            words = _("The plan stands, and its critical path is computed.")
            messages.success(request, words)
            return redirect("adoption:plan", request.workspace.slug, staged.engagement_id)
    return _checked(request, staged, form, None, problem)


def _as_now(staged: StagedPlan) -> dict[str, bool]:
    """A plan that follows today goes on doing so, unless somebody says otherwise."""
    stored = Plan.objects.filter(engagement=staged.engagement_id, follows_today=True)
    return {"follows_today": stored.exists()}


def _bring_in(request: WorkspaceRequest, staged: StagedPlan, *, follows_today: bool) -> str:
    """What stands in the way of the file; nothing when it is the plan now."""
    try:
        operations.bring_in_staged(
            staged=staged,
            plan_file=imports.read_staged(staged, now=timezone.now()),
            by=person_of(request.user),
            now=timezone.now(),
            follows_today=follows_today,
        )
    except imports.REFUSALS as error:
        return str(imports.refusal_of(error))
    return ""


@require_POST
def name_plan_columns(request: WorkspaceRequest, plan_import_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    staged = _find(plan_import_id, held=True)
    found = [column.heading for column in _columns(staged)]
    form = PlanColumnsForm(request.POST, found=found, names=staged.names or {})
    if not form.is_valid():
        return _checked(request, staged, BringPlanForm(initial=_as_now(staged)), form, "")
    operations.name_columns(staged=staged, names=form.names)
    return redirect("adoption:check_plan", request.workspace.slug, staged.pk)


@require_POST
def discard_plan(request: WorkspaceRequest, plan_import_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    staged = _find(plan_import_id, held=True)
    operations.discard_staged(staged=staged)
    messages.success(request, _("The file is put away; the plan is as it was."))
    return redirect("adoption:plan", request.workspace.slug, staged.engagement_id)


def _columns(staged: StagedPlan) -> list[imports.FileColumn]:
    if staged.names is None:
        return []
    return imports.columns_of(imports.content_of(staged), staged.file_name)


def _checked(
    request: WorkspaceRequest,
    staged: StagedPlan,
    form: BringPlanForm,
    columns_form: PlanColumnsForm | None,
    problem: str,
) -> HttpResponse:
    columns = _columns(staged)
    columns_form = columns_form or PlanColumnsForm(
        found=[column.heading for column in columns], names=staged.names or {}
    )
    preview = None
    try:
        preview = imports.preview_plan(
            engagement=staged.engagement,
            content=imports.content_of(staged),
            file_name=staged.file_name,
            names=staged.names,
            now=timezone.now(),
        )
    except UnreadablePlan as error:
        problem = problem or str(error)
    context: dict[str, Any] = {
        "staged": staged,
        "header": header_of(staged.engagement, today=timezone.localdate()),
        "form": form,
        "columns_form": columns_form,
        "columns": [
            {"column": column, "field": columns_form[field]}
            for column, (field, _heading) in zip(columns, columns_form.found, strict=True)
        ],
        "problem": problem,
    }
    if preview is not None:
        context |= _shown(preview)
    return page(request, "adoption/check_plan.html", context)


def _shown(preview: imports.PlanPreview) -> dict[str, Any]:
    plan_file, replacement = preview.plan_file, preview.replacement
    waits: dict[str, list[str]] = {}
    for link in plan_file.links:
        waits.setdefault(link.after, []).append(link_text(link, plan_file.calendar))
    shown: dict[str, Any] = {
        "preview": preview,
        "rows": [
            {
                "row": row,
                "days": row.duration / (1440 if row.elapsed else plan_file.calendar.day_minutes),
                "waits": ", ".join(waits.get(row.uid, ())),
            }
            for row in plan_file.rows[:ROWS_SHOWN]
        ],
        "more_rows": max(0, len(plan_file.rows) - ROWS_SHOWN),
        "week": [bool(shifts) for shifts in plan_file.calendar.week].count(True),
        "day_hours": plan_file.calendar.day_minutes / 60,
        "days_off": len(plan_file.calendar.exceptions),
    }
    if replacement is not None:
        shown |= _replaced(replacement)
    return shown


def _replaced(found: Replacement) -> dict[str, Any]:
    """The first changes of each kind, and how many there are of the kind with most of them."""
    kinds: dict[str, Sequence[Any]] = {
        "moved": found.moved,
        "changed": found.changed,
        "added": found.added,
        "removed": found.removed,
    }
    shown: dict[str, Any] = {name: rows[:CHANGES_SHOWN] for name, rows in kinds.items()}
    for name in ("moved", "changed"):
        shown[name] = [
            {"row": row, "fields": ", ".join(map(_field_words, row.fields))} for row in shown[name]
        ]
    is_cut = any(len(rows) > CHANGES_SHOWN for rows in kinds.values())
    return shown | {"most_changes": CHANGES_SHOWN if is_cut else 0}


def _field_words(name: str) -> str:
    return str(_FIELDS.get(name) or OURS.get(name) or name)
