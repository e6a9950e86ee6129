"""Who may do what. The one table of permissions, and how a view asks it."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tenancy.models import Membership, Role

STAFF = frozenset({Role.ADMIN, Role.MANAGER, Role.CSM, Role.EXECUTIVE})
DOERS = frozenset({Role.ADMIN, Role.MANAGER, Role.CSM})
CUSTOMER_SIDE = frozenset({Role.LEAD, Role.MEMBER})
EVERYBODY = frozenset(Role)

ACTIONS: dict[str, frozenset[Role]] = {
    "see_customers": STAFF,
    "edit_customers": DOERS,
    "see_engagement": EVERYBODY,
    "edit_engagement": DOERS,
    "see_budget": STAFF | {Role.LEAD},
    "see_files": EVERYBODY,
    "add_files": DOERS | {Role.LEAD},
    "see_own_side": CUSTOMER_SIDE,
    "write_log": DOERS,
    "ask_experts": EVERYBODY,
    "do_tasks": EVERYBODY,
    "see_plan": EVERYBODY,
    "edit_plan": DOERS | {Role.LEAD},
    "report_progress": DOERS | CUSTOMER_SIDE,
    "comment_plan": EVERYBODY,
    "see_learning": EVERYBODY,
    "see_scores": STAFF | {Role.LEAD},
    "record_scores": DOERS | {Role.LEAD},
    "edit_barriers": DOERS | {Role.LEAD},
    "see_usage": EVERYBODY,
    "import_usage": DOERS,
    "manage_sources": frozenset({Role.ADMIN, Role.MANAGER}),
    "limit_sources": frozenset({Role.ADMIN}),
    "manage_personal_data": frozenset({Role.ADMIN}),
    "see_measures": EVERYBODY,
    "edit_measures": DOERS,
    "agree_measures": frozenset({Role.LEAD}),
    "see_papers": STAFF | {Role.LEAD},
    "write_papers": DOERS,
    "decide_papers": DOERS | {Role.LEAD},
    "manage_measures": frozenset({Role.ADMIN, Role.MANAGER}),
    "compare_people": frozenset({Role.ADMIN, Role.EXECUTIVE}),
    "see_members": STAFF,
    "manage_members": frozenset({Role.ADMIN}),
    "manage_keys": frozenset({Role.ADMIN}),
    "manage_workspace": frozenset({Role.ADMIN}),
    "manage_demo": frozenset({Role.ADMIN}),
    "see_jobs": frozenset({Role.ADMIN}),
    "see_mail": frozenset({Role.ADMIN}),
    "see_audit": frozenset({Role.ADMIN}),
    "see_inbox": EVERYBODY,
    "search": EVERYBODY,
}

# What keys open: the areas of the API, each to read or to change as well.
AREAS = {
    "customers": _lazy("Customers and engagements"),
    "people": _lazy("People: stakeholders, groups, rosters and teams"),
    "money": _lazy("Budgets and costs"),
    "plan": _lazy("Plans"),
    "usage": _lazy("Usage and its sources"),
    "measures": _lazy("Measures and readings"),
}
READING = frozenset(f"{area}:read" for area in AREAS)
WRITING = frozenset(f"{area}:write" for area in AREAS)
EVERY_SCOPE = READING | WRITING


def opens(scopes: Iterable[str], area: str, *, to_write: bool) -> bool:
    """Whether a key with these scopes opens an area; whoever may change may read."""
    held = set(scopes)
    return f"{area}:write" in held or (not to_write and f"{area}:read" in held)


def may(membership: Membership, action: str) -> bool:
    return Role(membership.role) in ACTIONS[action]


def require(membership: Membership, action: str) -> None:
    """Raise PermissionDenied, saying who may, when this member may not."""
    if may(membership, action):
        return
    allowed = ", ".join(str(role.label) for role in Role if role in ACTIONS[action])
    raise PermissionDenied(
        _("Your role in this workspace does not include this. It is open to: %(roles)s.")
        % {"roles": allowed}
    )
