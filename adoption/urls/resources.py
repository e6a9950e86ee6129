"""Working time, resources and levelling of a plan."""

from django.urls import path

from adoption.views import calendar, levelling, resource, resources

PLAN = "engagements/<uuid:engagement_id>/plan/"
ONE = f"{PLAN}resources/<uuid:resource_id>/"

urlpatterns = [
    path(f"{PLAN}calendar/", calendar.calendar, name="calendar"),
    path(f"{PLAN}calendar/undo/", calendar.undo_calendar, name="undo_calendar"),
    path(f"{PLAN}resources/", resources.resources, name="resources"),
    path(f"{PLAN}resources.csv", resources.export_resources, name="export_resources"),
    path(f"{PLAN}resources/new/", resources.add_resource, name="add_resource"),
    path(ONE, resource.resource, name="resource"),
    path(f"{ONE}edit/", resources.edit_resource, name="edit_resource"),
    path(f"{ONE}archive/", resources.archive_resource, name="archive_resource"),
    path(f"{ONE}restore/", resources.restore_resource, name="restore_resource"),
    path(f"{ONE}days/", resource.note_absence, name="note_absence"),
    path(f"{ONE}days/back/", resource.forget_absence, name="forget_absence"),
    path(f"{ONE}needs/", resource.assign_resource, name="assign_resource"),
    path(
        f"{PLAN}assignments/<uuid:assignment_id>/end/",
        resource.unassign_resource,
        name="unassign_resource",
    ),
    path(f"{PLAN}levelling/", levelling.levelling, name="levelling"),
    path(f"{PLAN}levelling/undo/", levelling.undo_levelling, name="undo_levelling"),
    path(f"{PLAN}levelling.csv", levelling.export_levelling, name="export_levelling"),
]
