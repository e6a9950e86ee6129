"""Addresses of plan files, in and out, and of the calendar that reads a plan without signing in."""

from django.urls import path

from adoption.views import feeds, files, importing

_PLAN = "engagements/<uuid:engagement_id>/plan"
_IMPORT = "plan-imports/<uuid:plan_import_id>/"

urlpatterns = [
    path(f"{_PLAN}/import/", importing.import_plan, name="import_plan"),
    path(_IMPORT, importing.check_plan, name="check_plan"),
    path(f"{_IMPORT}columns/", importing.name_plan_columns, name="name_plan_columns"),
    path(f"{_IMPORT}discard/", importing.discard_plan, name="discard_plan"),
    path(f"{_PLAN}.csv", files.export_plan, name="export_plan"),
    path(f"{_PLAN}.xlsx", files.export_plan_xlsx, name="export_plan_xlsx"),
    path(f"{_PLAN}.xml", files.export_plan_xml, name="export_plan_xml"),
    path(f"{_PLAN}/feed/", feeds.plan_feed, name="plan_feed"),
    path(f"{_PLAN}/feed/revoke/", feeds.revoke_plan_feed, name="revoke_plan_feed"),
    *(
        path(f"{_PLAN}/time-line.{kind}", files.export_timeline, {"kind": kind}, f"timeline_{kind}")
        for kind in files.PICTURES
    ),
    *(
        path(f"{_PLAN}/network.{kind}", files.draw_network, {"kind": kind}, f"network_{kind}")
        for kind in files.PICTURES
    ),
]

feed_urlpatterns = [
    path("calendar/<str:token>/plan.ics", feeds.plan_calendar, name="plan_calendar")
]
