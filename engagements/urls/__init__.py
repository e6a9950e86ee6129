"""Customers and engagements, inside `/w/<workspace>/`; a file for each page of an engagement."""

from engagements.urls import budgets, customers, engagements, promise, risks, rosters

app_name = "engagements"

urlpatterns = [
    *customers.urlpatterns,
    *engagements.urlpatterns,
    *promise.urlpatterns,
    *rosters.urlpatterns,
    *risks.urlpatterns,
    *budgets.urlpatterns,
]
