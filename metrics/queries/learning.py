"""What tests say of an engagement's groups, with what stands beside a low score.

Scores, barriers and the plan are read from below, as are rosters and what was paid; what they mean
is told by the pure files. Page, CSV and API take the same value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from adoption.models import WorkPackage
from adoption.queries import BarrierRow, get_assessments, get_scores, get_standing_barriers
from adoption.queries.assessments import GroupLine, PersonLine, Scores
from engagements.models import RosterEntry
from metrics.learning import (
    FEWEST_PEOPLE,
    GroupResult,
    GroupScores,
    Learning,
    Matched,
    Passing,
    PersonScore,
    assess,
    gap,
    groups_of,
    matched,
    passing_people,
)
from metrics.queries.resources import get_spent_shares


@dataclass(frozen=True, slots=True)
class LearningTest:
    """A test that can be looked at."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    minimum: float
    highest: float


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """A group against the standard, with what stands beside it. Shares are 0 to 1."""

    result: GroupResult
    group_id: UUID
    barriers: tuple[BarrierRow, ...]
    open_packages: int
    # People with one test only, who are left out of the means.
    left_out: int


@dataclass(frozen=True, slots=True)
class Below:
    """Somebody who did not reach the standard, with the two facts of the roster."""

    external_id: str
    name: str
    group: str
    before: float | None
    after: float
    gap: float
    has_access: bool
    is_proficient: bool


@dataclass(frozen=True, slots=True)
class LearningView:
    """One test of an engagement. `hidden` names groups that are too small for this reader, and
    `below` is empty for whoever may not see single scores."""

    tests: tuple[LearningTest, ...]
    test: LearningTest | None
    found: Learning
    standings: tuple[GroupStanding, ...]
    hidden: tuple[str, ...]
    people: Passing
    pairs: Matched
    below: tuple[Below, ...]
    names_people: bool
    tells_money: bool

    @property
    def has_scores(self) -> bool:
        return bool(self.found.passing.among or self.people.among or self.people.untested)


def get_learning(
    *,
    engagement_id: UUID,
    today: date,
    assessment_id: UUID | None = None,
    names_people: bool,
    tells_money: bool,
) -> LearningView:
    """Of the test asked for, else of the newest with results, else of the newest.

    Whoever may not see single scores is told of no group with fewer than five people.
    """
    tests = _tests(engagement_id)
    test = _chosen(tests, assessment_id)
    scores = get_scores(assessment_id=test.id) if test else Scores((), ())
    people = [_score(one) for one in scores.people]
    facts = _facts(engagement_id, today, tells_money=tells_money)
    groups = [facts.about(one) for one in _grouped(people, scores.groups, _names(scores))]
    hidden = {one.key for one in groups if not names_people and _is_hidden(one)}
    shown = [one for one in groups if one.key not in hidden]
    told = [one for one in people if one.group not in hidden]
    found = assess(shown, **({"minimum": test.minimum, "highest": test.highest} if test else {}))
    return LearningView(
        tests=tests,
        test=test,
        found=found,
        standings=tuple(facts.standing(result, told) for result in found.results),
        hidden=tuple(one.name for one in groups if one.key in hidden),
        people=passing_people(told, minimum=found.minimum),
        pairs=matched(told),
        below=_below(engagement_id, scores.people, found.minimum) if names_people else (),
        names_people=names_people,
        tells_money=tells_money,
    )


def _tests(engagement_id: UUID) -> tuple[LearningTest, ...]:
    return tuple(
        LearningTest(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            kind_label=row.get_kind_display(),
            minimum=float(row.minimum),
            highest=float(row.highest),
        )
        for row in get_assessments(engagement_id=engagement_id)
    )


def _chosen(tests: Sequence[LearningTest], asked: UUID | None) -> LearningTest | None:
    if asked is not None:
        return next((test for test in tests if test.id == asked), None)
    return tests[0] if tests else None


def _score(line: PersonLine) -> PersonScore:
    return PersonScore(
        person=str(line.id),
        group=str(line.group_id or ""),
        before=float(line.before.score) if line.before else None,
        after=float(line.after.score) if line.after else None,
    )


def _names(scores: Scores) -> dict[str, str]:
    """Names by key of the groups with results, in their order."""
    there = {str(line.group_id): line.group for line in scores.people if line.group_id}
    there |= {str(line.id): line.name for line in scores.groups}
    return dict(sorted(there.items(), key=lambda one: one[1].casefold()))


