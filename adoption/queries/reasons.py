"""Why a step is where it is: what holds it there, and what it holds in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from adoption.queries.joins import Join
from adoption.queries.stored import StoredSchedule


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that holds a step: `link` (to another step, by type and lag), or the step's own
    `done`, `running`, `away` (until all it needs is there), `constraint`, `status` or `start` (of
    the plan). `rest`: the step has begun already, so the link holds what is left of it."""

    kind: str
    id: UUID | None = None
    outline: str = ""
    name: str = ""
    type: str = ""
    lag_days: float = 0
    elapsed: bool = False
    at: datetime | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """A step with its reasons, what else it waits for, and what waits for it."""

    id: UUID
    outline: str
    name: str
    start: datetime
    finish: datetime
    float_days: float
    critical: bool
    done: bool
    reasons: tuple[Reason, ...]
    also_needs: tuple[Reason, ...]
    followers: tuple[Reason, ...]


def reasons_for(stored: StoredSchedule, i: int, joins: Sequence[Join]) -> Why:
    """Why the row of this number is where it is; a summary has no reasons of its own."""
    row, day = stored.rows[i], stored.schedule.plan.calendar.day_minutes
    into = sorted((join for join in joins if join.after == i), key=lambda join: join.before)
    out = sorted((join for join in joins if join.before == i), key=lambda join: join.after)
    tight = [
        replace(_link(stored, join, join.before), rest=_is_rest(stored, join))
        for join in into
        if join.tight
    ]
    return Why(
        id=row.pk,
        outline=row.outline,
        name=row.name,
        start=row.start,
        finish=row.finish,
        float_days=row.total_float / day,
        critical=row.critical and row.done_percent < 100,
        done=row.done_percent >= 100,
        reasons=(*(tight or _own(stored, i)), *_away(stored, i)),
        also_needs=tuple(_link(stored, join, join.before) for join in into if not join.tight),
        followers=tuple(_link(stored, join, join.after) for join in out),
    )


def _is_rest(stored: StoredSchedule, join: Join) -> bool:
    """Whether a step began before what it waits for came to pass."""
    row, other = stored.rows[join.after], stored.rows[join.before]
    if row.actual_start is None or row.actual_finish is not None or other.done_percent >= 100:
        return False
    return join.type.value == "FS" or other.actual_start is None


def _link(stored: StoredSchedule, join: Join, other: int) -> Reason:
    row, day = stored.rows[other], stored.schedule.plan.calendar.day_minutes
    lag = join.lag / (1440 if join.elapsed else day)
    return Reason(
        "link", row.pk, row.outline, row.name, join.type.value, lag, join.elapsed, row.finish
    )


def _away(stored: StoredSchedule, i: int) -> Sequence[Reason]:
    """That a step waits for the first time at which all it needs is there."""
    network, schedule = stored.schedule.network, stored.schedule
    if i not in network.own or i in network.began:
        return ()
    own, axis, position = network.own[i], schedule.axis, schedule.positions[i]
    worked = own.point_at(axis.start_instant(position - 1))
    if worked < own.point_at(axis.start_instant(position)):
        return ()
    return (Reason("away", at=axis.begins(position)),)


def _own(stored: StoredSchedule, i: int) -> Sequence[Reason]:
    """What holds a step that no other step holds."""
    row, schedule = stored.rows[i], stored.schedule
    if row.is_summary:
        return ()
    if row.actual_finish is not None:
        return (Reason("done", at=row.actual_finish),)
    if row.actual_start is not None:
        return (Reason("running", at=row.actual_start),)
    if row.constraint_at is not None:
        return (Reason("constraint", type=row.constraint, at=row.constraint_at),)
    status = schedule.plan.status_at
    if status is not None and schedule.positions[i] == max(0, schedule.axis.point(status)):
        return (Reason("status", at=status),)
    return (Reason("start", at=schedule.plan.start),)
