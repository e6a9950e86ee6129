"""Customers and engagements, in from a file and out to one."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements import exports, imports
from engagements.forms import ImportForm
from rendering.spreadsheets import LARGEST_TABLE_BYTES, UnreadableTable, read_table
from rendering.web import csv_file, form_view, page
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@form_view
def import_customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    form = ImportForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = _run_import(form)
    context = {"form": form, "result": result, "columns": imports.COLUMNS}
    return page(request, "engagements/import.html", context)


def _run_import(form: ImportForm) -> imports.ImportResult | None:
    try:
        return imports.import_customers(
            # A byte more than may be: enough to be refused, however much there is.
            table=read_table(form.cleaned_data["file"].read(LARGEST_TABLE_BYTES + 1)),
            today=timezone.localdate(),
            keep=not form.cleaned_data["check_only"],
        )
    except UnreadableTable as error:
        form.add_error("file", str(error))
        return None


@require_GET
def export_customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    record(action="customers.exported")
    today = timezone.localdate()
    name = f"{request.workspace.slug}-customers-{today}.csv"
    return csv_file(exports.customers_csv(today=today), name)
