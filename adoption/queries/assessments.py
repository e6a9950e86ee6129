"""Reads of tests and of what each person reached in them. What the scores mean is told above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from adoption.models import Assessment, AssessmentResult, Stage, WorkPackage


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One test with how many people took it before training and after."""

    id: UUID
    name: str
    kind_label: str
    group: str
    highest: Decimal
    minimum: Decimal
    package: str
    before: int
    after: int
    last_date: date | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A result that counts."""

    score: Decimal
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What one person reached; the group is the one they were in last."""

    id: UUID
    external_id: str
    name: str
    group_id: UUID | None
    group: str
    before: Taken | None
    after: Taken | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The mean of a group whose people are not named; `people` of them at each stage."""

    id: UUID
    name: str
    before: Taken | None
    after: Taken | None
    before_people: int
    after_people: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that counts of one test: people by name, then groups by name."""

    people: tuple[PersonLine, ...]
    groups: tuple[GroupLine, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.groups)


def get_assessments(*, engagement_id: UUID | None = None) -> QuerySet[Assessment]:
    """Tests of one engagement or of all, the newest first."""
    rows = Assessment.objects.select_related("engagement__customer", "impact_group")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_assessment_rows(*, engagement_id: UUID) -> tuple[AssessmentRow, ...]:
    rows = list(get_assessments(engagement_id=engagement_id))
    counts = _counts(row.pk for row in rows)
    packages = get_package_names(
        engagement_id=engagement_id, uids=[row.package_uid for row in rows]
    )
    return tuple(
        AssessmentRow(
            id=row.pk,
            name=row.name,
            kind_label=row.get_kind_display(),
            group=row.impact_group.name if row.impact_group else "",
            highest=row.highest,
            minimum=row.minimum,
            package=packages.get(row.package_uid, ""),
            **counts.get(row.pk, {"before": 0, "after": 0, "last_date": None}),
        )
        for row in rows
    )


def _counts(assessment_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """People with a result, those of unnamed groups with their number."""
    rows = AssessmentResult.objects.filter(
        assessment_id__in=list(assessment_ids), replaced_at=None
    ).order_by()
    found: dict[UUID, dict[str, Any]] = {}
    grouped = rows.values("assessment_id", "stage", "people").annotate(
        n=Count("pk"), last=Max("day")
    )
    for one in grouped:
        counts = found.setdefault(
            one["assessment_id"], {"before": 0, "after": 0, "last_date": one["last"]}
        )
        counts[one["stage"]] += one["n"] * (one["people"] or 1)
        counts["last_date"] = max(counts["last_date"], one["last"])
    return found


def get_results() -> QuerySet[AssessmentResult]:
    """Results that count, with whose they are."""
    rows = AssessmentResult.objects.filter(replaced_at=None)
    return rows.select_related("assessment", "end_user", "impact_group", "recorded_by")


def get_scores(*, assessment_id: UUID) -> Scores:
    """What counts of one test, in one question."""
    rows = list(get_results().filter(assessment_id=assessment_id).order_by("recorded_at", "id"))
    by_person: dict[UUID, list[AssessmentResult]] = {}
    by_group: dict[UUID, list[AssessmentResult]] = {}
    for row in rows:
        if row.end_user_id is not None:
            by_person.setdefault(row.end_user_id, []).append(row)
        elif row.impact_group_id is not None:
            by_group.setdefault(row.impact_group_id, []).append(row)
    people = sorted(map(_person, by_person.values()), key=lambda one: one.name.casefold())
    groups = sorted(map(_group, by_group.values()), key=lambda one: one.name.casefold())
    return Scores(tuple(people), tuple(groups))


def get_replaced_results(*, assessment_id: UUID) -> QuerySet[AssessmentResult]:
    """Results that were replaced, the last first."""
    rows = AssessmentResult.objects.filter(assessment_id=assessment_id)
    named = rows.select_related("end_user", "impact_group", "recorded_by")
    return named.filter(~Q(replaced_at=None)).order_by("-replaced_at", "-id")


def _person(rows: list[AssessmentResult]) -> PersonLine:
    taken = {row.stage: row for row in rows}
    last = taken.get(Stage.AFTER) or taken[Stage.BEFORE]
    user, group = last.end_user, last.impact_group
    return PersonLine(
        id=user.pk,
        external_id=user.external_id,
        name=str(user),
        group_id=group.pk if group else None,
        group=group.name if group else "",
        before=_taken(taken.get(Stage.BEFORE)),
        after=_taken(taken.get(Stage.AFTER)),
    )


def _group(rows: list[AssessmentResult]) -> GroupLine:
    taken = {row.stage: row for row in rows}
    before, after = taken.get(Stage.BEFORE), taken.get(Stage.AFTER)
    group = rows[0].impact_group
    return GroupLine(
        id=group.pk,
        name=group.name,
        before=_taken(before),
        after=_taken(after),
        before_people=(before.people or 0) if before else 0,
        after_people=(after.people or 0) if after else 0,
    )


def _taken(row: AssessmentResult | None) -> Taken | None:
    return None if row is None else Taken(row.score, row.day, str(row.recorded_by or ""))


def packages_of(engagement_id: UUID) -> QuerySet[WorkPackage]:
    """The rows of the plan in force, in outline order."""
    return WorkPackage.objects.filter(
        plan__engagement_id=engagement_id, plan__what_if_of=None
    ).order_by("position")


def get_package_names(*, engagement_id: UUID, uids: Iterable[str]) -> dict[str, str]:
    """What the plan calls those of its rows, by their uid; no question where none is asked for."""
    wanted = {uid for uid in uids if uid}
    if not wanted:
        return {}
    rows = packages_of(engagement_id).filter(uid__in=wanted)
    return {
        uid: f"{number} {name}" for uid, number, name in rows.values_list("uid", "outline", "name")
    }


def get_package_choices(*, engagement_id: UUID) -> list[tuple[str, str]]:
    """Uid and name of every row of the plan, for a list to choose from."""
    rows = packages_of(engagement_id).values_list("uid", "outline", "name")
    return [(uid, f"{number} {name}") for uid, number, name in rows]
