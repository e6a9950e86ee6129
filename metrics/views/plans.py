"""The plan of measurement: when each measure is read, what that costs, what is overdue."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from metrics import exports, operations, queries
from metrics.forms import CadencesForm
from metrics.models.measures import CADENCES
from metrics.views.finding import find_engagement
from rendering.web import csv_file, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def measurement_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What stands, and beside it what would be read under the cadences of the address."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    plan = queries.get_measurement_plan(
        engagement_id=found.row.pk, today=found.today, wished=CadencesForm(request.GET).wished
    )
    context: dict[str, Any] = {
        "header": found.header,
        "plan": plan,
        "cadences": CADENCES,
        "names": dict(CADENCES),
        "may_edit": may(request.membership, "edit_measures"),
    }
    return page(
        request,
        "metrics/measurement_plan.html",
        context,
        fragment="metrics/_measurement_plan.html",
    )


@require_POST
def keep_measurement_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The cadences that were tried hold from now on."""
    require(request.membership, "edit_measures")
    found = find_engagement(engagement_id)
    plan = queries.get_measurement_plan(engagement_id=found.row.pk, today=found.today)
    wished = CadencesForm(request.POST).differing(plan)
    rows = queries.get_measures(engagement_id=found.row.pk).filter(pk__in=wished)
    for row in rows.select_for_update(of=("self",)):
        operations.change_measure(measure=row, fields={"cadence": wished[str(row.pk)].value})
    words = ngettext(
        "One measure is read at other times from now on.",
        "%(n)s measures are read at other times from now on.",
        len(wished),
    )
    tell(request, words % {"n": len(wished)} if wished else _("Nothing was changed."))
    return redirect("metrics:measurement_plan", request.workspace.slug, engagement_id)


@require_GET
def export_measurement_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    plan = queries.get_measurement_plan(engagement_id=found.row.pk, today=found.today)
    record(
        action="measurement_plan.exported",
        subject=found.row,
        about_customer_id=found.row.customer_id,
    )
    name = f"{found.row.key}-measurement-plan-{found.today}.csv"
    return csv_file(exports.plan_csv(plan), name)
