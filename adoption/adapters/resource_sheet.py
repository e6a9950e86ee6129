"""The sheets of a workbook that hold what a plan needs, and on which days it is not as usual.

`Resources` has a row each: name, kind, capacity, `workspace` for what belongs to all engagements,
and its own working time as hours a weekday, all empty for whenever the plan works. `Days` holds
what differs from a week, in the order in which it was agreed; without a resource, of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from adoption.adapters.calendar_sheet import WEEKDAYS, hours_text, read_hours
from adoption.adapters.planfile import PlanFile
from adoption.adapters.refusals import UnreadablePlan
from adoption.adapters.resources import (
    KINDS,
    MOST_RESOURCES,
    FileResource,
    Need,
    clean_name,
    read_needs,
    read_units,
    write_needs,
)
from adoption.adapters.table_fields import Cell, moment_of, text_of
from adoption.scheduling import NoWorkingTime, Shifts
from adoption.scheduling.terms import ANY_TIME, LONGEST_RULE_DAYS, DayRule, Terms
from rendering.sentences import reason_of, sentence

RESOURCES, DAYS = "Resources", "Days"
HEADING = ("resource", "kind", "capacity", "for", "public holidays of", *WEEKDAYS)
DAYS_HEADING = ("resource", "from", "until", "hours", "reason")
MOST_RULES = 20_000
_WORKSPACE = "workspace"
_FREE = "free"

Key = tuple[bool, str]
Line = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Rules:
    """Days that differ: the plan's, and those of resources by key."""

    plan: tuple[DayRule, ...] = ()
    by_resource: Mapping[Key, tuple[DayRule, ...]] | None = None

    def of(self, resource: FileResource) -> tuple[DayRule, ...]:
        return (self.by_resource or {}).get(resource.key, ())


def resource_rows(plan_file: PlanFile) -> Iterator[Sequence[object]]:
    yield HEADING
    for one in plan_file.resources:
        shared = _WORKSPACE if one.shared else ""
        region = one.terms.region if one.terms else ""
        capacity = int(one.capacity) if one.capacity == int(one.capacity) else float(one.capacity)
        yield (one.name, one.kind, capacity, shared, region, *_week(one.terms))


def _week(terms: Terms | None) -> Sequence[str]:
    if terms is None:
        return [""] * len(WEEKDAYS)
    return [hours_text(shifts) or _FREE for shifts in terms.week]


def day_rows(plan_file: PlanFile) -> Iterator[Sequence[object]]:
    yield DAYS_HEADING
    for rule in plan_file.terms.rules if plan_file.terms else ():
        yield ("", *_rule(rule))
    for one in plan_file.resources:
        for rule in one.terms.rules if one.terms else ():
            yield (write_needs([Need(one.name, shared=one.shared)]), *_rule(rule))


def _rule(rule: DayRule) -> Sequence[str]:
    first, last = rule.first.isoformat(), rule.last.isoformat()
    return (first, last, hours_text(rule.shifts), rule.reason)


def read_days(rows: Iterable[Line]) -> Rules:
    """Nothing for another sheet of that name. Raises UnreadablePlan by row."""
    lines = iter(rows)
    if not _is_ours(lines, DAYS_HEADING):
        return Rules()
    plan: list[DayRule] = []
    found: dict[Key, tuple[DayRule, ...]] = {}
    for number, cells in lines:
        where = sentence("%(title)s, row %(number)s", title=DAYS, number=number)
        if number > MOST_RULES:
            raise UnreadablePlan(
                sentence("%(title)s: more than %(days)s days.", title=DAYS, days=f"{MOST_RULES:,}")
            )
        who, *said = (*cells, *[None] * 5)[:5]
        if not any(text_of(cell) for cell in (who, *said)):
            continue
        rule = _read_rule(said, where)
        if not text_of(who):
            plan.append(rule)
        for need in read_needs(text_of(who), where):
            found[need.key] = (*found.get(need.key, ()), rule)
    return Rules(tuple(plan), found)


def _read_rule(cells: Sequence[Cell], where: str) -> DayRule:
    first, last, hours, reason = cells
    begins = moment_of(first, False, where).date()
    ends = moment_of(last, False, where).date() if text_of(last) else begins
    if not 0 <= (ends - begins).days < LONGEST_RULE_DAYS:
        raise UnreadablePlan(
            sentence(
                "%(where)s: the last day does not lie within a year after the first.", where=where
            )
        )
    return DayRule(begins, ends, read_hours(hours, where), text_of(reason)[:120])


def read_resources(rows: Iterable[Line], rules: Rules) -> tuple[FileResource, ...] | None:
    """None for another sheet of that name. Raises UnreadablePlan by row."""
    lines = iter(rows)
    if not _is_ours(lines, HEADING):
        return None
    found: dict[Key, FileResource] = {}
    for number, cells in lines:
        if not any(text_of(cell) for cell in cells):
            continue
        where = sentence("%(title)s, row %(number)s", title=RESOURCES, number=number)
        one = _read_resource((*cells, *[None] * len(HEADING)), where, rules)
        if one.key in found or len(found) >= MOST_RESOURCES:
            raise UnreadablePlan(
                sentence("%(where)s: “%(name)s” stands there already.", where=where, name=one.name)
            )
        found[one.key] = one
    return tuple(found.values())


def _is_ours(lines: Iterator[Line], heading: Sequence[str]) -> bool:
    _number, cells = next(lines, (0, ()))
    said = [text_of(cell).casefold() for cell in cells[: len(heading)]]
    return said == [name.casefold() for name in heading]


def _read_resource(cells: Sequence[Cell], where: str, rules: Rules) -> FileResource:
    name, kind, capacity, whose, region, *days = map(text_of, cells[: len(HEADING)])
    one = FileResource(
        name=clean_name(name, where),
        kind=kind.lower() if kind.lower() in KINDS else KINDS[0],
        capacity=read_units(capacity, where) if capacity else Decimal(1),
        shared=whose.lower() == _WORKSPACE,
    )
    return replace(one, terms=_read_terms(days, region[:20], rules.of(one), where))


def _read_terms(
    days: Sequence[str], region: str, rules: tuple[DayRule, ...], where: str
) -> Terms | None:
    week = ANY_TIME.week if not any(days) else tuple(_read_hours(day, where) for day in days)
    terms = Terms(week, region, rules)
    if terms.says_nothing:
        return None
    try:
        terms.calendar(around=rules[0].first if rules else date(2000, 1, 1))
    except (NoWorkingTime, ValueError) as error:
        raise UnreadablePlan(
            sentence("%(where)s: %(reason)s", where=where, reason=reason_of(error))
        ) from None
    return terms


def _read_hours(text: str, where: str) -> Shifts:
    return () if text.lower() == _FREE else read_hours(text, where)
