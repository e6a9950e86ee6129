"""Keys for programs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from people import exports, queries
from people.forms import ApiKeyForm, RotateForm
from people.proof import sensitive
from rendering.web import csv_file, form_view, page, tell
from tenancy import operations as tenancy
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import ApiKey


@form_view
@sensitive
def keys(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_keys")
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = _create_key(request, form, timezone.now())
        if new:
            return _keys_page(request, ApiKeyForm(), new)
    return _keys_page(request, form)


def _keys_page(request: WorkspaceRequest, form: ApiKeyForm, new: str = "") -> HttpResponse:
    context = {
        "keys": queries.get_api_keys(tenant_id=request.workspace.pk, now=timezone.now()),
        "form": form,
        # Shown in this answer and never again.
        "new_key": new,
    }
    return page(request, "people/keys.html", context)


def _create_key(request: WorkspaceRequest, form: ApiKeyForm, now: datetime) -> str:
    lasts_days = form.cleaned_data["lasts_days"]
    try:
        _key, new = tenancy.create_api_key(
            tenant=request.workspace,
            name=form.cleaned_data["name"],
            scopes=form.scopes(),
            created_by=request.user,
            expires_at=now + timedelta(days=lasts_days) if lasts_days else None,
        )
    except tenancy.TooManyKeys:
        form.add_error(None, _("Ten keys are live already. Revoke one that is not used."))
        return ""
    except tenancy.SameName:
        form.add_error("name", _("A live key is called that. Make its successor, or revoke it."))
        return ""
    return new.text


def _key(request: WorkspaceRequest, key_id: UUID) -> ApiKey:
    # Keys stand outside row security, so the workspace is named here.
    return get_object_or_404(ApiKey, pk=key_id, tenant_id=request.workspace.pk)


@require_GET
def key(request: WorkspaceRequest, key_id: UUID) -> HttpResponse:
    """What can be done with a key: a successor, or its end."""
    require(request.membership, "manage_keys")
    return _key_page(request, _key(request, key_id), RotateForm())


def _key_page(request: WorkspaceRequest, key: ApiKey, form: RotateForm) -> HttpResponse:
    rows = queries.get_api_keys(tenant_id=request.workspace.pk, now=timezone.now())
    shown = next(row for row in rows if row.id == key.pk)
    return page(request, "people/key.html", {"key": shown, "form": form})


@require_POST
@sensitive
def rotate_key(request: WorkspaceRequest, key_id: UUID) -> HttpResponse:
    require(request.membership, "manage_keys")
    key, form = _key(request, key_id), RotateForm(request.POST)
    if not form.is_valid():
        return _key_page(request, key, form)
    try:
        _successor, new = tenancy.rotate_api_key(
            key=key,
            now=timezone.now(),
            grace=timedelta(days=form.cleaned_data["grace_days"]),
            created_by=request.user,
        )
    except (tenancy.TooManyKeys, tenancy.NotLive, tenancy.AlreadyRotated) as refusal:
        form.add_error(None, _refusals()[type(refusal)])
        return _key_page(request, key, form)
    return _keys_page(request, ApiKeyForm(), new.text)


def _refusals() -> dict[type[Exception], str]:
    return {
        tenancy.TooManyKeys: _("Ten keys are live already. Revoke one that is not used."),
        tenancy.NotLive: _("This key opens nothing any more. Make a new one."),
        tenancy.AlreadyRotated: _("This key has a successor already. Revoke one of the two first."),
    }


@require_POST
@sensitive
def revoke_key(request: WorkspaceRequest, key_id: UUID) -> HttpResponse:
    require(request.membership, "manage_keys")
    key = _key(request, key_id)
    tenancy.revoke_api_key(key=key, now=timezone.now())
    tell(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("people:keys", request.workspace.slug)


@require_GET
def export_keys(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_keys")
    now = timezone.now()
    rows = queries.get_api_keys(tenant_id=request.workspace.pk, now=now)
    name = f"{request.workspace.slug}-keys-{timezone.localdate()}.csv"
    return csv_file(exports.keys_csv(rows), name)
