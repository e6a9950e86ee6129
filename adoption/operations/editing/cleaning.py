"""What people fill in about a package, checked and turned into what a row of a sheet holds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adoption.editing import FIELDS, Refused, day_of, duration_of, end_of, start_of
from adoption.models import Plan, WorkPackage
from adoption.operations.editing.desk import Desk
from adoption.operations.editing.refusals import refusal
from adoption.scheduling import Calendar, ConstraintType
from engagements.models import ImpactGroup, Stakeholder
from people.models import User
from tenancy.models import Membership
from tenancy.scope import current_tenant_id

# What an edit of a package may name; progress is reported, links are set, each by its own.
EDITABLE = frozenset(FIELDS) - {
    "percent", "actual_start", "actual_finish", "remaining", "calendar_key", "links",
}  # fmt: skip
_LENGTHS = ("duration", "optimistic", "pessimistic", "effort")
_OWNERS = ("owner", "owner_member", "owner_stakeholder")


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Checks fields for one plan; its answers are keyed and typed as a row's."""

    plan: Plan
    calendar: Calendar

    def clean(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ValidationError, keyed by field."""
        unknown = fields.keys() - EDITABLE
        if unknown:
            raise ValidationError(dict.fromkeys(sorted(unknown), _("There is no such field.")))
        cleaned: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for name, value in fields.items():
            try:
                cleaned |= self._cleaned(name, value, fields)
            except Refused as refused:
                faults[name] = refusal(refused).message_dict[refused.field]
            except ValidationError as error:
                faults[name] = error.messages
        if faults:
            raise ValidationError(faults)
        return _with_one_owner(cleaned)

    def _cleaned(self, name: str, value: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
        if name in _LENGTHS:
            return self._length(name, value)
        if name in ("constraint_at", "deadline_at"):
            kind = str(fields.get("constraint") or "")
            return {name: self._moment(name, value, kind)}
        if name in _PEOPLE:
            return {name: None if value is None else _PEOPLE[name](self.plan, value)}
        field: Any = WorkPackage._meta.get_field(name)
        if value is None and not field.null:
            value = field.get_default()
        if isinstance(value, str):
            value = value.strip() if name in ("notes", "acceptance_test") else _one_line(value)
        return {name: field.clean(value, None)}

    def _length(self, name: str, value: Any) -> dict[str, Any]:
        if value is None or value == "":
            if name == "duration":
                raise Refused("duration", name, text="")
            return {name: None}
        if isinstance(value, int):
            field: Any = WorkPackage._meta.get_field(name)
            return {name: field.clean(value, None)}
        minutes, elapsed = duration_of(str(value), self.calendar, name)
        return {name: minutes} | ({"elapsed": elapsed} if name == "duration" else {})

    def _moment(self, name: str, value: Any, constraint: str) -> datetime | None:
        """A bare day is its beginning, for what holds a finish when work ends on it."""
        if value in (None, ""):
            return None
        if isinstance(value, str):
            value = day_of(value) or _parsed(value)
        if isinstance(value, datetime):
            return value.replace(tzinfo=None, second=0, microsecond=0)
        if isinstance(value, date):
            known = constraint in ConstraintType.__members__
            at_end = name == "deadline_at" or (known and ConstraintType(constraint).holds_finish)
            return end_of(value, self.calendar) if at_end else start_of(value)
        raise ValidationError(_("This is not a day."))


def cleaner_for(desk: Desk) -> Cleaner:
    return Cleaner(desk.plan, desk.calendar)


def settled(row: Mapping[str, Any], named: Collection[str]) -> dict[str, Any]:
    """What must hold of a whole row, given the fields it will have; returns what to change.

    A rule without its day is refused, a day without a rule goes. Durations on both sides of one
    that has passed them go as well, unless they are among the `named` fields: then it is refused.
    """
    faults: dict[str, str] = {}
    fixes: dict[str, Any] = {}
    needs_date = ConstraintType(row["constraint"]).needs_date
    if needs_date and row["constraint_at"] is None:
        faults["constraint_at"] = _("Give the day of this rule.")
    if not needs_date and row["constraint_at"] is not None:
        fixes["constraint_at"] = None
    for name, words in _out_of_order(row).items():
        if name in named:
            faults[name] = words
        else:
            fixes[name] = None
    if not row["name"]:
        faults["name"] = _("Give the work package a name.")
    if faults:
        raise ValidationError(faults)
    return fixes


def _out_of_order(row: Mapping[str, Any]) -> dict[str, str]:
    """Which of the durations on both sides lie on the wrong one."""
    least, likely, most = row["optimistic"], row["duration"], row["pessimistic"]
    wrong: dict[str, str] = {}
    if least is not None and least > likely:
        wrong["optimistic"] = _("This is longer than the duration.")
    if most is not None and most < likely:
        wrong["pessimistic"] = _("This is shorter than the duration.")
    return wrong


def _with_one_owner(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Whoever is named last owns it: somebody who signs in, a stakeholder, or a name alone."""
    named = [name for name in _OWNERS if cleaned.get(name)]
    if not named:
        return cleaned
    empty = {"owner": "", "owner_member": None, "owner_stakeholder": None}
    chosen = named[-1]
    return cleaned | empty | {chosen: cleaned[chosen]}


def _member(plan: Plan, user: User) -> Any:
    member = Membership.objects.filter(tenant_id=current_tenant_id(), user=user).first()
    if member is None or member.customer_id not in (None, plan.customer_id):
        raise ValidationError(_("This person has no place in this engagement."))
    return user.pk


def _stakeholder(plan: Plan, person: Stakeholder) -> Any:
    if person.customer_id != plan.customer_id:
        raise ValidationError(_("This person belongs to another customer."))
    return person.pk


def _group(plan: Plan, group: ImpactGroup) -> Any:
    if group.engagement_id != plan.engagement_id:
        raise ValidationError(_("This impact group belongs to another engagement."))
    return group.pk


_PEOPLE: dict[str, Callable[[Plan, Any], Any]] = {
    "owner_member": _member,
    "owner_stakeholder": _stakeholder,
    "impact_group": _group,
}


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("“%(text)s” is not a day.") % {"text": text[:40]}) from None


def label_of(name: str) -> str:
    """What a field is called, in the middle of a sentence."""
    if name in _LABELS:
        return str(_LABELS[name]())
    return str(WorkPackage._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


_LABELS: dict[str, Callable[[], str]] = {
    "actual_finish": lambda: _("finished on"),
    "actual_start": lambda: _("began on"),
    "constraint": lambda: _("rule for its dates"),
    "constraint_at": lambda: _("day of its rule"),
    "deadline_at": lambda: _("deadline"),
    "duration": lambda: _("duration"),
    "effort": lambda: _("effort"),
    "elapsed": lambda: _("time by the clock"),
    "impact_group": lambda: _("impact group"),
    "links": lambda: _("what it waits for"),
    "manual": lambda: _("placed by hand"),
    "name": lambda: _("name"),
    "notes": lambda: _("notes"),
    "optimistic": lambda: _("shortest duration"),
    "owner": lambda: _("owner"),
    "owner_member": lambda: _("owner"),
    "owner_stakeholder": lambda: _("owner"),
    "percent": lambda: _("percent complete"),
    "pessimistic": lambda: _("longest duration"),
    "remaining": lambda: _("what is left"),
}
