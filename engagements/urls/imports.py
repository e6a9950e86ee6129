"""Files on their way in, step by step; the first step stands with what the file is about."""

from django.urls import path

from engagements.views import imports

urlpatterns = [
    path("customers/import/", imports.import_customers, name="import_customers"),
    path(
        "engagements/<uuid:engagement_id>/roster/import/",
        imports.import_roster,
        name="import_roster",
    ),
    path("imports/<uuid:staged_id>/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:staged_id>/check/", imports.import_check, name="import_check"),
    path("imports/<uuid:staged_id>/faults.csv", imports.import_faults, name="import_faults"),
    path("imports/<uuid:staged_id>/sheet/", imports.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:staged_id>/discard/", imports.discard_import, name="discard_import"),
    path("mappings/<uuid:mapping_id>/forget/", imports.forget_mapping, name="forget_mapping"),
]
