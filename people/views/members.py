"""Who is in a workspace, who is invited, and what each may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people import exports, operations, queries, tasks
from people.forms import InviteForm, PlaceForm
from people.models import Invitation, User
from people.proof import sensitive
from rendering.web import csv_file, form_view, page, tell
from tenancy import limits
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from tenancy.models import Membership, Role

# What was taken away a moment ago, kept in the session so that it can be given back.
REMOVED = "removed_member"


@sensitive
@form_view
def members(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_members" if request.method == "POST" else "see_members")
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, form):
        return redirect("people:members", request.workspace.slug)
    context = _listed(request) | {"form": form, "now": timezone.now()}
    return page(request, "people/members.html", context, fragment="people/_members.html")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address of the page asks for."""

    side: str
    sort: str
    text: str

    @classmethod
    def of(cls, request: WorkspaceRequest) -> "Shown":
        side, sort = request.GET.get("side", ""), request.GET.get("sort", "name")
        return cls(
            side=side if side in queries.SIDES else "",
            sort=sort if sort in queries.SORTS else "name",
            text=request.GET.get("q", "").strip()[:100],
        )

    def fits(self, row: queries.Member) -> bool:
        text = self.text.lower()
        on_side = self.side in ("", "customer" if row.customer_id else "staff")
        return on_side and (text in row.name.lower() or text in row.email.lower())


def _listed(request: WorkspaceRequest) -> dict[str, Any]:
    shown = Shown.of(request)
    may_manage = may(request.membership, "manage_members")
    everybody = queries.get_members(tenant_id=request.workspace.pk, sort=shown.sort)
    now = timezone.now()
    return {
        "members": [row for row in everybody if shown.fits(row)],
        "everybody": everybody,
        "invitations": _invitations(request, now) if may_manage else [],
        "shown": shown,
        "sides": _sides(everybody),
        "may_manage": may_manage,
    }


def _invitations(request: WorkspaceRequest, now: datetime) -> list[queries.InvitationRow]:
    return queries.get_invitations(tenant_id=request.workspace.pk, now=now)


def _sides(everybody: list[queries.Member]) -> list[tuple[str, str, int]]:
    """The chips: what they choose, say and count."""
    theirs = sum(row.customer_id is not None for row in everybody)
    return [
        ("", _("Everybody"), len(everybody)),
        ("staff", _("Our side"), len(everybody) - theirs),
        ("customer", _("Customers' side"), theirs),
    ]


def _invite(request: WorkspaceRequest, form: InviteForm) -> bool:
    limits.insist("invitation_workspace", str(request.workspace.pk))
    limits.insist("invitation_account", f"{request.workspace.pk} {form.cleaned_data['email']}")
    try:
        invitation = operations.invite(
            tenant=request.workspace,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            customer_id=form.cleaned_data["customer_id"],
            invited_by=_person(request),
            now=timezone.now(),
        )
    except operations.AlreadyMember:
        form.add_error("email", _("This person is in the workspace already."))
        return False
    tasks.post(invitation)
    tell(request, _("The invitation to %(email)s is on its way.") % form.cleaned_data)
    return True


def _person(request: WorkspaceRequest) -> User:
    person = queries.person_of(request.user)
    if person is None:
        raise TypeError("A page is asked for by a person.")
    return person


def _membership(request: WorkspaceRequest, membership_id: UUID) -> Membership:
    # Memberships stand outside row security, so the workspace is named here.
    rows = Membership.objects.select_related("tenant", "user")
    return get_object_or_404(rows, pk=membership_id, tenant_id=request.workspace.pk)


@sensitive
@form_view
def change_member(request: WorkspaceRequest, membership_id: UUID) -> HttpResponse:
    require(request.membership, "manage_members")
    membership = _membership(request, membership_id)
    initial = {"role": membership.role, "customer": str(membership.customer_id or "")}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _change(request, form, membership):
        return redirect("people:members", request.workspace.slug)
    return page(request, "people/member.html", {"member": membership, "form": form})


