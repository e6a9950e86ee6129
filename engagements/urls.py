"""Customers and engagements, inside `/w/<workspace>/`."""

from django.urls import path

from engagements import views

app_name = "engagements"

urlpatterns = [
    path("customers/new/", views.create_customer, name="create_customer"),
    path("customers/import/", views.import_customers, name="import_customers"),
    path("customers/export.csv", views.export_customers, name="export_customers"),
    path("customers/<uuid:customer_id>/", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/edit/", views.edit_customer, name="edit_customer"),
    path("customers/<uuid:customer_id>/archive/", views.archive_customer, name="archive_customer"),
    path(
        "customers/<uuid:customer_id>/engagements/new/",
        views.create_engagement,
        name="create_engagement",
    ),
    path("engagements/<uuid:engagement_id>/edit/", views.edit_engagement, name="edit_engagement"),
]
