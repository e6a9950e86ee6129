"""What reviews offers the command palette: the book, narrowed and as a file."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from rendering.palette import Asked, Entry, Group

# Always last of what fits, since it fits whatever is typed.
LAST = 0.05


def entries(asked: Asked) -> list[Entry]:
    if not asked.may("see_customers"):
        return []
    csv = reverse("reviews:export_book", args=[asked.workspace])
    found = asked.offered(
        Entry(Group.ACTION, _("Export the book as CSV"), csv), also=_("Download the book")
    )
    if asked.text:
        label = _("Every customer with “%(text)s” in the name") % {"text": asked.text}
        book = reverse("reviews:book", args=[asked.workspace])
        url = f"{book}?{urlencode({'q': asked.text})}"
        found.append(Entry(Group.PAGE, label, url, fit=LAST))
    return found
