"""One work package: what it is, what it waits for, how far it is, and what was said of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from adoption import operations, queries
from adoption.editing import Moves
from adoption.forms.packages import LINK_WORDS, LinkForm, PackageForm, ProgressForm
from adoption.models import Dependency, WorkPackage
from adoption.queries.packages import PackageView, get_package
from adoption.views.editing import Edit, tell_change
from adoption.views.outline import PlanPage, plan_address
from adoption.views.previews import Preview, facts_of, others_of, title_of, unless_asked
from adoption.views.saying import say_reason
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import form_view, page
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

MOVES = (
    ("up", _lazy("Up")),
    ("down", _lazy("Down")),
    ("in", _lazy("Further in")),
    ("out", _lazy("Further out")),
)
WISHES = ("change", "progress", "tick", "comment")


@form_view
def package(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """A package with everything about it; its form saves, or asks first when it moves others."""
    require(request.membership, "see_plan")
    row = find_package(request, package_id, held=request.method == "POST")
    shown = get_package(package=row)
    if request.method == "POST":
        require_wish(request, row, "change")
    form = PackageForm(request.POST or None, instance=row, shown=shown, customer_id=row.customer_id)
    if request.method != "POST" or not form.is_valid():
        return show(request, row, shown, form=form)

    def edit(**said: Any) -> Moves:
        return operations.change_package(
            plan=row.plan, package=row, fields=form.model_fields, **said
        )

    return make(request, row, edit, form=form)


def find_package(request: WorkspaceRequest, package_id: UUID, *, held: bool = False) -> WorkPackage:
    """`held` keeps the row from others until the request is over.

    A row of a what-if is found as long as the copy is there, by those who may change plans.
    """
    rows = WorkPackage.objects.select_related(
        "plan__engagement__customer", "owner_member", "owner_stakeholder", "impact_group"
    )
    if not may(request.membership, "edit_plan"):
        rows = rows.filter(plan__what_if_of=None)
    rows = rows.select_for_update(of=("self",)) if held else rows
    return get_object_or_404(rows, pk=package_id, plan__dropped_at=None)


def require_wish(request: WorkspaceRequest, row: WorkPackage, wish: str) -> None:
    """Raise PermissionDenied with the sentence that says why not, and who may."""
    words = queries.get_refusal(membership=request.membership, package=row, wish=wish)
    if words:
        raise PermissionDenied(words)


def make(
    request: WorkspaceRequest, row: WorkPackage, edit: Edit, *, form: Any = None
) -> HttpResponse:
    """Make a change of a package, or ask first when it would move others."""
    said: dict[str, Any] = {"by": person_of(request.user), "now": timezone.now()}
    try:
        sure = bool(request.POST.get("sure"))
        moves, has_to_ask = unless_asked(lambda: edit(**said), sure=sure, own=[row.pk])
    except ValidationError as error:
        return refuse(request, row, error, form)
    if has_to_ask:
        return show(request, row, preview=_question(request, row, moves), form=form)
    if form is not None and taken_over_words(form):
        messages.info(request, taken_over_words(form))
    tell_change(request, row.plan, moves)
    return back_to(request, row)


def refuse(
    request: WorkspaceRequest, row: WorkPackage, error: ValidationError, form: Any
) -> HttpResponse:
    """Say beside the field what was refused; without one, above the page."""
    if isinstance(form, PackageForm):
        found = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, said in found.items():
            known = FIELD_OF.get(str(name), name if name in form.fields else None)
            form.add_error(known, said)
        return show(request, row, form=form)
    for words in error.messages:
        messages.error(request, words)
    return back_to(request, row)


FIELD_OF = {"constraint_at": "constraint_day", "deadline_at": "deadline_day", "owner": "person"}


def back_to(request: WorkspaceRequest, row: WorkPackage, part: str = "") -> HttpResponse:
    answer = redirect("adoption:package", request.workspace.slug, row.pk)
    answer["Location"] += f"#{part}" if part else ""
    return answer


def _question(request: WorkspaceRequest, row: WorkPackage, moves: Moves) -> Preview:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "sure")
        for value in values
    ]
    return Preview(
        title=title_of(moves),
        action=request.path,
        fields=sent,
        back=reverse("adoption:package", args=[request.workspace.slug, row.pk]),
        save=_("Save"),
        facts=facts_of(moves),
        others=others_of(moves),
        swaps=False,
    )


def show(
    request: WorkspaceRequest,
    row: WorkPackage,
    shown: PackageView | None = None,
    *,
    form: Any = None,
    preview: Preview | None = None,
) -> HttpResponse:
    shown = shown or get_package(package=row)
    at = PlanPage.of(row.plan.engagement, row.plan)
    wishes = {wish: _refusal(request, row, wish) for wish in WISHES}
    if not isinstance(form, PackageForm):
        form = PackageForm(None, instance=row, shown=shown, customer_id=row.customer_id)
    context = {
        "header": at.header,
        "plan_url": plan_address(request, at, QueryDict()),
        "what_if": at.what_if,
        "shown": shown,
        "row": row,
        "form": form,
        "preview": preview,
        "refusals": wishes,
        "may_edit": not wishes["change"],
        "may_undo": may(request.membership, "edit_plan"),
        "me": request.user.pk,
        "progress": _progress_form(shown),
        "link_form": _link_form(shown),
        "link_words": LINK_WORDS,
        "moves": MOVES,
        "reasons": [say_reason(reason) for reason in shown.why.reasons],
        "currency": row.plan.engagement.currency,
        "today": at.now.date(),
    }
    fragment = None if preview else "adoption/_package_side.html"
    return page(request, "adoption/package.html", context, fragment=fragment)


def _refusal(request: WorkspaceRequest, row: WorkPackage, wish: str) -> str:
    return queries.get_refusal(membership=request.membership, package=row, wish=wish)


def _progress_form(shown: PackageView, data: Any = None) -> ProgressForm:
    row = shown.package
    initial = {
        "percent": round(row.percent),
        "actual_start": row.actual_start and row.actual_start.date(),
        "actual_finish": row.actual_finish and row.actual_finish.date(),
        "remaining": shown.remaining,
    }
    return ProgressForm(data, initial=initial, prefix="progress")


def _link_form(shown: PackageView, data: Any = None) -> LinkForm:
    form = LinkForm(data, prefix="link")
    other: Any = form.fields["other"]
    other.choices = [("", _("Choose a step")), *((str(pk), words) for pk, words in shown.steps)]
    return form


@require_POST
def report_progress(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """How far it is, as somebody says it; only what was filled in anew is reported."""
    require(request.membership, "report_progress")
    row = find_package(request, package_id, held=True)
    require_wish(request, row, "progress")
    shown = get_package(package=row)
    form = _progress_form(shown, request.POST)
    if not form.is_valid():
        for words in form.errors.values():
            messages.error(request, " ".join(map(str, words)))
        return back_to(request, row, "progress")
    fields = {name: form.cleaned_data[name] for name in form.changed_data}

    def edit(**said: Any) -> Moves:
        return operations.report_progress(plan=row.plan, package=row, **fields, **said)

    return make(request, row, edit)


@require_POST
def complete_package(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """Done, with one click; a summary is done with everything in it."""
    require(request.membership, "report_progress")
    row = find_package(request, package_id, held=True)
    require_wish(request, row, "progress")
    try:
        moves = operations.complete_package(
            plan=row.plan, package=row, by=person_of(request.user), now=timezone.now()
        )
    except ValidationError as error:
        return refuse(request, row, error, None)
    tell_change(request, row.plan, moves)
    return back_to(request, row)


@require_POST
def add_link(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """The package waits for another one from now on."""
    require(request.membership, "edit_plan")
    row = find_package(request, package_id)
    form = _link_form(get_package(package=row), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the step it waits for."))
        return back_to(request, row, "links")
    before = get_object_or_404(
        WorkPackage.objects.filter(plan=row.plan_id), pk=form.cleaned_data["other"]
    )

    def edit(**said: Any) -> Moves:
        return operations.add_link(
            plan=row.plan,
            before=before,
            after=row,
            type=form.cleaned_data["type"],
            lag=form.cleaned_data["lag"],
            **said,
        )

    return make(request, row, edit)


@require_POST
def change_link(request: WorkspaceRequest, dependency_id: UUID) -> HttpResponse:
    """Another kind or lag of a link; or none of it any more."""
    require(request.membership, "edit_plan")
    rows = Dependency.objects.select_related("after")
    link = get_object_or_404(rows, pk=dependency_id)
    row = find_package(request, link.after_id)

    def edit(**said: Any) -> Moves:
        if request.POST.get("act") == "remove":
            return operations.remove_link(plan=row.plan, link=link, **said)
        return operations.change_link(
            plan=row.plan,
            link=link,
            type=request.POST.get("type", link.type),
            lag=request.POST.get("lag", ""),
            **said,
        )

    return make(request, row, edit)
