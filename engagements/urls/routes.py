"""Routes of requests, their volumes, and contacts with the help desk."""

from django.urls import path

from engagements.views import routes, support

OF_ENGAGEMENT = "engagements/<uuid:engagement_id>"
ROUTE = "routes/<uuid:work_route_id>"
CONTACT = "support-contacts/<uuid:support_contact_id>"

urlpatterns = [
    path(f"{OF_ENGAGEMENT}/routes/", routes.routes, name="routes"),
    path(f"{OF_ENGAGEMENT}/routes.csv", routes.export_routes, name="export_routes"),
    path(f"{OF_ENGAGEMENT}/routes/new/", routes.add_route, name="add_route"),
    path(f"{OF_ENGAGEMENT}/routes/volumes/", routes.enter_volumes, name="enter_volumes"),
    path(f"{OF_ENGAGEMENT}/routes/file/", routes.import_volumes_file, name="import_volumes"),
    path(f"{ROUTE}/", routes.edit_route, name="edit_route"),
    path(f"{ROUTE}/shut/", routes.shut_route, name="shut_route"),
    path(f"{ROUTE}/reopen/", routes.reopen_route, name="reopen_route"),
    path(f"{ROUTE}/delete/", routes.delete_route, name="delete_route"),
    path(f"{ROUTE}/restore/", routes.restore_route, name="restore_route"),
    path(f"{OF_ENGAGEMENT}/support/", support.support, name="support"),
    path(f"{OF_ENGAGEMENT}/support.csv", support.export_support, name="export_support"),
    path(f"{OF_ENGAGEMENT}/support/new/", support.record_contact, name="record_contact"),
    path(f"{OF_ENGAGEMENT}/support/file/", support.import_contacts_file, name="import_contacts"),
    path(f"{CONTACT}/", support.edit_contact, name="edit_contact"),
    path(f"{CONTACT}/remove/", support.remove_contact, name="remove_contact"),
]
