"""Addresses of what changes a plan: its rows, its packages, their links, checks and comments."""

from django.urls import path

from adoption.views import editing, packages, plans, rows, starting, talking

PLAN = "engagements/<uuid:engagement_id>/plan/"
PACKAGE = "plan/packages/<uuid:package_id>/"

urlpatterns = [
    path(f"{PLAN}new/", starting.start_plan, name="start_plan"),
    path(f"{PLAN}new/like/", starting.begin_like, name="begin_like"),
    path(f"{PLAN}outline.csv", plans.export_outline, name="export_outline"),
    path(f"{PLAN}rows/new/", rows.add_package, name="add_package"),
    path(f"{PLAN}rows/paste/", rows.paste_rows, name="paste_rows"),
    path(f"{PLAN}rows/change/", rows.change_many, name="change_many"),
    path(f"{PLAN}undo/", editing.undo_last, name="undo_last"),
    path("plan/changes/<uuid:plan_change_id>/undo/", editing.undo_change, name="undo_change"),
    path(PACKAGE, packages.package, name="package"),
    path(f"{PACKAGE}cell/", rows.change_cell, name="change_cell"),
    path(f"{PACKAGE}move/", rows.move_package, name="move_package"),
    path(f"{PACKAGE}remove/", rows.remove_package, name="remove_package"),
    path(f"{PACKAGE}progress/", packages.report_progress, name="report_progress"),
    path(f"{PACKAGE}complete/", packages.complete_package, name="complete_package"),
    path(f"{PACKAGE}links/", packages.add_link, name="add_link"),
    path(f"{PACKAGE}checklist/", talking.add_check_item, name="add_check_item"),
    path(f"{PACKAGE}comments/", talking.comment, name="comment_on_package"),
    path("plan/links/<uuid:dependency_id>/", packages.change_link, name="change_link"),
    path("plan/items/<uuid:item_id>/", talking.tick_item, name="tick_item"),
    path("plan/comments/<uuid:comment_id>/", talking.remove_comment, name="remove_comment"),
]
