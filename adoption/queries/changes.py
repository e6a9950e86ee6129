"""Reads of a plan's changes."""

from dataclasses import dataclass
from datetime import date, tzinfo
from uuid import UUID

from adoption.models import Baseline, Plan, PlanChange
from people.models import User

# What puts another plan in force at one stroke, and what is kept as the plan agreed.
_STROKES = ("replaced", "taken_over", "levelled")
_AGREED = (Baseline.Kind.HAND, Baseline.Kind.SIGN_OFF, Baseline.Kind.ADOPT)


@dataclass(frozen=True, slots=True)
class PlanTurn:
    """A day at the customer on which a plan was agreed or another one put in force."""

    day: date
    name: str


def get_last_change(
    *, engagement_id: UUID, what_if_id: UUID | None = None, by: User | None
) -> PlanChange | None:
    """The last thing somebody did to an engagement's plan, or to a copy of it, that still stands:
    what undo takes back. With what a page says of its plan."""
    if by is None:
        return None
    rows = PlanChange.objects.filter(by=by, undone_at=None, plan__engagement=engagement_id)
    rows = rows.exclude(kind__in=("undone", "replaced", "begun"))
    asked = {"plan": what_if_id} if what_if_id else {"plan__what_if_of": None}
    rows = rows.filter(plan__dropped_at=None, **asked)
    return rows.select_related("plan__engagement__customer", "plan__engagement__csm").first()


def get_turns(*, engagement_id: UUID, zone: tzinfo) -> tuple[PlanTurn, ...]:
    """Baselines and changes of the whole plan that still stand, in order of their days."""
    live = Plan.objects.filter(engagement_id=engagement_id)
    strokes = PlanChange.objects.filter(plan__in=live, kind__in=_STROKES, undone_at=None)
    agreed = Baseline.objects.filter(plan__in=live, kind__in=_AGREED, dropped_at=None)
    found = [
        *(PlanTurn(day, name) for day, name in agreed.values_list("day", "name")),
        *(
            PlanTurn(at.astimezone(zone).date(), text)
            for at, text in strokes.values_list("at", "text")
        ),
    ]
    return tuple(sorted(found, key=lambda turn: turn.day))
