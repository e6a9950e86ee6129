"""A plan begun from a list of steps, and what belongs to the plan itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.adapters.calendars import calendar_to_json
from adoption.editing import Moves, Row, Sheet, Step, Wait, add_rows, steps_of
from adoption.models import Plan
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.desk import Desk
from adoption.operations.editing.outline import rows_of
from adoption.queries.own_time import get_usual_terms
from adoption.scheduling import Calendar
from adoption.scheduling.terms import terms_to_json
from engagements.models import Engagement
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from rendering.formats import current


@transaction.atomic
def make_plan(
    *,
    engagement: Engagement,
    name: str,
    start: date,
    text: str,
    calendar: Mapping[str, Any] | None = None,
    by: User | None,
    now: datetime,
    store: bool = True,
) -> Moves:
    """A plan from lines of `name; 5d` or `name; 2027-03-31`, or from a pasted table.

    Steps with durations follow each other unless the table says what waits for what; a step with
    a day is done by that day. `calendar` is the JSON of a plan's calendar, else the customer's
    usual week and public holidays. Raises ValidationError, keyed by field.
    """
    plan = begun(engagement, name.strip(), start, calendar, by, now)

    def edit(desk: Desk) -> Sheet:
        steps = steps_of(text, desk.calendar)
        rows = rows_of(desk, steps)
        if not any(step.predecessors for step in steps):
            rows = _one_after_the_other(steps, rows)
        return add_rows(desk.sheet, rows)

    words = _("Plan begun: %(name)s") % {"name": plan.name}
    moves = carry_out(Order(plan, by, now, None, store, "begun", words, "text"), edit)
    if store:
        tell_begun(plan, len(moves.made), by)
    return moves


def begun(
    engagement: Engagement,
    name: str,
    start: date,
    calendar: Mapping[str, Any] | None,
    by: User | None,
    now: datetime,
) -> Plan:
    if Plan.objects.filter(engagement=engagement).exists():
        raise ValidationError(_("This engagement has a plan already."))
    if not name:
        raise ValidationError({"name": _("Give the plan a name.")})
    day = datetime.combine(start, time())
    usual = calendar or _usual_calendar(engagement, start)
    return Plan(
        customer_id=engagement.customer_id,
        engagement=engagement,
        name=name[:200],
        start_at=day,
        calendar=usual,
        version=0,
        imported_by=by,
        imported_at=now,
        scheduled_at=now,
        start=day,
        finish=day,
    )


def _usual_calendar(engagement: Engagement, start: date) -> dict[str, Any]:
    terms = get_usual_terms(customer=engagement.customer)
    return calendar_to_json(terms.calendar(around=start)) | {"terms": terms_to_json(terms)}


def _one_after_the_other(steps: Sequence[Step], rows: Sequence[Row]) -> list[Row]:
    """Each step of some duration waits for the one before it; those with a day of their own, and
    what others stand under, for nothing."""
    parents = {row.parent for row in rows}
    last = ""
    linked: list[Row] = []
    for step, row in zip(steps, rows, strict=True):
        if step.due is None and row.uid not in parents:
            row = row._replace(links=(Wait(last),) if last else ())
            last = row.uid
        linked.append(row)
    return linked


def tell_begun(plan: Plan, packages: int, by: User | None) -> None:
    text = _("Plan begun: %(number)s work packages, finish %(day)s")
    put_on_timeline(
        engagement=plan.engagement,
        kind="plan.begun",
        text=text % {"number": packages, "day": current().day_and_year(plan.finish.date())},
        url=inside("adoption:plan", plan.engagement_id),
        by=by,
        shared=True,
    )


def set_calendar(
    *,
    plan: Plan,
    calendar: Calendar,
    terms: Mapping[str, Any] | None = None,
    words: str = "",
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Another working time. `terms` is what it was made from, kept beside it under that name."""
    stored = calendar_to_json(calendar) | ({"terms": dict(terms)} if terms else {})
    said = words or _("Working time of the plan")
    return carry_out(
        Order(plan, by, now, version, store, "calendar", said, "calendar"),
        lambda desk: replace(desk.sheet, head=desk.sheet.head._replace(calendar=stored)),
    )


def change_plan(
    *,
    plan: Plan,
    fields: Mapping[str, Any],
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """`name`, `start_at` (a day or a local time), `critical_float` (working minutes).

    Raises ValidationError, keyed by field.
    """
    checked = {name: _checked(name, value) for name, value in fields.items()}
    words = _("The plan itself: %(fields)s") % {
        "fields": ", ".join(str(_HEAD[name]()) for name in checked)
    }
    return carry_out(
        Order(plan, by, now, version, store, "plan", words, "start_at"),
        lambda desk: replace(desk.sheet, head=desk.sheet.head._replace(**checked)),
    )


_HEAD = {
    "name": lambda: _("name"),
    "start_at": lambda: _("start"),
    "critical_float": lambda: _("float up to which a package is critical"),
}


def _checked(name: str, value: Any) -> Any:
    if name not in _HEAD:
        raise ValidationError({name: _("There is no such field.")})
    if name == "start_at":
        if isinstance(value, datetime):
            return value.replace(tzinfo=None, second=0, microsecond=0)
        if isinstance(value, date):
            return datetime.combine(value, time())
        raise ValidationError({name: _("This is not a day.")})
    if name == "name" and not str(value).strip():
        raise ValidationError({name: _("Give the plan a name.")})
    return str(value).strip()[:200] if name == "name" else int(value)
