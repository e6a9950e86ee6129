"""The outline of a plan as somebody asked to see it: narrowed, folded, sorted, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from adoption.models import Plan
from adoption.queries.facts import Facts, facts_of, get_rows
from adoption.queries.plans import PlanLink, PlanRow, PlanView, links_of, view_of
from adoption.queries.variances import get_variances
from adoption.queries.versions import get_ghosts

MANY_ROWS = 250
ROWS_A_PAGE = 100
TOP_LEVELS = 2

# What may be missing from a work package, in the order it is usually filled in.
GAPS = ("owner", "deliverable", "test", "budget", "duration")
# Work that makes people able and willing to change, beyond being told and trained.
WORDS_ONLY = frozenset({"communication", "training"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows somebody wants to see; everything left out asks for all of them.

    `show` is one of `SHOWN`, `gap` one of `GAPS` or "any", `turned` are the uids of the summaries
    that stand differently from how the view begins: open or folded. `what_if` is the copy that is
    shown in place of the plan itself, `against` shows how far rows are from the baseline.
    """

    show: str = ""
    gap: str = ""
    q: str = ""
    owner: str = ""
    kind: str = ""
    group: UUID | None = None
    sort: str = ""
    page: int = 1
    turned: tuple[str, ...] = ()
    what_if: UUID | None = None
    against: bool = False

    @property
    def narrows(self) -> bool:
        picked = self.gap or self.q or self.owner or self.kind or self.group
        return bool(picked) or self.show not in ("", "all", "top")


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom "mine" is said: the person's id and address, and the day it is at the customer.

    Who does not see money is not told whether a package has any.
    """

    user_id: Any
    email: str
    today: date
    sees_money: bool = True


class Place(NamedTuple):
    """Where a row stands among those asked for. `matches` is false for a summary that only says
    where others belong; `place` of `of` counts it among its neighbours."""

    row: PlanRow
    level: int
    is_open: bool
    matches: bool
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line on the page: its place, and what there is to say of its row."""

    row: PlanRow
    level: int
    is_open: bool
    matches: bool
    place: int
    of: int
    facts: Facts
    gaps: tuple[str, ...]
    is_late: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class OutlineView:
    """A page of the outline, with what the whole plan says about itself. `agreed` is where the
    chosen baseline has the rows, start and finish by uid; a copy is held against its plan's."""

    plan: PlanView
    asked: Asked
    version: int
    lines: tuple[Line, ...]
    matching: int
    pages: int
    counts: Mapping[str, int]
    gaps: Mapping[str, int]
    kinds: Mapping[str, int]
    owners: tuple[tuple[str, str], ...]
    groups: tuple[tuple[UUID, str], ...]
    agreed: Mapping[str, tuple[datetime, datetime]]

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        return tuple(line.row for line in self.lines)

    @property
    def only_words(self) -> bool:
        """Every package whose kind is known tells or trains people, and nothing helps them."""
        return bool(self.kinds) and set(self.kinds) <= WORDS_ONLY


def get_outline(
    *, engagement_id: UUID, asked: Asked, viewer: Viewer, whole: bool = False
) -> OutlineView | None:
    """The outline as asked, or None when the engagement has no plan; `whole` is all its pages.

    Whoever asks for nothing sees all of a plan that fits a page, else its top levels.
    """
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    return outline_of(plan, asked=asked, viewer=viewer, whole=whole)


