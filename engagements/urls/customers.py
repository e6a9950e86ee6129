"""Customers: their pages, import and export."""

from django.urls import path

from engagements.views import customers, files

urlpatterns = [
    path("customers/new/", customers.create_customer, name="create_customer"),
    path("customers/export.csv", files.export_customers, name="export_customers"),
    path(
        "customers/export.xlsx",
        files.export_customers,
        {"as_workbook": True},
        name="export_customers_xlsx",
    ),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.edit_customer, name="edit_customer"),
    path(
        "customers/<uuid:customer_id>/archive/", customers.archive_customer, name="archive_customer"
    ),
]
