"""Tasks and their links as rows in outline order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from adoption.adapters.limits import CENTURY, check_rows, without_repeats
from adoption.adapters.mspdi.own import Own
from adoption.adapters.mspdi.people import People
from adoption.adapters.mspdi.records import Record
from adoption.adapters.mspdi.values import (
    is_elapsed,
    is_percent,
    minutes_of,
    moment_of,
    number_of,
)
from adoption.adapters.outlining import numbers_of, parents_by_level
from adoption.adapters.planfile import USUAL_PRIORITY, PlanRow, StoredResult, UnreadablePlan
from adoption.scheduling import ConstraintType, Link, LinkType
from rendering.sentences import sentence

CONSTRAINTS = (
    ConstraintType.ASAP,
    ConstraintType.ALAP,
    ConstraintType.MSO,
    ConstraintType.MFO,
    ConstraintType.SNET,
    ConstraintType.SNLT,
    ConstraintType.FNET,
    ConstraintType.FNLT,
)
LINK_TYPES = (LinkType.FF, LinkType.FS, LinkType.SF, LinkType.SS)
_TENTHS = 10
_NAME_LENGTH = 500


def name_of(task: Record) -> str:
    return " ".join(task.get("Name").split())[:_NAME_LENGTH] or "Without a name"


def where_is(task: Record) -> str:
    return sentence(
        "“%(name)s” (task %(uid)s, line %(line)s)",
        name=name_of(task),
        uid=task.get("UID") or "?",
        line=task.line,
    )


def read_rows(
    tasks: list[Record],
    people: People,
    assigned: Mapping[str, list[Record]],
    own: Own,
    warnings: list[str],
) -> tuple[PlanRow, ...]:
    """Rows of all tasks that count. Raises UnreadablePlan naming the task."""
    levels = [number_of(task.get("OutlineLevel"), where_is(task), 1) for task in tasks]
    parents = parents_by_level(levels)
    numbers = numbers_of(parents)
    summaries = set(parents)
    uids = own.uids(tasks)
    rows = []
    for i, task in enumerate(tasks):
        row = _read_row(task, task.get("OutlineNumber") or numbers[i], i in summaries, warnings)
        parent = uids[parents[i]] if parents[i] >= 0 else None
        who = assigned.get(row.uid, [])
        row = replace(row, uid=uids[i], parent=parent, resources=people.owners(task, who))
        row = _with_progress(replace(row, needs=people.needs(who)), task)
        rows.append(own.put_on(row, task, where_is(task), warnings))
    check_rows(rows)
    return tuple(rows)


def _read_row(task: Record, outline: str, is_summary: bool, warnings: list[str]) -> PlanRow:
    where = where_is(task)
    constraint, constraint_at = _constraint(task, where, warnings)
    code = number_of(task.get("DurationFormat"), where)
    return PlanRow(
        uid=task.get("UID"),
        outline=outline,
        name=name_of(task),
        level=outline.count(".") + 1,
        summary=is_summary,
        duration=_duration(task, where, is_summary, warnings),
        elapsed=is_elapsed(code) and not is_summary,
        manual=task.get("Manual") == "1",
        effort=_effort(task, where),
        constraint=constraint,
        constraint_at=constraint_at,
        deadline_at=moment_of(task.get("Deadline"), where),
        notes=task.get("Notes"),
        priority=_priority(task, where),
        stored=_stored(task, where),
        line=task.line,
    )


def _with_progress(row: PlanRow, task: Record) -> PlanRow:
    where = where_is(task)
    left = task.get("RemainingDuration")
    return replace(
        row,
        percent=min(100, max(0, number_of(task.get("PercentComplete"), where))),
        actual_start=moment_of(task.get("ActualStart"), where),
        actual_finish=moment_of(task.get("ActualFinish"), where),
        remaining=max(0, minutes_of(left, where)) if left else None,
    )


def _priority(task: Record, where: str) -> int:
    return min(1000, max(0, number_of(task.get("Priority"), where, USUAL_PRIORITY)))


def _effort(task: Record, where: str) -> int | None:
    """Planned work; many people together may well work longer than a century."""
    text = task.get("Work")
    return max(0, minutes_of(text, where, longest=20 * CENTURY)) or None if text else None


def _duration(task: Record, where: str, is_summary: bool, warnings: list[str]) -> int:
    text = task.get("Duration")
    if not text:
        if not is_summary and task.get("Milestone") != "1":
            warnings.append(
                sentence("%(where)s has no duration; it is read as a milestone.", where=where)
            )
        return 0
    minutes = minutes_of(text, where)
    if minutes < 0:
        raise UnreadablePlan(
            sentence(
                "%(where)s: it lasts less than nothing (%(text)s).", where=where, text=text[:40]
            )
        )
    return minutes


def _constraint(
    task: Record, where: str, warnings: list[str]
) -> tuple[ConstraintType, datetime | None]:
    code = number_of(task.get("ConstraintType"), where)
    if not 0 <= code < len(CONSTRAINTS):
        warnings.append(
            sentence(
                "%(where)s: the constraint type %(code)s is unknown and is left out.",
                where=where,
                code=code,
            )
        )
        return ConstraintType.ASAP, None
    constraint = CONSTRAINTS[code]
    if not constraint.needs_date:
        return constraint, None
    moment = moment_of(task.get("ConstraintDate"), where)
    if moment is None:
        warnings.append(
            sentence(
                "%(where)s: the constraint %(constraint)s has no date and is left out.",
                where=where,
                constraint=constraint.value,
            )
        )
        return ConstraintType.ASAP, None
    return constraint, moment


def _stored(task: Record, where: str) -> StoredResult:
    return StoredResult(
        start=moment_of(task.get("Start"), where),
        finish=moment_of(task.get("Finish"), where),
        early_start=moment_of(task.get("EarlyStart"), where),
        early_finish=moment_of(task.get("EarlyFinish"), where),
        late_start=moment_of(task.get("LateStart"), where),
        late_finish=moment_of(task.get("LateFinish"), where),
        total_float=number_of(task.get("TotalSlack"), where) // _TENTHS,
        free_float=number_of(task.get("FreeSlack"), where) // _TENTHS,
        critical=task.get("Critical") == "1",
    )


def read_links(
    tasks: list[Record], rows: tuple[PlanRow, ...], left_out: set[str], warnings: list[str]
) -> tuple[Link, ...]:
    """Links between rows. Raises UnreadablePlan for one to a task the file does not have."""
    by_uid = {task.get("UID"): row for task, row in zip(tasks, rows, strict=True)}
    links: list[Link] = []
    for task, row in zip(tasks, rows, strict=True):
        where = ""
        for record in task.groups.get("PredecessorLink", ()):
            where = where or where_is(task)
            before = record.get("PredecessorUID")
            if before in by_uid:
                links.append(_read_link(record, by_uid[before], row.uid, where))
            elif before in left_out or record.get("CrossProject") == "1":
                warnings.append(
                    sentence(
                        "%(where)s: its link to task %(before)s, which is left out, is dropped.",
                        where=where,
                        before=before,
                    )
                )
            else:
                raise UnreadablePlan(
                    sentence(
                        "%(where)s waits for task %(before)s, which is not in the file.",
                        where=where,
                        before=before or "?",
                    )
                )
    return without_repeats(links, warnings)


def _read_link(record: Record, before: PlanRow, after: str, where: str) -> Link:
    kind = number_of(record.get("Type"), where, 1)
    if not 0 <= kind < len(LINK_TYPES):
        raise UnreadablePlan(
            sentence(
                "%(where)s: its link to task %(uid)s has the unknown type %(kind)s.",
                where=where,
                uid=before.uid,
                kind=kind,
            )
        )
    code = number_of(record.get("LagFormat"), where)
    lag = number_of(record.get("LinkLag"), where)
    if abs(lag) > CENTURY * _TENTHS:
        raise UnreadablePlan(
            sentence(
                "%(where)s: its lag after task %(uid)s is longer than a century.",
                where=where,
                uid=before.uid,
            )
        )
    minutes = round(before.duration * lag / 100) if is_percent(code) else int(lag / _TENTHS)
    return Link(before.uid, after, LINK_TYPES[kind], minutes, is_elapsed(code))
