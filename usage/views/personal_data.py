"""What is stored of one end user, taken along or erased, and how long events stay at all."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from people.proof import sensitive
from rendering.templatetags.formats import number
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, operations, queries
from usage.forms import PersonForm, RetentionForm

TEMPLATE = "usage/personal_data.html"


@form_view
def personal_data(request: WorkspaceRequest) -> HttpResponse:
    """A person is asked for by POST, so that no address and no log holds their name."""
    require(request.membership, "manage_personal_data")
    form = PersonForm(request.POST or None)
    traces = None
    if request.method == "POST" and form.is_valid():
        traces = queries.get_traces(said=form.cleaned_data["said"])
    return _page(request, form, traces=traces)


@require_POST
def change_retention(request: WorkspaceRequest) -> HttpResponse:
    """Nothing goes before the coming night, so that a slip can be mended."""
    require(request.membership, "manage_personal_data")
    form = RetentionForm(request.POST)
    if form.is_valid():
        try:
            operations.change_retention(months=form.cleaned_data["months"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            tell(request, _("Saved. The coming night keeps to it."))
            return redirect("usage:personal_data", request.workspace.slug)
    return _page(request, PersonForm(), retention=form)


@require_POST
def export_person(request: WorkspaceRequest) -> HttpResponse:
    """Everything that is stored of somebody, as one archive."""
    require(request.membership, "manage_personal_data")
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    archive = exports.person_archive(queries.get_traces(said=form.cleaned_data["said"]))
    record(action="end_user.exported")
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="end-user.zip"'
    return response


@sensitive
@require_POST
def erase_person(request: WorkspaceRequest) -> HttpResponse:
    """Take everything of somebody away. Asked for twice, since it can not be undone."""
    require(request.membership, "manage_personal_data")
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    said = form.cleaned_data["said"]
    if request.POST.get("sure") != "yes":
        context = {"traces": queries.get_traces(said=said), "said": said}
        return page(request, "usage/erase_person.html", context)
    erased = operations.erase_person(said=said, now=timezone.now())
    words = ngettext(
        "Erased, with %(n)s event. The coming night counts without them.",
        "Erased, with %(n)s events. The coming night counts without them.",
        erased.events,
    )
    tell(request, words % {"n": number(erased.events)})
    return redirect("usage:personal_data", request.workspace.slug)


def _page(
    request: WorkspaceRequest,
    form: PersonForm,
    *,
    traces: queries.Traces | None = None,
    retention: RetentionForm | None = None,
) -> HttpResponse:
    months = queries.get_keeping().months
    context = {
        "form": form,
        "traces": traces,
        "months": months,
        "kept_since": queries.get_keeping().since(timezone.now()),
        "retention": retention or RetentionForm(initial={"months": months}),
    }
    return page(request, TEMPLATE, context)
