"""Choosing a workspace, its members and its keys."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people import operations, queries
from people.forms import ApiKeyForm, InviteForm
from rendering.web import page
from tenancy import operations as tenancy
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from tenancy.models import ApiKey, Membership, Role
from tenancy.queries import get_memberships

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_GET
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """The person's workspaces; with just one, straight into it."""
    memberships = get_memberships(user_id=request.user.pk)
    if len(memberships) == 1 and "choose" not in request.GET:
        return redirect("reviews:book", memberships[0].tenant.slug)
    return page(request, "people/choose_workspace.html", {"memberships": memberships})


@form_view
def members(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_members" if request.method == "POST" else "see_members")
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, form):
        return redirect("people:members", request.workspace.slug)
    context = {
        "members": queries.get_members(tenant_id=request.workspace.pk),
        "form": form,
        "roles": Role.choices,
        "may_manage": may(request.membership, "manage_members"),
    }
    return page(request, "people/members.html", context)


def _invite(request: WorkspaceRequest, form: InviteForm) -> bool:
    try:
        operations.invite_member(
            tenant=request.workspace,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
        )
    except operations.AlreadyMember:
        form.add_error("email", _("This person is in the workspace already."))
        return False
    messages.success(request, _("%(name)s may come in now.") % form.cleaned_data)
    return True


def _membership(request: WorkspaceRequest, membership_id: UUID) -> Membership:
    # Memberships stand outside row security, so the workspace is named here.
    rows = Membership.objects.select_related("tenant", "user")
    return get_object_or_404(rows, pk=membership_id, tenant_id=request.workspace.pk)


@require_POST
def remove_member(request: WorkspaceRequest, membership_id: UUID) -> HttpResponse:
    require(request.membership, "manage_members")
    membership = _membership(request, membership_id)
    try:
        operations.remove_member(membership=membership)
        messages.success(request, _("%(name)s is out.") % {"name": membership.user})
    except operations.LastAdmin:
        messages.error(request, _("A workspace keeps at least one administrator."))
    return redirect("people:members", request.workspace.slug)


@form_view
def keys(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_keys")
    form = ApiKeyForm(request.POST or None)
    new = None
    if request.method == "POST" and form.is_valid():
        new = _create_key(request, form)
    context = {
        "keys": queries.get_api_keys(tenant_id=request.workspace.pk),
        "form": ApiKeyForm() if new else form,
        # Shown in this answer and never again.
        "new_key": new,
    }
    return page(request, "people/keys.html", context)


def _create_key(request: WorkspaceRequest, form: ApiKeyForm) -> str | None:
    try:
        _key, new = tenancy.create_api_key(
            tenant=request.workspace,
            name=form.cleaned_data["name"],
            can_write=form.cleaned_data["can_write"],
            created_by=request.user,
        )
    except tenancy.TooManyKeys:
        form.add_error(None, _("Ten keys are live already. Revoke one that is not used."))
        return None
    return new.text


@require_POST
def revoke_key(request: WorkspaceRequest, key_id: UUID) -> HttpResponse:
    require(request.membership, "manage_keys")
    key = get_object_or_404(ApiKey, pk=key_id, tenant_id=request.workspace.pk)
    tenancy.revoke_api_key(key=key, now=timezone.now())
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("people:keys", request.workspace.slug)
