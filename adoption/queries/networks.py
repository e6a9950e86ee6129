"""The network of a plan: steps, what each needs, and the path that sets the finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adoption.models import Plan
from adoption.queries.joins import Join, joins_of, path_behind
from adoption.queries.reasons import Why, reasons_for
from adoption.queries.stored import StoredRow, StoredSchedule, get_schedule
from adoption.scheduling import Schedule

# So many circles are readable at once; a larger plan opens at the finest level that has fewer.
READABLE = 150
# In place of a level: the open critical and near-critical steps alone.
PATH = -1


@dataclass(frozen=True, slots=True)
class NetworkStep:
    """A circle: a work package, or a summary that stands for all below it.

    `state` is done, critical, near or todo. Float is in working days, against the plan's finish
    or against the step chosen with `to`. `needs` are the outline numbers of what leads to it.
    """

    id: UUID
    outline: str
    name: str
    is_summary: bool
    is_milestone: bool
    days: float
    days_left: float
    start: datetime
    finish: datetime
    float_days: float
    state: str
    ends: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkJoin:
    """An arrow. `days` is what is left of the step it leaves, its whole length when done."""

    before: UUID
    after: UUID
    type: str
    days: float
    is_left: bool
    lag_days: float
    elapsed: bool
    critical: bool
    past: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A step one may ask the path to."""

    id: UUID
    outline: str
    name: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """What page, drawing and CSV share. `way` is the open critical path in order; `levels` are
    the depths one can fold to, `level` the one shown, 0 for all."""

    plan_id: UUID
    finish: datetime
    scheduled_at: datetime
    status_at: datetime | None
    steps: tuple[NetworkStep, ...]
    joins: tuple[NetworkJoin, ...]
    way: tuple[NetworkStep, ...]
    levels: tuple[int, ...]
    level: int
    within: float
    to: Choice | None
    milestones: tuple[Choice, ...]
    why: Why | None

    def count(self, state: str) -> int:
        return sum(step.state == state for step in self.steps)

    @property
    def unlinked(self) -> int:
        """Steps without any arrow: nothing is known of what they wait for."""
        linked = {end for join in self.joins for end in (join.before, join.after)}
        return sum(step.id not in linked for step in self.steps)


def get_network(
    *,
    engagement_id: UUID,
    level: int | None = None,
    to: UUID | None = None,
    within: float = 0,
    why: UUID | None = None,
) -> NetworkView | None:
    """The network of an engagement's plan, or None without one.

    `level` folds everything deeper into its summary (0 nothing, PATH shows only the open critical
    and near-critical steps), None chooses by size; `to` shows only what
    leads to a step, with float against it; `within` is the float in working days up to which a
    step is near critical; `why` asks for the reasons of one step. Ids that are not in the plan
    count as not asked.
    """
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    return _Reader(get_schedule(plan=plan), to=to, within=within).view(level=level, why=why)


