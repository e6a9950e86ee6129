"""A plan in somebody's own calendar: the page that makes an address, and the address itself."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from adoption import operations
from adoption.adapters.ical import write_calendar
from adoption.forms import FeedForm
from adoption.models import PlanFeed
from adoption.queries.feeds import FeedKey, get_feed, get_feed_key, get_plan_feed
from adoption.views.finding import find_engagement
from engagements.models import Engagement
from engagements.queries import get_engagements, header_of
from people.queries import person_of
from rendering.formats import using
from rendering.web import form_view, page
from tenancy import limits
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest, address_of
from tenancy.scope import tenant_scope


@form_view
def plan_feed(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Whether there is an address for this person; a POST makes one, shown with this answer only."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    form = FeedForm(request.POST if request.method == "POST" else None)
    user = person_of(request.user)
    token = ""
    if request.method == "POST" and form.is_valid() and user is not None:
        _feed, token = operations.make_feed(
            engagement=engagement,
            user=user,
            with_own_packages=form.cleaned_data["with_own_packages"],
            now=timezone.now(),
        )
    context = {
        "header": header_of(engagement, today=timezone.localdate()),
        "form": form,
        "feed": get_plan_feed(engagement_id=engagement.pk, user_id=request.membership.user_id),
        "address": request.build_absolute_uri(reverse("plan_calendar", args=[token]))
        if token
        else "",
    }
    return page(request, "adoption/plan_feed.html", context)


@require_POST
def revoke_plan_feed(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    feed = get_object_or_404(
        PlanFeed.objects.select_related("engagement"),
        engagement=engagement,
        user=request.membership.user_id,
    )
    operations.revoke_feed(feed=feed)
    messages.success(request, _("The address opens nothing any more."))
    return redirect("adoption:plan_feed", request.workspace.slug, engagement_id)


@require_safe
def plan_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind an address: the address is the whole authority, no cookie is read."""
    key = get_feed_key(text=token)
    if key is None or not may(key.membership, "see_plan"):
        limits.insist("wrong_key", address_of(request) or "none")
        raise Http404
    tenant, place = key.membership.tenant, key.membership
    with (
        tenant_scope(tenant.pk, realm=place.realm, customer_id=place.customer_id),
        using(tenant.locale),
    ):
        engagement = get_object_or_404(get_engagements(), pk=key.engagement_id)
        return _answer(request, engagement, key)


def _answer(request: HttpRequest, engagement: Engagement, key: FeedKey) -> HttpResponseBase:
    path = reverse("adoption:plan", args=[key.membership.tenant.slug, engagement.pk])
    owner: Any = key.membership.user if key.with_own_packages else None
    shown = get_feed(
        engagement_id=engagement.pk, user=owner, address=request.build_absolute_uri(path)
    )
    content = write_calendar(
        shown.entries if shown else (),
        name=f"{engagement.customer.name}: {shown.name if shown else engagement.name}",
        zone=engagement.customer.time_zone,
        changed_at=shown.changed_at if shown else engagement.created_at,
        sequence=shown.sequence if shown else 0,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = f"{engagement.key.lower()}-plan.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    changed_at = shown.changed_at if shown else engagement.created_at
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed_at.timestamp())
    response["Cache-Control"] = "private, max-age=900"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return get_conditional_response(request, etag=etag, response=response) or response
