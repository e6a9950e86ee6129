"""Choosing a workspace."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from rendering.web import page
from tenancy.queries import get_memberships


@login_required
@require_GET
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """The person's workspaces; with just one, straight into it."""
    memberships = get_memberships(user_id=request.user.pk)
    if len(memberships) == 1 and "choose" not in request.GET:
        return redirect("reviews:book", memberships[0].tenant.slug)
    return page(request, "people/choose_workspace.html", {"memberships": memberships})