def _change(request: WorkspaceRequest, form: PlaceForm, membership: Membership) -> bool:
    try:
        changed = operations.change_role(
            membership=membership,
            role=Role(form.cleaned_data["role"]),
            customer_id=form.cleaned_data["customer_id"],
        )
    except operations.LastAdmin:
        form.add_error("role", _("A workspace keeps at least one administrator."))
        return False
    names = {"name": membership.user, "role": Role(changed.role).label}
    tell(request, _("%(name)s is %(role)s from now on.") % names)
    return True


@sensitive
@form_view
def remove_member(request: WorkspaceRequest, membership_id: UUID) -> HttpResponse:
    require(request.membership, "manage_members")
    membership = _membership(request, membership_id)
    if request.method != "POST":
        return page(request, "people/remove_member.html", {"member": membership})
    try:
        operations.remove_member(membership=membership)
    except operations.LastAdmin:
        messages.error(request, _("A workspace keeps at least one administrator."))
        return redirect("people:members", request.workspace.slug)
    request.session[REMOVED] = {
        "tenant": str(request.workspace.pk),
        "user": str(membership.user_id),
        "role": membership.role,
        "customer": str(membership.customer_id or ""),
    }
    back = reverse("people:restore_member", args=[request.workspace.slug])
    tell(request, _("%(name)s is out.") % {"name": membership.user}, undo=back)
    return redirect("people:members", request.workspace.slug)


@require_POST
def restore_member(request: WorkspaceRequest) -> HttpResponse:
    """Undo the removal this person has just made."""
    require(request.membership, "manage_members")
    removed = request.session.pop(REMOVED, None) or {}
    user = User.objects.filter(pk=removed["user"], is_active=True).first() if removed else None
    if user is None or not _may_return(request, removed):
        messages.error(request, _("There is nothing to take back any more."))
        return redirect("people:members", request.workspace.slug)
    operations.restore_member(
        tenant=request.workspace,
        user=user,
        role=Role(removed["role"]),
        customer_id=UUID(removed["customer"]) if removed["customer"] else None,
    )
    tell(request, _("%(name)s is back.") % {"name": user})
    return redirect("people:members", request.workspace.slug)


def _may_return(request: WorkspaceRequest, removed: dict[str, str]) -> bool:
    """Whether that place was here, and its customer still is."""
    names = {str(customer_id) for customer_id in queries.get_customer_names()}
    return removed["tenant"] == str(request.workspace.pk) and removed["customer"] in {"", *names}


def _invitation(request: WorkspaceRequest, invitation_id: UUID) -> Invitation:
    rows = Invitation.objects.filter(tenant_id=request.workspace.pk, used_at=None)
    return get_object_or_404(rows, pk=invitation_id)


@sensitive
@require_POST
def send_invitation_again(request: WorkspaceRequest, invitation_id: UUID) -> HttpResponse:
    require(request.membership, "manage_members")
    invitation = _invitation(request, invitation_id)
    if invitation.revoked_at is not None:
        messages.error(request, _("This invitation was revoked. Invite the person anew."))
        return redirect("people:members", request.workspace.slug)
    limits.insist("invitation_account", f"{request.workspace.pk} {invitation.email}")
    operations.send_again(invitation=invitation, now=timezone.now())
    tasks.post(invitation)
    tell(request, _("A new link to %(email)s is on its way.") % {"email": invitation.email})
    return redirect("people:members", request.workspace.slug)


@sensitive
@require_POST
def revoke_invitation(request: WorkspaceRequest, invitation_id: UUID) -> HttpResponse:
    require(request.membership, "manage_members")
    invitation = _invitation(request, invitation_id)
    operations.revoke_invitation(invitation=invitation, now=timezone.now())
    words = _("The invitation to %(email)s opens nothing any more.")
    tell(request, words % {"email": invitation.email})
    return redirect("people:members", request.workspace.slug)


@require_safe
def export_members(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_members")
    shown = Shown.of(request)
    everybody = queries.get_members(tenant_id=request.workspace.pk, sort=shown.sort)
    rows = [row for row in everybody if shown.fits(row)]
    name = f"{request.workspace.slug}-members-{timezone.localdate()}.csv"
    return csv_file(exports.members_csv(rows), name)
