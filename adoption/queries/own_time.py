"""When the resources of a plan's packages are there: calendars of their own, by what needs them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from adoption.adapters.calendars import calendar_from_json, calendar_to_json
from adoption.models import Assignment, Plan, Resource, WorkPackage
from adoption.scheduling import STANDARD, Calendar, NoWorkingTime
from adoption.scheduling.terms import DayRule, Terms, terms_from_json, terms_of
from engagements.calendars import PublicHolidays, WorkingCalendar
from engagements.models import Customer
from engagements.queries import get_calendar


class NeverTogether(ValueError):
    """Resources of one package that are never there at the same time; carries their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(" / ".join(self.names))


@dataclass(frozen=True, slots=True)
class OwnTimes:
    """Calendars by key as a plan keeps them, and the key of each package that needs one.

    `hidden` packages need something the asker may not see, so nothing is said of them.
    """

    calendars: Mapping[str, dict[str, Any]]
    keys: Mapping[UUID, str]
    hidden: frozenset[UUID]


def get_own_times(*, plan: Plan, changed: Mapping[UUID, Terms] | None = None) -> OwnTimes:
    """What the assignments of a plan come to; `changed` are terms to reckon with instead of those
    that are kept, by resource. Raises NeverTogether."""
    # By the packages themselves: joined with their table, the database may look through all of it
    # for each assignment of a plan that was only just brought in.
    packages = list(WorkPackage.objects.filter(plan=plan).values_list("pk", flat=True))
    assigned = Assignment.objects.filter(package__in=packages)
    pairs = list(assigned.values_list("package_id", "resource_id"))
    # Apart from the assignments: a join would drop those of resources the asker may not see.
    resources = Resource.objects.in_bulk({resource for _package, resource in pairs})
    terms = {pk: (changed or {}).get(pk) or terms_of_resource(row) for pk, row in resources.items()}
    calendars = {
        pk: own.calendar(around=plan.start_at.date())
        for pk, own in terms.items()
        if own is not None and not own.says_nothing
    }
    needed: dict[UUID, set[UUID]] = defaultdict(set)
    for package, resource in pairs:
        if resource in calendars:
            needed[package].add(resource)
    hidden = frozenset(package for package, resource in pairs if resource not in resources)
    names = {pk: row.name for pk, row in resources.items()}
    return _own_times(needed, hidden, calendars, names)


def terms_of_resource(resource: Resource) -> Terms | None:
    """Its own working time; None where it is there whenever the plan works."""
    return terms_from_json(resource.terms) if resource.terms else None


def _own_times(
    needed: Mapping[UUID, set[UUID]],
    hidden: frozenset[UUID],
    calendars: Mapping[UUID, Calendar],
    names: Mapping[UUID, str],
) -> OwnTimes:
    groups = {_key(group): group for package, group in needed.items() if package not in hidden}
    found = {key: _together(group, calendars, names) for key, group in groups.items()}
    return OwnTimes(
        calendars={key: calendar_to_json(calendar) for key, calendar in found.items()},
        keys={package: _key(group) for package, group in needed.items() if package not in hidden},
        hidden=hidden,
    )


def _key(resources: Iterable[UUID]) -> str:
    text = " ".join(sorted(map(str, resources)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _together(
    group: Iterable[UUID], calendars: Mapping[UUID, Calendar], names: Mapping[UUID, str]
) -> Calendar:
    ordered = sorted(group, key=str)
    try:
        return reduce(Calendar.within, (calendars[resource] for resource in ordered))
    except NoWorkingTime as error:
        raise NeverTogether(names[resource] for resource in ordered) from error


@dataclass(frozen=True, slots=True)
class PlanTime:
    """The calendar of a plan with the terms it was made from."""

    calendar: Calendar
    terms: Terms

    def holidays(self, year: int) -> PublicHolidays:
        """Public holidays of a year that fall on days the week works, and no rule decides."""
        region = WorkingCalendar((), self.terms.region)
        return tuple(
            (day, name)
            for day, name in region.holidays(year)
            if self.terms.week[day.weekday()] and self.terms.rule_on(day) is None
        )

    def reasons(self, year: int) -> dict[date, tuple[str, str]]:
        """State and reason of the days of a year that differ from the week."""
        found = {day: ("holiday", name) for day, name in self.holidays(year)}
        for rule in self.terms.rules:
            if not rule.first.year <= year <= rule.last.year:
                continue
            for day in rule.days():
                if rule.is_off and self.terms.week[day.weekday()]:
                    found[day] = ("off", rule.reason)
                elif not rule.is_off:
                    found[day] = ("extra", rule.reason)
        return found


def get_plan_time(*, plan: Plan) -> PlanTime:
    calendar = calendar_from_json(plan.calendar)
    kept = plan.calendar.get("terms")
    return PlanTime(calendar, terms_from_json(kept) if kept else terms_of(calendar))


def get_usual_terms(*, customer: Customer) -> Terms:
    """What a new plan at a customer begins with: the week and the public holidays there."""
    return get_customer_terms(calendar=get_calendar(customer=customer))


def get_customer_terms(*, calendar: WorkingCalendar, rules: tuple[DayRule, ...] = ()) -> Terms:
    """The customer's usual week on the hours of the standard day, with these rules."""
    hours = STANDARD.week[0]
    week = tuple(hours if day in calendar.days else () for day in range(1, 8))
    return Terms(week, calendar.region, rules, "Standard")
