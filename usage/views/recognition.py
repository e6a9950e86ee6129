"""Whom senders mean: what waits, what their words stand for, who is left out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from people.queries import person_of
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, operations, queries
from usage.forms import DomainForm, ExclusionForm, GroupNameForm
from usage.models import Domain, Exclusion, GroupName


@require_GET
def recognition(request: WorkspaceRequest) -> HttpResponse:
    """What waits and what the workspace has said of its senders' words."""
    require(request.membership, "manage_sources")
    context = {"waiting": queries.get_waiting(), "known": queries.get_recognition()}
    return page(request, "usage/recognition.html", context)


@require_GET
def quarantined_csv(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_sources")
    record(action="quarantine.exported")
    rows = queries.get_every_quarantined()
    name = f"{request.workspace.slug}-put-aside-{timezone.localdate()}.csv"
    return csv_file(exports.quarantined_csv(rows), name)


@form_view
def attach_group(request: WorkspaceRequest) -> HttpResponse:
    """Which customer a group is; what waited under it comes in."""
    require(request.membership, "manage_sources")
    form = GroupNameForm(request.POST or None, initial={"said": request.GET.get("group", "")})
    if request.method == "POST" and form.is_valid():
        came = operations.attach_group(**form.cleaned_data, now=timezone.now())
        return _done(request, _said_of(came))
    return _form(request, form, _("Which customer is this group?"))


@form_view
def add_domain(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_sources")
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        came = operations.add_domain(**form.cleaned_data, now=timezone.now())
        return _done(request, _said_of(came))
    return _form(request, form, _("Whose e-mail domain is it?"))


@form_view
def leave_out(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_sources")
    form = ExclusionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.leave_out(**form.cleaned_data, by=person_of(request.user))
        return _done(request, _("Left out; the coming night counts without them."))
    return _form(request, form, _("Who should not be counted?"))


@require_POST
def count_again(request: WorkspaceRequest, exclusion_id: UUID) -> HttpResponse:
    require(request.membership, "manage_sources")
    operations.count_again(exclusion=get_object_or_404(Exclusion, pk=exclusion_id))
    return _done(request, _("They count again from the coming night, with all they did."))


@require_POST
def detach_group(request: WorkspaceRequest, group_name_id: UUID) -> HttpResponse:
    require(request.membership, "manage_sources")
    name = get_object_or_404(GroupName.objects.select_related("customer"), pk=group_name_id)
    operations.detach_group(name=name)
    return _done(request, _("Events under this name wait from now on."))


@require_POST
def remove_domain(request: WorkspaceRequest, domain_id: UUID) -> HttpResponse:
    require(request.membership, "manage_sources")
    domain = get_object_or_404(Domain.objects.select_related("customer"), pk=domain_id)
    operations.remove_domain(domain=domain)
    return _done(request, _("The domain says nothing any more."))


def _said_of(came: int) -> str:
    if not came:
        return _("Saved. Nothing was waiting.")
    words = ngettext("Saved. %(n)s event came in.", "Saved. %(n)s events came in.", came)
    return words % {"n": came}


def _done(request: WorkspaceRequest, words: str) -> HttpResponse:
    tell(request, words)
    return redirect("usage:recognition", request.workspace.slug)


def _form(request: WorkspaceRequest, form: Any, heading: str) -> HttpResponse:
    back = reverse("usage:recognition", args=[request.workspace.slug])
    context = {"form": form, "heading": heading, "back": back}
    return page(request, "usage/recognition_form.html", context)
