"""What of an engagement a measure can be about, by kind and key."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from adoption.models import WorkPackage
from engagements.models import CriterionVersion, ImpactGroup
from metrics.models import Measure

About = Measure.About
# By engagement, kind and key: the name, and when the work on it starts.
Names = dict[tuple[UUID, str, str], tuple[str, date | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """One thing a measure is about; `is_there` is False for what was taken away since."""

    about: str = ""
    key: str = ""
    name: str = ""
    is_there: bool = True
    # When the work on it began or begins, where it is work.
    start_date: date | None = None

    @property
    def label(self) -> str:
        return str(About(self.about).label)

    @property
    def value(self) -> str:
        """The place as a form or an address says it."""
        return f"{self.about}:{self.key}" if self.about else ""


WHOLE = Place()


def get_places(*, engagement_id: UUID) -> tuple[Place, ...]:
    """Everything of the engagement that can be measured: groups, criteria, work packages."""
    packages = _packages([engagement_id]).values_list("uid", "outline", "name")
    groups = ImpactGroup.objects.filter(engagement_id=engagement_id).order_by("name")
    criteria = _criteria([engagement_id]).values_list("criterion_id", "statement")
    return (
        *(Place(About.GROUP, str(key), name) for key, name in groups.values_list("pk", "name")),
        *(Place(About.CRITERION, str(key), name[:300]) for key, name in criteria),
        *(Place(About.PACKAGE, uid, f"{number} {name}"[:300]) for uid, number, name in packages),
    )


def get_places_of(*, rows: Iterable[Measure]) -> dict[UUID, Place]:
    """What each measure is about, by its id; at most one query for each kind that occurs."""
    measures = list(rows)
    asked: dict[str, set[UUID]] = defaultdict(set)
    for row in measures:
        asked[row.about].add(row.engagement_id)
    there = _names(asked)
    return {row.pk: _place(row, there) for row in measures}


def _place(row: Measure, there: Names) -> Place:
    if not row.about:
        return WHOLE
    found = there.get((row.engagement_id, row.about, row.about_key))
    if found is None:
        return Place(row.about, row.about_key, row.about_name, is_there=False)
    return Place(row.about, row.about_key, found[0], start_date=found[1])


def _names(asked: dict[str, set[UUID]]) -> Names:
    """Of all kinds that occur, in one query."""
    parts = [SOURCES[about](ids) for about, ids in asked.items() if about]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {(of, about, key): (name, start) for of, about, key, name, start in rows}


def _named(
    rows: QuerySet[Any], about: str, engagement: str, key: str, name: Any, start: Any
) -> Any:
    columns = {
        "place_of": F(engagement),
        "place_kind": Value(about, CharField()),
        "place_key": Cast(key, CharField()),
        "place_name": Cast(name, CharField()),
        "place_start": Cast(start, DateField()),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _named_packages(ids: set[UUID]) -> Any:
    name = Concat("outline", Value(" "), "name")
    return _named(
        _packages(ids), About.PACKAGE.value, "plan__engagement_id", "uid", name, F("start")
    )


def _named_groups(ids: set[UUID]) -> Any:
    groups = ImpactGroup.objects.filter(engagement_id__in=ids)
    return _named(groups, About.GROUP.value, "engagement_id", "pk", F("name"), Value(None))


def _named_criteria(ids: set[UUID]) -> Any:
    newest = _criteria(ids).values("pk")
    rows = CriterionVersion.objects.filter(pk__in=newest)
    of, key = "criterion__engagement_id", "criterion_id"
    return _named(rows, About.CRITERION.value, of, key, F("statement"), Value(None))


SOURCES: dict[str, Callable[[set[UUID]], Any]] = {
    About.PACKAGE.value: _named_packages,
    About.GROUP.value: _named_groups,
    About.CRITERION.value: _named_criteria,
}


def _packages(engagement_ids: Iterable[UUID]) -> QuerySet[WorkPackage]:
    return WorkPackage.objects.filter(
        plan__engagement_id__in=list(engagement_ids), plan__what_if_of=None
    ).order_by("position")


def _criteria(engagement_ids: Iterable[UUID]) -> QuerySet[CriterionVersion]:
    """The newest wording of each criterion that is not withdrawn."""
    rows = CriterionVersion.objects.filter(
        criterion__engagement_id__in=list(engagement_ids), criterion__withdrawn_at=None
    )
    return rows.order_by("criterion_id", "-number").distinct("criterion_id")
