"""What notifications offer the command palette: where somebody says how they hear of things."""

from django.urls import reverse
from django.utils.translation import gettext as _

from rendering.palette import Asked, Entry, Group


def entries(asked: Asked) -> list[Entry]:
    choices = Entry(Group.PAGE, _("How you hear of things"), reverse("notification_settings"))
    return list(asked.offered(choices, also=_("Notification settings, e-mail, digest")))