def outline_of(
    plan: Plan,
    *,
    asked: Asked,
    viewer: Viewer,
    whole: bool = False,
    links: Iterable[tuple[UUID, UUID, str]] | None = None,
) -> OutlineView:
    """The same for a plan that was found already, and its links where they are at hand."""
    packages = list(get_rows(plan=plan))
    agreed = get_ghosts(plan_id=plan.what_if_of_id or plan.pk)
    facts = {row.pk: facts_of(row) for row in packages}
    sheet = _Sheet(view_of(plan, packages, ()), facts, viewer, agreed)
    if not asked.show:
        asked = replace(asked, show="top" if len(packages) > MANY_ROWS else "all")
    shown = sheet.places(asked)
    pages = max(1, -(-len(shown) // ROWS_A_PAGE))
    first = (min(max(asked.page, 1), pages) - 1) * ROWS_A_PAGE
    places = shown if whole else shown[first : first + ROWS_A_PAGE]
    leaves = sheet.leaves
    return OutlineView(
        plan=replace(sheet.plan, links=_links(plan, [place.row.id for place in places], links)),
        asked=asked,
        version=plan.version,
        lines=tuple(map(sheet.line, places)),
        matching=sum(place.matches and not place.row.is_summary for place in shown),
        pages=pages,
        counts={name: sum(map(wanted, leaves)) for name, wanted in sheet.shown.items()},
        gaps=Counter(gap for row in leaves for gap in sheet.gaps(row)),
        kinds=Counter(sheet.facts[row.id].kind for row in leaves if sheet.facts[row.id].kind),
        owners=sheet.owners,
        groups=sheet.groups,
        agreed=agreed,
    )


def _links(
    plan: Plan, shown: Sequence[UUID], links: Iterable[tuple[UUID, UUID, str]] | None
) -> tuple[PlanLink, ...]:
    """Those between rows that are shown."""
    if links is None:
        return links_of(plan, among=shown)
    there = set(shown)
    return tuple(PlanLink(*link) for link in links if link[0] in there and link[1] in there)


@dataclass(frozen=True)
class _Sheet:
    """A plan with everything needed to judge a row."""

    plan: PlanView
    facts: Mapping[UUID, Facts]
    viewer: Viewer
    agreed: Mapping[str, tuple[datetime, datetime]]
    _memory: dict[UUID, tuple[str, ...]] = field(default_factory=dict)

    @property
    def leaves(self) -> list[PlanRow]:
        return [row for row in self.plan.rows if not row.is_summary]

    @cached_property
    def shown(self) -> dict[str, Callable[[PlanRow], bool]]:
        """Which leaves each chip stands for."""
        return {
            "all": lambda row: True,
            "open": lambda row: not row.is_done,
            "critical": lambda row: row.critical and not row.is_done,
            "late": self.is_late,
            "week": self.is_this_week,
            "mine": self.is_mine,
            "gaps": lambda row: bool(set(self.gaps(row)) - {"duration"}),
        }

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        named = {facts.owner_key: facts.owner for facts in self.facts.values() if facts.owner}
        return tuple(sorted(named.items(), key=lambda item: item[1].casefold()))

    @property
    def groups(self) -> tuple[tuple[UUID, str], ...]:
        named = {facts.group_id: facts.group for facts in self.facts.values() if facts.group_id}
        return tuple(sorted(named.items(), key=lambda item: item[1].casefold()))

    def gaps(self, row: PlanRow) -> tuple[str, ...]:
        """What is missing from a leaf. A milestone needs no budget; its zero days are said."""
        facts = self.facts[row.id]
        missing = {
            "owner": not facts.owner,
            "deliverable": not facts.deliverable,
            "test": not facts.has_test,
            "budget": self.viewer.sees_money and not (facts.has_budget or row.is_milestone),
            "duration": row.is_milestone,
        }
        return () if row.is_summary else tuple(gap for gap in GAPS if missing[gap])

    def is_late(self, row: PlanRow) -> bool:
        if row.is_done or row.is_summary:
            return False
        return row.finish.date() < self.viewer.today or row.total_float_days < 0

    def is_this_week(self, row: PlanRow) -> bool:
        monday = self.viewer.today - timedelta(days=self.viewer.today.weekday())
        begins, ends = row.start.date(), row.finish.date()
        return not row.is_done and begins < monday + timedelta(days=7) and ends >= monday

    def is_mine(self, row: PlanRow) -> bool:
        facts = self.facts[row.id]
        if facts.owner_key == f"user:{self.viewer.user_id}":
            return True
        return bool(facts.owner_email) and facts.owner_email.lower() == self.viewer.email.lower()

    def places(self, asked: Asked) -> list[Place]:
        chosen = [row for row in self.plan.rows if self._wanted(row, asked)]
        if asked.sort:
            leaves = [row for row in chosen if not row.is_summary]
            return self._flat(self._sorted(leaves, asked.sort))
        if asked.narrows:
            return self._numbered(_with_parents(self.plan.rows, {row.id for row in chosen}), asked)
        return self._numbered([(row, True) for row in chosen], asked)

    def _sorted(self, rows: list[PlanRow], sort: str) -> list[PlanRow]:
        """By one of `SORTS` or `VARIANCES`, a minus in front turns it round; equal rows stay in
        outline order."""
        name, turns = sort.removeprefix("-"), sort.startswith("-")
        if name in SORTS:
            return sorted(rows, key=lambda row: SORTS[name](row, self.facts[row.id]), reverse=turns)
        known = get_variances(plan=self.plan, agreed=self.agreed, rows=rows)
        days = {pk: getattr(found, VARIANCES[name]) for pk, found in known.items()}
        late = sorted((r for r in rows if r.id in days), key=lambda r: days[r.id], reverse=turns)
        return late + [row for row in rows if row.id not in days]

    def _wanted(self, row: PlanRow, asked: Asked) -> bool:
        if not asked.narrows:
            return True
        facts = self.facts[row.id]
        return (
            not row.is_summary
            and self.shown.get(asked.show, self.shown["all"])(row)
            and (not asked.gap or asked.gap == "any" or asked.gap in self.gaps(row))
            and (not asked.q or asked.q.casefold() in _words_of(row, facts))
            and (not asked.owner or asked.owner == facts.owner_key)
            and (not asked.kind or asked.kind == facts.kind)
            and (not asked.group or asked.group == facts.group_id)
        )

    def _numbered(self, rows: Iterable[tuple[PlanRow, bool]], asked: Asked) -> list[Place]:
        """Rows under folded summaries left out, the rest counted among their neighbours."""
        top, turned = asked.show == "top", set(asked.turned)
        kept: list[tuple[PlanRow, bool, bool]] = []
        folded_at: int | None = None
        for row, matches in rows:
            if folded_at is not None and row.level > folded_at:
                continue
            begins_open = not (top and row.level >= TOP_LEVELS)
            is_open = row.is_summary and begins_open != (self.facts[row.id].uid in turned)
            folded_at = row.level if row.is_summary and not is_open else None
            kept.append((row, matches, is_open))
        places = _places([row.level for row, _matches, _open in kept])
        return [
            Place(row, row.level, is_open, matches, *place)
            for (row, matches, is_open), place in zip(kept, places, strict=True)
        ]

    def _flat(self, rows: Sequence[PlanRow]) -> list[Place]:
        return [Place(row, 1, False, True, i, len(rows)) for i, row in enumerate(rows, 1)]

    def line(self, place: Place) -> Line:
        row = place.row
        return Line(
            *place,
            facts=self.facts[row.id],
            gaps=self.gaps(row),
            is_late=self.is_late(row),
            is_mine=self.is_mine(row),
        )


def _words_of(row: PlanRow, facts: Facts) -> str:
    return f"{row.outline} {row.name} {facts.deliverable} {facts.owner}".casefold()


def _with_parents(rows: Sequence[PlanRow], wanted: set[UUID]) -> list[tuple[PlanRow, bool]]:
    """The wanted rows below the summaries they belong to, in outline order."""
    above: list[PlanRow] = []
    kept: dict[UUID, tuple[PlanRow, bool]] = {}
    for row in rows:
        while above and above[-1].level >= row.level:
            above.pop()
        if row.id in wanted:
            for parent in above:
                kept.setdefault(parent.id, (parent, False))
            kept[row.id] = (row, True)
        above.append(row)
    return list(kept.values())


def _places(levels: Sequence[int]) -> list[tuple[int, int]]:
    """For each row its number among its neighbours and how many they are, both from one."""
    places: list[int] = []
    parents: list[int] = []
    above: list[int] = []
    children: Counter[int] = Counter()
    for i, level in enumerate(levels):
        while above and levels[above[-1]] >= level:
            above.pop()
        parent = above[-1] if above else -1
        children[parent] += 1
        places.append(children[parent])
        parents.append(parent)
        above.append(i)
    return [(place, children[parent]) for place, parent in zip(places, parents, strict=True)]


SORTS: dict[str, Callable[[PlanRow, Facts], Any]] = {
    "name": lambda row, facts: row.name.casefold(),
    "owner": lambda row, facts: (not facts.owner, facts.owner.casefold()),
    "days": lambda row, facts: row.duration_days,
    "start": lambda row, facts: row.start,
    "finish": lambda row, facts: row.finish,
    "float": lambda row, facts: (row.is_done, row.total_float_days),
}


# Against the baseline, as working days later; rows that it does not know come last.
VARIANCES = {"start_by": "start_days", "finish_by": "finish_days"}