class _Reader:
    """Turns a schedule into a view, step by step; numbers are the schedule's activity numbers."""

    def __init__(self, stored: StoredSchedule, *, to: UUID | None, within: float) -> None:
        self.stored = stored
        self.schedule: Schedule = stored.schedule
        self.outline = stored.schedule.network.outline
        self.day = self.schedule.plan.calendar.day_minutes
        self.within = within
        self.number = {row.pk: i for i, row in enumerate(stored.rows)}
        self.to = self.number.get(to) if to is not None else None
        if self.to is not None and not self.outline.is_leaf(self.to):
            self.to = None
        self.slack = self._slack()
        self.all_joins = joins_of(self.schedule)
        self.leaves = self._leaves()
        self.behind = path_behind(self.schedule, self.all_joins)

    def _slack(self) -> dict[int, int]:
        """Float in minutes of every open leaf that matters here."""
        if self.to is None:
            network, columns = self.schedule.network, self.schedule.columns
            return {i: columns.total_float[i] for i in network.leaves if i not in network.ended}
        goal = self.stored.rows[self.to]
        found = self.schedule.slack_to(str(goal.pk))
        slack = {self.outline.index[key]: minutes for key, minutes in found.items()}
        return slack if self.to in self.schedule.network.ended else {**slack, self.to: 0}

    def _leaves(self) -> list[int]:
        """All leaves; with a goal those from which it is reached."""
        leaves = self.schedule.network.leaves
        if self.to is None:
            return leaves
        before: dict[int, list[int]] = {}
        for join in self.all_joins:
            before.setdefault(join.after, []).append(join.before)
        reached, waiting = {self.to}, [self.to]
        while waiting:
            for i in before.get(waiting.pop(), []):
                if i not in reached:
                    reached.add(i)
                    waiting.append(i)
        return [i for i in leaves if i in reached]

    def view(self, *, level: int | None, why: UUID | None) -> NetworkView:
        plan, levels = self.stored.plan, self._levels()
        chosen = level if level in (0, PATH, *levels) else self._level(levels)
        shown = self._shown(chosen)
        joins = self._joins(shown)
        steps = self._steps(shown, joins)
        by_id = {step.id: step for step in steps}
        asked = self.number.get(why) if why is not None else None
        return NetworkView(
            plan_id=plan.pk,
            finish=plan.finish,
            scheduled_at=plan.scheduled_at,
            status_at=plan.status_at,
            steps=steps,
            joins=joins,
            way=_way(steps, joins, by_id),
            levels=levels,
            level=chosen,
            within=self.within,
            to=None if self.to is None else _choice(self.stored.rows[self.to]),
            milestones=self._milestones(),
            why=None if asked is None else reasons_for(self.stored, asked, self.all_joins),
        )

    def _levels(self) -> tuple[int, ...]:
        deepest = max((self.stored.rows[i].level for i in self.leaves), default=1)
        return tuple(range(1, deepest))

    def _level(self, levels: Sequence[int]) -> int:
        """All when readable, else the finest level with few enough circles, else the path."""
        if len(self.leaves) <= READABLE:
            return 0
        fitting = [one for one in levels if len(set(self._shown(one).values())) <= READABLE]
        return max(fitting, default=PATH)

    def _shown(self, level: int) -> dict[int, int]:
        """For every leaf the row it is shown as: itself, or the summary it is folded into."""
        if level == PATH:
            most = max(self.schedule.plan.critical_float, self.within * self.day)
            return {i: i for i in self.leaves if i in self.slack and self.slack[i] <= most}
        shown = {}
        for leaf in self.leaves:
            row = leaf
            while level and self.stored.rows[row].level > level and row in self.outline.parent:
                row = self.outline.parent[row]
            shown[leaf] = row
        return shown

    def _joins(self, shown: Mapping[int, int]) -> tuple[NetworkJoin, ...]:
        found: dict[tuple[int, int], NetworkJoin] = {}
        for join in self.all_joins:
            if join.before not in shown or join.after not in shown:
                continue
            ends = shown[join.before], shown[join.after]
            if ends[0] != ends[1]:
                made = self._join(join, *ends)
                found[ends] = _stronger(found[ends], made) if ends in found else made
        return tuple(found.values())

    def _join(self, join: Join, before: int, after: int) -> NetworkJoin:
        folded = (before, after) != (join.before, join.after)
        rows = self.stored.rows
        return NetworkJoin(
            before=rows[before].pk,
            after=rows[after].pk,
            type="" if folded else join.type.value,
            days=self._left(before) or self._days(before),
            is_left=0 < self._left(before) < self._days(before),
            lag_days=0.0 if folded else join.lag / (1440 if join.elapsed else self.day),
            elapsed=join.elapsed,
            critical=join.tight
            and self._is_critical(join.before)
            and self._is_critical(join.after),
            past=(join.before, join.after) in self.behind,
        )

    def _is_critical(self, leaf: int) -> bool:
        slack = self.slack.get(leaf)
        return slack is not None and slack <= self.schedule.plan.critical_float

    def _steps(
        self, shown: Mapping[int, int], joins: Sequence[NetworkJoin]
    ) -> tuple[NetworkStep, ...]:
        leaves: dict[int, list[int]] = {}
        for leaf, row in shown.items():
            leaves.setdefault(row, []).append(leaf)
        needs: dict[UUID, list[int]] = {}
        for join in joins:
            needs.setdefault(join.after, []).append(self.number[join.before])
        return tuple(self._step(i, leaves[i], needs) for i in sorted(leaves))

    def _step(
        self, i: int, leaves: Sequence[int], needs: Mapping[UUID, Sequence[int]]
    ) -> NetworkStep:
        row = self.stored.rows[i]
        slack = [self.slack[leaf] for leaf in leaves if leaf in self.slack]
        state = self._state(slack)
        last = self.schedule.finish_point if self.to is None else None
        return NetworkStep(
            id=row.pk,
            outline=row.outline,
            name=row.name,
            is_summary=row.is_summary,
            is_milestone=row.duration == 0 and not row.is_summary,
            days=self._days(i),
            days_left=self._left(i),
            start=row.start,
            finish=row.finish,
            float_days=min(slack, default=0) / self.day,
            state=state,
            ends=self.to in leaves
            or (
                state == "critical"
                and last in [self.schedule.columns.early_finish[leaf] for leaf in leaves]
            ),
            needs=tuple(self.stored.rows[one].outline for one in sorted(needs.get(row.pk, ()))),
        )

    def _state(self, slack: Sequence[int]) -> str:
        if not slack:
            return "done"
        if min(slack) <= self.schedule.plan.critical_float:
            return "critical"
        return "near" if min(slack) <= self.within * self.day else "todo"

    def _days(self, i: int) -> float:
        """Working days of a step; of a summary from its first start to its last finish."""
        row = self.stored.rows[i]
        if not row.is_summary:
            return row.duration / (1440 if row.elapsed else self.day)
        point = self.schedule.axis.point
        return (point(row.finish) - point(row.start)) / self.day

    def _left(self, i: int) -> float:
        row = self.stored.rows[i]
        if row.is_summary:
            return 0.0
        return self.outline.activities[i].left / (1440 if row.elapsed else self.day)

    def _milestones(self) -> tuple[Choice, ...]:
        rows = self.stored.rows
        return tuple(
            _choice(rows[i]) for i in self.schedule.network.leaves if rows[i].duration == 0
        )


def _choice(row: StoredRow) -> Choice:
    return Choice(row.pk, row.outline, row.name)


def _stronger(one: NetworkJoin, other: NetworkJoin) -> NetworkJoin:
    """Of two arrows between the same circles the one that says more."""
    return max(one, other, key=lambda join: (join.critical, join.past, join.days + join.lag_days))


def _way(
    steps: Sequence[NetworkStep], joins: Sequence[NetworkJoin], by_id: Mapping[UUID, NetworkStep]
) -> tuple[NetworkStep, ...]:
    """One way along critical arrows to the end, walked from the end backwards."""
    open_steps = [step for step in steps if step.state == "critical"]
    into: dict[UUID, list[NetworkStep]] = {}
    for join in joins:
        if join.critical:
            into.setdefault(join.after, []).append(by_id[join.before])
    ends = [step for step in open_steps if step.ends] or open_steps
    if not ends:
        return ()
    way = [max(ends, key=lambda step: (step.finish, step.outline))]
    while before := [step for step in into.get(way[-1].id, ()) if step not in way]:
        way.append(max(before, key=lambda step: (step.finish, step.days_left)))
    return tuple(reversed(way))
