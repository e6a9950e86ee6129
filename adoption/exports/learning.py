"""Tests, their results and barriers as spreadsheets."""

from collections.abc import Iterable

from adoption.queries.assessments import AssessmentRow, GroupLine, PersonLine, Scores, Taken
from adoption.queries.barriers import BarrierList
from rendering.spreadsheets import write_table

ASSESSMENTS = (
    *("test", "kind", "impact_group", "highest", "minimum", "work_package"),
    *("people_before", "people_after", "last_result"),
)
# As the import reads them back.
SCORES = ("external_id", "name", "impact_group", "people", "stage", "score", "day")
BARRIERS = (
    *("kind", "effect", "impact_groups", "since", "severity", "owner", "work_package"),
    *("due", "overdue", "state", "removed", "what_removed_it"),
)


def assessments_csv(rows: Iterable[AssessmentRow]) -> bytes:
    """One line a test."""
    return write_table(
        ASSESSMENTS,
        (
            (
                row.name,
                row.kind_label,
                row.group,
                row.highest,
                row.minimum,
                row.package,
                row.before,
                row.after,
                row.last_date,
            )
            for row in rows
        ),
    )


def scores_csv(scores: Scores) -> bytes:
    """One line a result that counts: people first, then groups."""
    return write_table(SCORES, (*_of_people(scores.people), *_of_groups(scores.groups)))


def _of_people(people: Iterable[PersonLine]) -> Iterable[list[object]]:
    for one in people:
        for stage, taken in _stages(one.before, one.after):
            yield [one.external_id, one.name, one.group, "", stage, taken.score, taken.day]


def _of_groups(groups: Iterable[GroupLine]) -> Iterable[list[object]]:
    for one in groups:
        counts = {"before": one.before_people, "after": one.after_people}
        for stage, taken in _stages(one.before, one.after):
            yield ["", "", one.name, counts[stage], stage, taken.score, taken.day]


def _stages(before: Taken | None, after: Taken | None) -> list[tuple[str, Taken]]:
    return [(stage, one) for stage, one in (("before", before), ("after", after)) if one]


def barriers_csv(found: BarrierList) -> bytes:
    """The register as it is shown."""
    return write_table(
        BARRIERS,
        (
            (
                row.kind,
                row.effect,
                row.group_names,
                row.since_date,
                row.severity,
                row.owner,
                row.package,
                row.due_date,
                "yes" if row.overdue else "no",
                row.state,
                row.removed_date,
                row.removed_how,
            )
            for row in found.rows
        ),
    )