def _grouped(
    people: Sequence[PersonScore], lines: Iterable[GroupLine], names: Mapping[str, str]
) -> list[GroupScores]:
    """Of a group with results of named people these count, else its score as a whole."""
    named = {one.group for one in people}
    wholes = {str(line.id): line for line in lines}
    return [
        _whole(wholes[group.key], group) if group.key not in named else group
        for group in groups_of(people, names)
    ]


def _whole(line: GroupLine, group: GroupScores) -> GroupScores:
    counts = [n for n in (line.before_people, line.after_people) if n]
    return GroupScores(
        key=group.key,
        name=group.name,
        before=float(line.before.score) if line.before else None,
        after=float(line.after.score) if line.after else None,
        n=min(counts, default=0),
    )


def _is_hidden(group: GroupScores) -> bool:
    return group.n is not None and 0 < group.n < FEWEST_PEOPLE


@dataclass(frozen=True, slots=True)
class _Facts:
    """What stands beside scores, by a group's key."""

    effort: Mapping[str, float]
    access: Mapping[str, float]
    barriers: Mapping[str, tuple[BarrierRow, ...]]
    packages: Mapping[str, int]

    def about(self, group: GroupScores) -> GroupScores:
        rows = self.barriers.get(group.key, ())
        # Named inside a sentence.
        kinds = dict.fromkeys(row.kind_label[:1].lower() + row.kind_label[1:] for row in rows)
        return GroupScores(
            key=group.key,
            name=group.name,
            before=group.before,
            after=group.after,
            n=group.n,
            effort=self.effort.get(group.key),
            access=self.access.get(group.key),
            barriers=tuple(kinds),
        )

    def standing(self, result: GroupResult, people: Iterable[PersonScore]) -> GroupStanding:
        key = result.group.key
        pairs = matched([one for one in people if one.group == key])
        return GroupStanding(
            result=result,
            group_id=UUID(key),
            barriers=self.barriers.get(key, ()),
            open_packages=self.packages.get(key, 0),
            left_out=pairs.only_before + pairs.only_after,
        )


def _facts(engagement_id: UUID, today: date, *, tells_money: bool) -> _Facts:
    barriers = get_standing_barriers(engagement_id=engagement_id, today=today)
    return _Facts(
        effort=get_spent_shares(engagement_id=engagement_id) if tells_money else {},
        access=_access(engagement_id),
        barriers={str(key): rows for key, rows in barriers.items()},
        packages=_open_packages(engagement_id),
    )


def _access(engagement_id: UUID) -> dict[str, float]:
    """The part of each group's people on the roster that has access."""
    roster = RosterEntry.objects.filter(engagement_id=engagement_id).exclude(impact_group=None)
    rows: Any = roster.order_by().values("impact_group_id")
    counts = rows.annotate(people=Count("pk"), there=Count("access_since"))
    return {str(row["impact_group_id"]): row["there"] / row["people"] for row in counts}


def _open_packages(engagement_id: UUID) -> dict[str, int]:
    open_rows = WorkPackage.objects.filter(
        plan__engagement_id=engagement_id,
        plan__what_if_of=None,
        is_summary=False,
        done_percent__lt=100,
    ).exclude(impact_group=None)
    rows: Any = open_rows.order_by().values("impact_group_id").annotate(n=Count("pk"))
    return {str(row["impact_group_id"]): row["n"] for row in rows}


def _below(engagement_id: UUID, people: Iterable[PersonLine], minimum: float) -> tuple[Below, ...]:
    """Who did not reach the standard after training: by group, the widest gap first."""
    low = [(one, one.after) for one in people if one.after and float(one.after.score) < minimum]
    roster = RosterEntry.objects.filter(
        engagement_id=engagement_id, end_user_id__in=[one.id for one, _after in low]
    )
    entries = {entry.end_user_id: entry for entry in roster}
    found = []
    for one, after in low:
        entry = entries.get(one.id)
        found.append(
            Below(
                external_id=one.external_id,
                name=one.name,
                group=one.group,
                before=float(one.before.score) if one.before else None,
                after=float(after.score),
                gap=gap(float(after.score), minimum=minimum),
                has_access=entry is not None and entry.access_since is not None,
                is_proficient=entry is not None and entry.proficient_since is not None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.group.casefold(), -one.gap, one.name)))
