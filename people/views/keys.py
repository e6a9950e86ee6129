"""Keys for programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people import queries
from people.forms import ApiKeyForm
from rendering.web import form_view, page
from tenancy import operations as tenancy
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import ApiKey


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
