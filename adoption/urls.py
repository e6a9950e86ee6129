"""Plans, inside `/w/<workspace>/`."""

from django.urls import path

from adoption import views

app_name = "adoption"

urlpatterns = [
    path("engagements/<uuid:engagement_id>/plan/", views.plan, name="plan"),
    path("engagements/<uuid:engagement_id>/plan/import/", views.import_plan, name="import_plan"),
    path("engagements/<uuid:engagement_id>/plan/today/", views.follow_today, name="follow_today"),
    path("engagements/<uuid:engagement_id>/plan.csv", views.export_plan, name="export_plan"),
]
