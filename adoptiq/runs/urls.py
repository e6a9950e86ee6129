"""The jobs of a workspace, inside `/w/<workspace>/settings/`."""

from django.urls import path

from adoptiq.runs import views

app_name = "runs"

urlpatterns = [
    path("jobs/", views.runs, name="runs"),
    path("jobs.csv", views.export_runs, name="export_runs"),
    path("jobs/<uuid:run_id>/again/", views.run_again, name="run_again"),
]
