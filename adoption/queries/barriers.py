"""Reads of barriers: the register as it is asked for, and what stands in the way of each group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from adoption.models import Barrier, BarrierGroup
from adoption.queries.assessments import get_package_names
from engagements.models import ImpactGroup, RosterEntry
from engagements.next_action import Kind
from engagements.queries.next_action import ASKED, OURS, THEIRS, Rows, columns_of

REMOVED, REMOVED_LABEL = "removed", _("Removed")
STANDING = "standing"
STATES = (STANDING, *Barrier.State.values, REMOVED)
# The severity from which on somebody has to act, and from which on it is watched.
ACTED_ON, WATCHED = 4, 3


@dataclass(frozen=True, slots=True)
class BarrierFilters:
    """What a list of barriers is narrowed to; empty for all. `state` is one of STATES."""

    state: str = STANDING
    kind: str = ""
    group: UUID | None = None
    order: str = "severity"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A group that a barrier stops."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class BarrierRow:
    """One line of the register. `owner_inside` names the group its owner is an end user of."""

    id: UUID
    kind: str
    kind_label: str
    effect: str
    groups: tuple[Stopped, ...]
    since_date: date
    severity: int
    severity_label: str
    band: str
    owner: str
    owner_inside: str
    package: str
    due_date: date | None
    overdue: bool
    state: str
    state_label: str
    removed_date: date | None
    removed_how: str

    @property
    def group_names(self) -> str:
        return ", ".join(group.name for group in self.groups)


@dataclass(frozen=True, slots=True)
class BarrierList:
    """Barriers as they were asked for, with counts over all of the engagement's."""

    rows: tuple[BarrierRow, ...]
    counts: Mapping[str, int]
    groups: tuple[Stopped, ...]

    @property
    def everything(self) -> int:
        return self.counts[STANDING] + self.counts[REMOVED]


def _by_due(row: BarrierRow) -> Any:
    return row.due_date or date.max, -row.severity


ORDERS: dict[str, Callable[[BarrierRow], Any]] = {
    "severity": lambda row: (-row.severity, row.since_date),
    "since": lambda row: row.since_date,
    "due": _by_due,
    "kind": lambda row: (row.kind_label.casefold(), -row.severity),
    "owner": lambda row: (not row.owner, row.owner.casefold(), -row.severity),
}


def get_barriers(*, engagement_id: UUID | None = None) -> QuerySet[Barrier]:
    """Barriers with their owners and groups, of one engagement or of all, the worst first."""
    stops = BarrierGroup.objects.select_related("impact_group")
    rows = Barrier.objects.select_related(
        "owner", "owner_at_customer", "engagement__customer"
    ).prefetch_related(Prefetch("stops", queryset=stops))
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_barrier_list(
    *, engagement_id: UUID, today: date, asked: BarrierFilters | None = None
) -> BarrierList:
    asked = asked or BarrierFilters()
    found = get_barrier_rows(engagement_id=engagement_id, today=today)
    groups = {group.id: group for row in found for group in row.groups}
    shown = [row for row in found if _fits(row, asked)]
    return BarrierList(
        rows=tuple(sorted(shown, key=ORDERS[asked.order])),
        counts={state: sum(_is(row, state) for row in found) for state in STATES},
        groups=tuple(sorted(groups.values(), key=lambda group: group.name.casefold())),
    )


def _fits(row: BarrierRow, asked: BarrierFilters) -> bool:
    return (
        (not asked.state or _is(row, asked.state))
        and asked.kind in ("", row.kind)
        and (asked.group is None or any(group.id == asked.group for group in row.groups))
    )


def _is(row: BarrierRow, state: str) -> bool:
    return row.state != REMOVED if state == STANDING else row.state == state


def get_barrier_rows(*, engagement_id: UUID, today: date) -> tuple[BarrierRow, ...]:
    """Every barrier of an engagement, the worst first; removed ones among them."""
    barriers = list(get_barriers(engagement_id=engagement_id))
    packages = get_package_names(
        engagement_id=engagement_id, uids=[row.package_uid for row in barriers]
    )
    inside = _owners_inside(barriers)
    return tuple(
        _row(row, today, packages.get(row.package_uid, ""), inside.get(row.pk, ""))
        for row in barriers
    )


