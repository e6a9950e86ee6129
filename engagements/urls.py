"""Customers and engagements, inside `/w/<workspace>/`."""

from django.urls import path

from engagements.views import customers, engagements, files

app_name = "engagements"

urlpatterns = [
    path("customers/new/", customers.create_customer, name="create_customer"),
    path("customers/import/", files.import_customers, name="import_customers"),
    path("customers/export.csv", files.export_customers, name="export_customers"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.edit_customer, name="edit_customer"),
    path(
        "customers/<uuid:customer_id>/archive/", customers.archive_customer, name="archive_customer"
    ),
    path(
        "customers/<uuid:customer_id>/engagements/new/",
        engagements.create_engagement,
        name="create_engagement",
    ),
    path(
        "engagements/<uuid:engagement_id>/edit/",
        engagements.edit_engagement,
        name="edit_engagement",
    ),
]
