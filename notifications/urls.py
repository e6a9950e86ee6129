"""What somebody was told, inside `/w/<workspace>/`."""

from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/export.csv", views.export_inbox, name="export_inbox"),
    path("inbox/read/", views.mark_all_read, name="mark_all_read"),
    path("inbox/unread/", views.mark_all_unread, name="mark_all_unread"),
    path("inbox/<uuid:notification_id>/", views.open_notification, name="open_notification"),
    path("inbox/<uuid:notification_id>/read/", views.mark_read, name="mark_read"),
    path("inbox/<uuid:notification_id>/unread/", views.mark_unread, name="mark_unread"),
]