def _row(row: Barrier, today: date, package: str, owner_inside: str) -> BarrierRow:
    due = row.due_date
    return BarrierRow(
        id=row.pk,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        effect=row.effect,
        groups=tuple(
            Stopped(one.impact_group_id, one.impact_group.name) for one in row.stops.all()
        ),
        since_date=row.since_date,
        severity=row.severity,
        severity_label=row.get_severity_display(),
        band=band_of(row),
        owner=row.owner_name,
        owner_inside=owner_inside,
        package=package,
        due_date=due,
        overdue=not row.is_removed and due is not None and due < today,
        state=state_of(row),
        state_label=_state_label(row),
        removed_date=row.removed_date,
        removed_how=row.removed_how,
    )


def state_of(row: Barrier) -> str:
    return REMOVED if row.is_removed else row.state


def _state_label(row: Barrier) -> str:
    return str(REMOVED_LABEL) if row.is_removed else row.get_state_display()


def band_of(row: Barrier) -> str:
    """act, watch or good, as a risk's score is told."""
    if row.is_removed:
        return "good"
    if row.severity >= ACTED_ON:
        return "act"
    return "watch" if row.severity >= WATCHED else "good"


def waiting_barriers() -> Rows:
    """Barriers to be removed by a day, as the header of an engagement asks for what waits."""
    rows = Barrier.objects.filter(ASKED, removed_date=None, due_date__isnull=False)
    return columns_of(
        rows,
        kind=Value(Kind.BARRIER.value),
        words=F("effect"),
        due=F("due_date"),
        theirs=Case(When(owner_at_customer__isnull=False, then=THEIRS), default=OURS),
    )


def get_standing_barriers(
    *, engagement_id: UUID, today: date
) -> dict[UUID, tuple[BarrierRow, ...]]:
    """What stands in the way of each impact group, the worst first."""
    found: dict[UUID, list[BarrierRow]] = defaultdict(list)
    for row in get_barrier_rows(engagement_id=engagement_id, today=today):
        for group in row.groups if row.state != REMOVED else ():
            found[group.id].append(row)
    return {group_id: tuple(rows) for group_id, rows in found.items()}


def _owners_inside(barriers: Iterable[Barrier]) -> dict[UUID, str]:
    """The group that a barrier's owner is an end user of, by barrier; a roster may change later."""
    owned = [(row, row.owner or row.owner_at_customer) for row in barriers if not row.is_removed]
    people = [person for _barrier, person in owned if person is not None]
    stopped = {one.impact_group_id for row, _who in owned for one in row.stops.all()}
    entries = _entries_like(people, stopped)
    found: dict[UUID, str] = {}
    for row, person in owned:
        names = {one.impact_group_id: one.impact_group.name for one in row.stops.all()}
        for entry in entries:
            if person is not None and entry.group_id in names and entry.is_about(person):
                found[row.pk] = names[entry.group_id]
    return found


def get_groups_of_owner(*, person: Any, groups: Iterable[ImpactGroup]) -> list[ImpactGroup]:
    """Those of the groups that somebody is an end user of."""
    stopped = list(groups)
    entries = _entries_like([person], [group.pk for group in stopped])
    there = {entry.group_id for entry in entries if entry.is_about(person)}
    return [group for group in stopped if group.pk in there]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Somebody on a roster, by all they are called, in small letters."""

    group_id: UUID
    email: str
    external_id: str
    name: str

    def is_about(self, person: Any) -> bool:
        """By e-mail where both have one, else by name."""
        email, name = person.email.lower(), person.name.lower()
        if email and email in (self.email, self.external_id):
            return True
        return name == self.name and not (email and self.email)


def _entries_like(people: Iterable[Any], group_ids: Iterable[UUID]) -> list[_Entry]:
    """Roster entries that may be one of those people; no question where nobody is asked about."""
    asked = list(people)
    if not asked:
        return []
    emails = {person.email.lower() for person in asked if person.email}
    rows = RosterEntry.objects.filter(impact_group_id__in=list(group_ids)).annotate(
        mail=Lower("end_user__email"),
        key=Lower("end_user__external_id"),
        said=Lower("end_user__name"),
    )
    alike = rows.filter(
        Q(mail__in=emails) | Q(key__in=emails) | Q(said__in={one.name.lower() for one in asked})
    ).order_by()
    return [
        _Entry(*values) for values in alike.values_list("impact_group_id", "mail", "key", "said")
    ]
