"""A workspace of one's own, inside `/w/<workspace>/`."""

from django.urls import path

from adoptiq.workspace.views import calendar, data, settings

app_name = "workspace"

urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("settings/look/", settings.change_look, name="change_look"),
    path("settings/second-factor/", settings.change_second_factor, name="change_second_factor"),
    path("settings/calendar/", calendar.calendar, name="calendar"),
    path("settings/data/", data.data, name="data"),
    path("settings/data/export/", data.export, name="export"),
    path("settings/data/errands/<uuid:errand_id>/", data.errand, name="errand"),
    path("settings/data/errands/<uuid:errand_id>/file/", data.export_file, name="export_file"),
    path("settings/data/demo/", data.load_demo, name="load_demo"),
    path("settings/data/delete/", data.delete, name="delete"),
    path("closed/", data.closed, name="closed"),
    path("logo.png", settings.logo, name="logo"),
    path("accent.css", settings.accent, name="accent"),
]
