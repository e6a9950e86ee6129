"""Who is in a workspace."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people import operations, queries
from people.forms import InviteForm
from rendering.web import form_view, page
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from tenancy.models import Membership, Role


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
