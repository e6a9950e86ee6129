"""The main navigation: what each app offers to whom."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from engagements.queries import due_tasks
from metrics.queries import alerts_of
from notifications.queries import unread_by
from tenancy.access import may
from tenancy.models import Membership

# label, address, what somebody must be allowed to see it, and what else it covers
ITEMS = (
    (
        _("Overview"),
        "reviews:book",
        "see_own_side",
        ("customers/", "engagements/", "measures/", "files/", "tests/", "barriers/"),
    ),
    (
        _("Book"),
        "reviews:book",
        "see_customers",
        ("engagements/", "measures/", "files/", "tests/", "barriers/"),
    ),
    (_("Customers"), "engagements:customers", "see_customers", ("customers/",)),
    (_("Tasks"), "engagements:tasks", "do_tasks", ("tasks/",)),
    (_("Alerts"), "metrics:alerts", "see_customers", ("alerts/",)),
    (_("Usage"), "usage:overview", "see_customers", ("usage/",)),
)
LOOK = ("settings/look/", "settings/second-factor/")
# The pages of the settings, in the order of their own navigation.
SETTINGS = (
    (_("Workspace"), "workspace:settings", "manage_workspace", LOOK),
    (_("Working calendar"), "workspace:calendar", "manage_workspace", ()),
    (_("Fields"), "engagements:custom_fields", "manage_workspace", ("settings/fields/",)),
    (_("Members"), "people:members", "see_members", ("settings/members/",)),
    (_("Measures"), "metrics:definitions", "manage_measures", ("settings/measures/",)),
    (_("Health"), "metrics:health_weights", "manage_measures", ("settings/health/",)),
    (_("API keys"), "people:keys", "manage_keys", ("settings/keys/",)),
    (_("Jobs"), "runs:runs", "see_jobs", ("settings/jobs",)),
    (_("Mail"), "notifications:mails", "see_mail", ("settings/mail/",)),
    (_("Audit log"), "people:audit_log", "see_audit", ("settings/audit/",)),
    (_("Your data"), "workspace:data", "manage_workspace", ("settings/data/",)),
)
INBOX = ((_("Inbox"), "notifications:inbox", "see_inbox", ("inbox/",)),)
# The letter that follows a g.
GO = {
    "reviews:book": "b",
    "engagements:tasks": "t",
    "engagements:customers": "c",
    "metrics:alerts": "a",
    "usage:overview": "u",
    "people:members": "m",
    "notifications:inbox": "i",
}
Items = tuple[tuple[Any, str, str, tuple[str, ...]], ...]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the top bar and `settings_nav` for the settings; empty outside a workspace."""
    membership: Any = getattr(request, "membership", None)
    if membership is None:
        return {}
    settings = _open_to(membership, request.path, SETTINGS)
    counts: Any = SimpleLazyObject(lambda: _waiting(membership.user_id))
    return {
        "nav": _open_to(membership, request.path, ITEMS) + _as_one(settings),
        "settings_nav": settings,
        "unread": SimpleLazyObject(lambda: counts.get("unread", 0)),
        "nav_counts": counts,
        "go": [item for item in pages_of(request) if item["key"]],
        "may_see_budget": may(membership, "see_budget"),
        "may_search": may(membership, "see_customers"),
        "may_remove_demo": membership.tenant.is_demo and may(membership, "manage_demo"),
    }


def _waiting(user_id: UUID) -> dict[str, int]:
    """How many of somebody's tasks are due, alerts open and notifications unread. One question, since
    every page asks."""
    today = timezone.localdate()
    waiting = (
        ("tasks", due_tasks(user_id=user_id, today=today)),
        ("alerts", alerts_of(user_id=user_id, today=today)),
        ("unread", unread_by(user_id=user_id, now=timezone.now())),
    )
    first, *others = (
        rows.order_by().values(what=Value(what)).annotate(n=Count("pk")).values_list("what", "n")
        for what, rows in waiting
    )
    return dict(first.union(*others))


def pages_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Every page of the workspace that somebody may see, with the letter that leads there, if any."""
    membership: Any = request.membership  # type: ignore[attr-defined]
    return _open_to(membership, request.path, (*ITEMS, *INBOX, *SETTINGS))


def _open_to(membership: Membership, path: str, items: Items) -> list[dict[str, Any]]:
    """What somebody may see of these; the one with the longest address around `path` is current."""
    base = f"/w/{membership.tenant.slug}/"
    here = path.removeprefix(base)
    found = [
        {
            "label": label,
            "url": reverse(name, args=[membership.tenant.slug]),
            "covers": covers,
            "key": GO.get(name, ""),
            "current": False,
        }
        for label, name, action, covers in items
        if may(membership, action)
    ]
    around = [(_reach(item, path, here), number) for number, item in enumerate(found)]
    length, number = max(around, default=(0, 0))
    if length:
        found[number]["current"] = True
    return found


def _reach(item: dict[str, Any], path: str, here: str) -> int:
    """How much of an address an item covers, in characters; 0 when it is elsewhere."""
    if path == item["url"]:
        return len(path)
    return max((len(start) for start in item["covers"] if here.startswith(start)), default=0)


def _as_one(settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The settings as one entry of the top bar, which opens the first of them."""
    if not settings:
        return []
    current = any(item["current"] for item in settings)
    return [{"label": _("Settings"), "url": settings[0]["url"], "current": current}]
