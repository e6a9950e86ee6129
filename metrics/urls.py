"""Measures, inside `/w/<workspace>/`."""

from django.urls import path

from metrics import views

app_name = "metrics"

urlpatterns = [
    path("engagements/<uuid:engagement_id>/measures/", views.measures, name="measures"),
    path(
        "engagements/<uuid:engagement_id>/measures/new/",
        views.define_measure,
        name="define_measure",
    ),
    path("measures/<uuid:measure_id>/", views.measure, name="measure"),
    path("measures/<uuid:measure_id>/readings.csv", views.measure_csv, name="measure_csv"),
    path("measures/<uuid:measure_id>/agree/", views.agree_target, name="agree_target"),
    path("measures/<uuid:measure_id>/readings/new/", views.record_reading, name="record_reading"),
]
