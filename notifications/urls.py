"""What somebody was told, inside `/w/<workspace>/`, and what of it belongs to one's account."""

from django.urls import path

from notifications.views import choices, inbox, mails

app_name = "notifications"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/export.csv", inbox.export_inbox, name="export_inbox"),
    path("inbox/read/", inbox.mark_all_read, name="mark_all_read"),
    path("inbox/unread/", inbox.mark_all_unread, name="mark_all_unread"),
    path("inbox/done/", inbox.mark_all_done, name="mark_all_done"),
    path("inbox/back/", inbox.put_all_back, name="put_all_back"),
    path("inbox/<uuid:notification_id>/", inbox.open_notification, name="open_notification"),
    path("inbox/<uuid:notification_id>/read/", inbox.mark_read, name="mark_read"),
    path("inbox/<uuid:notification_id>/unread/", inbox.mark_unread, name="mark_unread"),
    path("inbox/<uuid:notification_id>/done/", inbox.mark_done, name="mark_done"),
    path("inbox/<uuid:notification_id>/back/", inbox.put_back, name="put_back"),
    path("inbox/<uuid:notification_id>/snooze/", inbox.snooze, name="snooze"),
    path("inbox/<uuid:notification_id>/wake/", inbox.unsnooze, name="unsnooze"),
    path("inbox/mail/<uuid:delivery_id>/", mails.mail, name="mail"),
    path("inbox/mail/<uuid:delivery_id>/html/", mails.mail_as_html, name="mail_as_html"),
    path("settings/mail/", mails.mails, name="mails"),
    path("settings/mail/mail.csv", mails.export_mails, name="export_mails"),
    path("settings/mail/<uuid:delivery_id>/again/", mails.send_mail_again, name="send_mail_again"),
]

# Under /accounts/.
account_urlpatterns = [
    path("notifications/", choices.notification_settings, name="notification_settings"),
    path("notifications/stop/<str:token>/", choices.stop_mail, name="stop_mail"),
]
