"""A change taken back, as a change of its own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.editing import Changes, Moves, Refused, Sheet, applied, clash, reverse
from adoption.models import Plan, PlanChange
from adoption.operations.columns import Statement, updating
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.companions import kept_in, pointed_at, putting_back, still_there
from adoption.operations.editing.desk import Desk
from engagements.models import ImpactGroup, Stakeholder
from people.models import User

# Kept by something else than the rows it names, so there is nothing here to bring back.
FINAL = frozenset({"replaced", "begun"})
_UNDONE = {"undone_at": "timestamptz", "undone_by_id": "uuid"}
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
    undo = _Undo(change, by, now)
    kind = "redone" if change.kind == "undone" else "undone"
    words = _("Undone: %(what)s") % {"what": change.text}
    if kind == "redone":
        words = change.text.partition(": ")[2] or change.text
    order = Order(change.plan, by, now, None, store, kind, words)
    moves = carry_out(order, undo.edit, along=undo.along)
    if store:
        change.undone_at, change.undone_by = now, by
        if moves.change_id is None:
            change.save(update_fields=["undone_at", "undone_by"])
    return moves


@dataclass(slots=True)
class _Undo:
    """A change reversed; `there` are those of the rows it names beside the plan that there are."""

    change: PlanChange
    by: User | None
    now: datetime
    there: set[UUID] = field(default_factory=set)

    def edit(self, desk: Desk) -> Sheet:
        if desk.plan.version > self.change.version:
            _refuse_overtaken(self.change)
        undone = reverse(self.change.rows)
        try:
            sheet = applied(desk.sheet, undone)
        except Refused as refused:
            raise ValidationError(_overtaken(self.change)) from refused
        owners = _owners(sheet, undone)
        self.there = still_there((*owners.values(), *pointed_at(kept_in(self.change.rows))))
        lost = [at for at, (_model, pk) in owners.items() if pk not in self.there]
        return _without(sheet, lost) if lost else sheet

    def along(self, plan: Plan) -> list[Statement]:
        """What hung on removed rows, and the mark that the change is taken back."""
        mark = (self.now, self.by.pk if self.by else None)
        return [
            *putting_back(plan, kept_in(self.change.rows), self.there),
            *updating("adoption_planchange", _UNDONE, [(self.change.pk, mark)]),
        ]


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


def _owners(sheet: Sheet, undone: Changes) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Model and id of whom and what the undone rows name, by row and field."""
    return {
        (row.uid, name): (_POINTS_AT[name], getattr(row, name))
        for row in sheet.rows
        if row.uid in undone
        for name in undone[row.uid].keys() & _POINTS_AT.keys()
        if getattr(row, name)
    }


def _without(sheet: Sheet, lost: Iterable[tuple[str, str]]) -> Sheet:
    """Owners and groups that were deleted since stay away."""
    fixes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for uid, name in lost:
        fixes[uid][name] = None
    return sheet.changed(fixes)
