"""What usage offers the command palette: its pages and what is done on them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from rendering.palette import Asked, Entry, Group


def entries(asked: Asked) -> list[Entry]:
    found: list[Entry] = []
    if asked.may("import_usage"):
        imports = reverse("usage:imports", args=[asked.workspace])
        found += asked.offered(
            Entry(Group.ACTION, _("Read a usage log"), imports), also=_("Import usage events")
        )
    if asked.may("manage_sources"):
        sources = reverse("usage:sources", args=[asked.workspace])
        found += asked.offered(
            Entry(Group.PAGE, _("Usage sources"), sources), also=_("Source keys, write keys")
        )
        rules = reverse("usage:edit_rules", args=[asked.workspace])
        found += asked.offered(
            Entry(Group.PAGE, _("What numbers count by"), rules),
            also=_("Rules of use, habit, depth, adopted, weekends"),
        )
    if asked.may("manage_personal_data"):
        person = reverse("usage:personal_data", args=[asked.workspace])
        found += asked.offered(
            Entry(Group.PAGE, _("Personal data in usage"), person),
            also=_("Erase or export an end user, how long events stay"),
        )
    return found
