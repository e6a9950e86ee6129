"""Customers and engagements, inside `/w/<workspace>/`; a file for each page of an engagement."""

from engagements.urls import (
    budgets,
    customers,
    engagements,
    feedback,
    hypercare,
    imports,
    log,
    portfolio,
    promise,
    risks,
    rosters,
    routes,
    stored_files,
    tasks,
)

app_name = "engagements"

urlpatterns = [
    *customers.urlpatterns,
    *engagements.urlpatterns,
    *feedback.urlpatterns,
    *hypercare.urlpatterns,
    *imports.urlpatterns,
    *log.urlpatterns,
    *portfolio.urlpatterns,
    *promise.urlpatterns,
    *rosters.urlpatterns,
    *routes.urlpatterns,
    *risks.urlpatterns,
    *stored_files.urlpatterns,
    *tasks.urlpatterns,
    *budgets.urlpatterns,
]
