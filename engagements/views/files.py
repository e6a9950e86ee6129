"""Customers on their way out, as files."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements import exports, queries
from rendering.web import csv_file, workbook_file
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def export_customers(request: WorkspaceRequest, as_workbook: bool = False) -> HttpResponse:
    require(request.membership, "see_customers")
    record(action="customers.exported")
    today = timezone.localdate()
    table = queries.get_customer_table(today=today)
    name = f"{request.workspace.slug}-customers-{today}"
    if as_workbook:
        return workbook_file(exports.workbook_of(table, title=_("Customers")), f"{name}.xlsx")
    return csv_file(exports.csv_of(table), f"{name}.csv")
