"""The settings of a workspace: what it is called, how it writes, looks and signs in."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoptiq.workspace import branding
from adoptiq.workspace.forms import LookForm, SecondFactorForm, WorkspaceForm
from people.proof import sensitive
from rendering.web import form_view, page, tell
from tenancy import operations
from tenancy.access import require
from tenancy.http import WorkspaceRequest, open_while_closed
from tenancy.models import Tenant


@form_view
def settings(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    form = WorkspaceForm(request.POST or None, instance=_fresh(request))
    if request.method != "POST" or not form.is_valid():
        return _settings_page(request, form=form)
    moved = form.cleaned_data["time_zone"] != request.workspace.time_zone
    operations.change_settings(tenant=request.workspace, fields=form.cleaned_data)
    tell(request, _moved_words(request.workspace) if moved else _("The settings are saved."))
    return redirect("workspace:settings", request.workspace.slug)


def _moved_words(tenant: Tenant) -> str:
    return _("Saved. Days and times are shown in %(zone)s from now on.") % {
        "zone": tenant.time_zone
    }


def _fresh(request: WorkspaceRequest) -> Tenant:
    # A form writes into its instance even when it is refused; the shell shows the workspace.
    return Tenant.objects.get(pk=request.workspace.pk)


def _settings_page(request: WorkspaceRequest, **bound: Any) -> HttpResponse:
    context = {
        "form": WorkspaceForm(instance=request.workspace),
        "look": LookForm(instance=request.workspace),
        "signing_in": SecondFactorForm(instance=request.workspace),
    }
    return page(request, "workspace/settings.html", context | bound)


@require_POST
def change_look(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    look = LookForm(request.POST, request.FILES, instance=_fresh(request))
    if not look.is_valid():
        return _settings_page(request, look=look)
    changed = look.cleaned_data
    operations.change_settings(tenant=request.workspace, fields={"accent": changed["accent"]})
    if changed["logo_file"] or changed.get("remove_logo"):
        operations.change_logo(tenant=request.workspace, logo=changed["logo_file"])
    tell(request, _("The look is saved."))
    return redirect("workspace:settings", request.workspace.slug)


@require_POST
@sensitive
def change_second_factor(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    signing_in = SecondFactorForm(request.POST, instance=_fresh(request))
    if not signing_in.is_valid():
        return _settings_page(request, signing_in=signing_in)
    operations.change_settings(tenant=request.workspace, fields=signing_in.cleaned_data)
    tell(request, _("The rule is saved."))
    return redirect("workspace:settings", request.workspace.slug)


@open_while_closed
@require_GET
def logo(request: WorkspaceRequest) -> HttpResponse:
    """The mark of the workspace, for everybody who belongs to it."""
    require(request.membership, "see_engagement")
    picture = request.workspace.logo
    if picture is None:
        raise Http404
    return HttpResponse(bytes(picture), content_type="image/png")


@open_while_closed
@require_GET
def accent(request: WorkspaceRequest) -> HttpResponse:
    """The accent colour as a style sheet, since no page may carry styles of its own."""
    require(request.membership, "see_engagement")
    return HttpResponse(
        branding.style_sheet(request.workspace.accent), content_type="text/css; charset=utf-8"
    )
