"""Whom and what a row of a plan can be given to, read in one statement."""

from typing import Any
from uuid import UUID

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, ImpactGroup, Stakeholder
from people.models import User
from tenancy.models import Role
from tenancy.scope import current_tenant_id

STAFF = (Role.ADMIN, Role.MANAGER, Role.CSM)


def choices_of(engagement: Engagement) -> dict[str, Any]:
    """`owner_choices` (groups of keys and names, the customer's people first), `group_choices`."""
    found: dict[str, list[tuple[str, str]]] = {"stakeholder": [], "user": [], "group": []}
    for kind, pk, name in _everything(engagement):
        found[kind].append((f"{kind}:{pk}" if kind != "group" else str(pk), name))
    for names in found.values():
        names.sort(key=lambda item: item[1].casefold())
    return {
        "owner_choices": [
            (_("At the customer"), found["stakeholder"]),
            (_("On our side"), found["user"]),
        ],
        "group_choices": found["group"],
    }


def _everything(engagement: Engagement) -> list[tuple[str, UUID, str]]:
    staff = User.objects.filter(
        memberships__tenant_id=current_tenant_id(), memberships__role__in=STAFF
    )
    theirs = Stakeholder.objects.filter(customer_id=engagement.customer_id)
    groups = ImpactGroup.objects.filter(engagement=engagement)
    parts = [
        rows.order_by().values_list(Value(kind), "pk", "name")
        for kind, rows in (("stakeholder", theirs), ("user", staff), ("group", groups))
    ]
    return list(parts[0].union(*parts[1:], all=True))
