"""The working calendar of a workspace."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from adoption.scheduling import public_holidays
from adoptiq.workspace.forms import CalendarForm
from rendering.web import form_view, page, tell, wants_fragment
from tenancy import operations
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import Tenant

PREVIEW_DAYS = 365


@form_view
def calendar(request: WorkspaceRequest) -> HttpResponse:
    """Shown, saved by POST, and drawn anew by htmx while somebody chooses."""
    require(request.membership, "manage_workspace")
    choosing = wants_fragment(request) and request.method == "GET"
    form = CalendarForm(request.POST or (request.GET if choosing else _kept(request.workspace)))
    valid = form.is_valid()
    if request.method == "POST" and valid:
        fields = {
            "working_days": sorted(form.cleaned_data["working_days"]),
            "holiday_region": form.region(),
        }
        operations.change_settings(tenant=request.workspace, fields=fields)
        tell(request, _("The calendar is saved. Plans made from now on follow it."))
        return redirect("workspace:calendar", request.workspace.slug)
    context = {
        "form": form,
        "coming": _coming(form.region(), timezone.localdate()) if valid else (),
    }
    return page(request, "workspace/calendar.html", context, fragment="workspace/_calendar.html")


def _kept(tenant: Tenant) -> dict[str, object]:
    country, _dash, part = tenant.holiday_region.partition("-")
    return {"working_days": tenant.working_days, "country": country, "part": part}


def _coming(region: str, today: date) -> list[tuple[date, str]]:
    """The public holidays of the next twelve months."""
    if not region:
        return []
    last = today + timedelta(days=PREVIEW_DAYS)
    known = public_holidays(region, today.year, last.year)
    return [(day, name) for day, name in known if today <= day <= last]
