"""The main navigation: what each app offers to whom."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenancy.access import may

# label, address, what somebody must be allowed to see it, and what else it covers
ITEMS = (
    (_("Book"), "reviews:book", "see_customers", ("customers/", "engagements/", "measures/")),
    (_("Usage"), "usage:overview", "see_customers", ("usage/",)),
    (_("Members"), "people:members", "see_members", ("settings/members/",)),
    (_("Keys"), "people:keys", "manage_keys", ("settings/keys/",)),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the top bar; empty outside a workspace."""
    membership: Any = getattr(request, "membership", None)
    if membership is None:
        return {}
    base = f"/w/{membership.tenant.slug}/"
    here = request.path.removeprefix(base)
    return {
        "nav": [
            {
                "label": label,
                "url": (url := reverse(name, args=[membership.tenant.slug])),
                "current": request.path == url or here.startswith(covers),
            }
            for label, name, action, covers in ITEMS
            if may(membership, action)
        ],
        "may_search": may(membership, "see_customers"),
        "may_remove_demo": membership.tenant.is_demo and may(membership, "manage_demo"),
    }
