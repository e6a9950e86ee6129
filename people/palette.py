"""What people offers the command palette: who is in the workspace, and what is done about them."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rendering.palette import Asked, Entry, Group
from tenancy.models import Membership, Role
from tenancy.search import fitting

MOST = 6


def entries(asked: Asked) -> list[Entry]:
    return [*_people(asked), *_actions(asked), *_own_pages(asked)]


def _people(asked: Asked) -> list[Entry]:
    if not asked.text or not asked.may("see_members"):
        return []
    rows = Membership.objects.filter(tenant__slug=asked.workspace)
    found: QuerySet[Any] = fitting(rows, asked.text, "user__name", "user__email")
    members = reverse("people:members", args=[asked.workspace])
    return [
        Entry(
            Group.PERSON,
            name or email,
            f"{members}?{urlencode({'q': email})}",
            " · ".join(part for part in (email if name else "", str(Role(role).label)) if part),
            fit,
        )
        for name, email, role, fit in found.values_list("user__name", "user__email", "role", "fit")[
            :MOST
        ]
    ]


def _actions(asked: Asked) -> list[Entry]:
    found: list[Entry] = []
    members = reverse("people:members", args=[asked.workspace])
    if asked.may("manage_members"):
        found += asked.offered(
            Entry(Group.ACTION, _("Invite somebody"), f"{members}#invite"), also=_("Add a member")
        )
    if asked.may("manage_keys"):
        keys = reverse("people:keys", args=[asked.workspace])
        found += asked.offered(Entry(Group.ACTION, _("Make an API key"), keys))
    return found


def _own_pages(asked: Asked) -> list[Entry]:
    return [
        *asked.offered(
            Entry(Group.PAGE, _("Your password"), reverse("account_change_password")),
            also=_("Change password"),
        ),
        *asked.offered(
            Entry(Group.PAGE, _("Switch workspace"), f"{reverse('home')}?choose"),
            also=_("Other workspaces"),
        ),
        *asked.offered(
            Entry(Group.PAGE, _("Sign out"), reverse("account_logout")), also=_("Log out")
        ),
    ]
