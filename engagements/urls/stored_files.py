"""Files, and what they are attached to."""

from django.urls import path

from engagements.views import attachments, stored_files

urlpatterns = [
    path("engagements/<uuid:engagement_id>/files/", stored_files.files, name="files"),
    path(
        "engagements/<uuid:engagement_id>/files.csv", stored_files.export_files, name="export_files"
    ),
    path(
        "engagements/<uuid:engagement_id>/files/attach/",
        attachments.attach_files,
        name="attach_files",
    ),
    path("customers/<uuid:customer_id>/files/", stored_files.customer_files, name="customer_files"),
    path(
        "customers/<uuid:customer_id>/files.csv",
        stored_files.export_customer_files,
        name="export_customer_files",
    ),
    path("files/<uuid:file_id>/", stored_files.file, name="file"),
    path("files/<uuid:file_id>/download/", stored_files.download_file, name="download_file"),
    path("files/<uuid:file_id>/thumbnail.png", stored_files.file_thumbnail, name="file_thumbnail"),
    path("files/<uuid:file_id>/versions/", stored_files.add_file_version, name="add_file_version"),
    path("files/<uuid:file_id>/share/", stored_files.share_file, name="share_file"),
    path("files/<uuid:file_id>/delete/", stored_files.delete_file, name="delete_file"),
    path("attachments/<uuid:attachment_id>/remove/", attachments.detach_file, name="detach_file"),
]
