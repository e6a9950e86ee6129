"""A change taken back, as a change of its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.editing import Moves, Refused, Sheet, applied, clash, reverse
from adoption.models import PlanChange
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.companions import still_there
from adoption.operations.editing.desk import Desk
from engagements.models import ImpactGroup, Stakeholder
from people.models import User

# Kept by something else than the rows it names, so there is nothing here to bring back.
FINAL = frozenset({"replaced", "begun"})
_POINTS_AT: dict[str, Any] = {
    "owner_member": User,
    "owner_stakeholder": Stakeholder,
    "impact_group": ImpactGroup,
}


@transaction.atomic
def undo_change(*, change: PlanChange, by: User | None, now: datetime, store: bool = True) -> Moves:
    """Everything as it was before a change; undoing that undo does it again.

    Raises ValidationError when it is undone already, when something later changed the same (the
    message names it), or when the plan has been replaced since.
    """
    if change.undone_at is not None:
        raise ValidationError(_("This is undone already."))
    if change.kind in FINAL:
        raise ValidationError(_("This cannot be undone here; look among the plan’s versions."))
    undone = reverse(change.rows)
    kind = "redone" if change.kind == "undone" else "undone"
    words = _("Undone: %(what)s") % {"what": change.text}
    if kind == "redone":
        words = change.text.partition(": ")[2] or change.text
    plan = change.plan

    def edit(desk: Desk) -> Sheet:
        _refuse_overtaken(change)
        try:
            return _without_lost(applied(desk.sheet, undone), undone)
        except Refused as refused:
            raise ValidationError(_overtaken(change)) from refused

    order = Order(plan, by, now, None, store, kind, words)
    moves = carry_out(order, edit, restored=change.rows)
    if store:
        change.undone_at, change.undone_by = now, by
        change.save(update_fields=["undone_at", "undone_by"])
    return moves


def _later(change: PlanChange) -> Iterable[PlanChange]:
    """What came after and still stands, oldest first: a change and its undo cancel out."""
    later = PlanChange.objects.filter(plan_id=change.plan_id, version__gt=change.version)
    rows = list(later.select_related("by").order_by("version"))
    return [row for row in rows if row.undone_at is None and row.kind != "undone"]


def _refuse_overtaken(change: PlanChange) -> None:
    for later in _later(change):
        if later.kind == "replaced" or clash(change.rows, later.rows) is not None:
            raise ValidationError(_overtaken_by(later))


def _overtaken_by(later: PlanChange) -> str:
    return _("Undo this first, which came later and touches the same: %(what)s (%(who)s)") % {
        "what": later.text,
        "who": later.by or _("AdoptIQ"),
    }


def _overtaken(change: PlanChange) -> str:
    last = next(iter(reversed([*_later(change)])), None)
    if last is not None:
        return _overtaken_by(last)
    return _("The plan has changed too much since to undo this.")


def _without_lost(sheet: Sheet, undone: Any) -> Sheet:
    """Owners and groups that were deleted since stay away."""
    fixes: dict[str, dict[str, Any]] = {}
    for name, model in _POINTS_AT.items():
        rows = [row for row in sheet.rows if name in undone.get(row.uid, {})]
        asked = {row.uid: getattr(row, name) for row in rows if getattr(row, name)}
        there = still_there(model, asked.values())
        for uid, value in asked.items():
            if value not in there:
                fixes.setdefault(uid, {})[name] = None
    return replace(sheet, rows=sheet.changed(fixes).rows) if fixes else sheet
