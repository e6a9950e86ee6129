"""A plan as integer lists: the only form the passes see.

Node `i` is activity `i`; further nodes stand for the start or finish of a summary and for the
finish of an elapsed activity. A node has one position (the start of what is left of the
activity) and a length, so every link of any type is one number: `x[after] >= x[before] + weight`.
Whatever does not fit that form (constraints, elapsed time, hand-placed work) is a `Rule`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adoption.scheduling.axis import Axis
from adoption.scheduling.outline import Outline
from adoption.scheduling.rows import Rows, is_nothing, sooner

NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class OwnTime:
    """Minutes of work on an activity's own axis, between its start and its finish.

    `into_finish` leads from a finish that is asked for to the start that it takes.
    """

    axis: Axis
    minutes: int
    into_finish: bool = False

    def push(self, plan: Axis, instant: int) -> int:
        """When work from this instant is done; or the first start that is done no sooner."""
        count = self.axis.point_at(instant)
        if not self.into_finish:
            return self.axis.finish_instant(count + self.minutes)
        short = plan.point_at(self.axis.finish_instant(count)) < plan.point_at(instant)
        return self.axis.start_instant(count + short - self.minutes)

    def pull(self, instant: int) -> int:
        """The latest start that is done by this instant; or when work that starts then is done."""
        count = self.axis.point_at(instant)
        if self.into_finish:
            return self.axis.finish_instant(count + self.minutes)
        return self.axis.start_instant(count - self.minutes)


@dataclass(frozen=True, slots=True)
class Bend:
    """A link through clock time: `x[after] >= point(instant(x[before] + ahead) + clock) + behind`.

    `from_finish` says whether the point is read as a finish (Friday evening) or a start (Monday
    morning). A `body` joins the two ends of one elapsed activity and leaves no float between; a
    `loose` one holds only forwards. With an `own` time the instant moves on by work there.
    """

    after: int
    ahead: int
    from_finish: bool
    clock: int
    behind: int = 0
    body: bool = False
    loose: bool = False
    own: OwnTime | None = None

    @property
    def is_bent(self) -> bool:
        return self.own is not None or not is_nothing(self.clock)

    def push(self, axis: Axis, position: int) -> int:
        """The position that `after` may have at the earliest; the plan's start is never earlier."""
        point = position + self.ahead
        instant = axis.end_instant(point) if self.from_finish else axis.start_instant(point)
        instant = instant + self.clock
        if self.own is not None:
            instant = self.own.push(axis, instant)
        return axis.point_at(instant) + self.behind

    def pull(self, axis: Axis, position: int) -> int:
        instant = axis.start_instant(position - self.behind)
        if self.own is not None:
            instant = self.own.pull(instant)
        return axis.point_at(instant - self.clock) - self.ahead


@dataclass(slots=True)
class Rule:
    """What a node does beside its plain links.

    `fixed`/`fixed_late` override the logic on either pass; `cap` pulls a position earlier but not
    before `floor`; `members` makes it the earliest of them; `loose` links hold only forwards.
    A relay stands for no work of its own and passes on the room its followers leave. With an
    `own` axis a position moves on to the next minute that is worked there.
    """

    fixed: int | None = None
    fixed_late: int | None = None
    cap: int | None = None
    floor: int = -NEVER
    members: list[int] | None = None
    bends: list[Bend] = field(default_factory=list)
    loose: list[tuple[int, int]] = field(default_factory=list)
    is_relay: bool = False
    own: Axis | None = None

    def snapped(self, plan: Axis, position: int) -> int:
        """The position at which work on the own axis can begin."""
        if self.own is None:
            return position
        count = self.own.point_at(plan.start_instant(position))
        return plan.point_at(self.own.start_instant(count))

    def first_of(self, positions: Sequence[int]) -> list[int]:
        """The members that decide an earliest-of; none when work already begun does."""
        first = min((positions[member] for member in self.members or ()), default=NEVER)
        if self.cap is not None and first >= self.cap:
            return []
        return [member for member in self.members or () if positions[member] == first]


@dataclass(slots=True)
class Network:
    """Lists by node. `floor` is the earliest position, `limits` the latest ones asked for.

    `out` alternates following nodes and weights in one flat list a node: half the memory of
    pairs, and nothing for the garbage collector to walk. `waiting` counts what a node waits for.
    `began` and `ended` hold the points of actual starts and finishes by activity; `finish_of`
    names the node whose position plus length is an activity's finish. `settled` links start at
    work already done: (before, after node, the earliest position they allow). `spread` holds what
    is left of an activity where that is a row of numbers, `own` the axis of an activity that has
    a calendar of its own.
    """

    axis: Axis
    start: datetime
    outline: Outline
    length: list[int]
    floor: list[int]
    out: list[list[int]]
    waiting: list[int]
    rules: dict[int, Rule]
    owner: list[int]
    finish_of: list[int]
    leaves: list[int]
    limits: dict[int, int] = field(default_factory=dict)
    began: dict[int, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    settled: list[tuple[int, int, int]] = field(default_factory=list)
    spread: Rows = field(default_factory=dict)
    own: dict[int, Axis] = field(default_factory=dict)
    # By the identity of the calendar: a plan has many activities and few calendars.
    own_axes: dict[int, Axis] = field(default_factory=dict)

    def left_of(self, i: int) -> int:
        """What is left of an activity: its own minutes, or the row of a simulation."""
        return self.spread[i] if i in self.spread else self.outline.activities[i].left

    def time_of(self, i: int, *, into_finish: bool) -> tuple[int, OwnTime | None]:
        """Between the ends of an activity whose finish is a node: minutes of the clock, or its
        own time; towards the start they are taken off."""
        left = self.left_of(i)
        if i in self.own:
            return 0, OwnTime(self.own[i], left, into_finish)
        return (-left if into_finish else left), None

    def rule(self, node: int) -> Rule:
        return self.rules.setdefault(node, Rule())

    def add_node(self, owner: int, floor: int = -NEVER) -> int:
        """A node without length, standing for one end of an activity."""
        node = len(self.length)
        self.length.append(0)
        self.floor.append(floor)
        self.out.append([])
        self.waiting.append(0)
        self.owner.append(owner)
        return node

    def join(self, before: int, after: int, weight: int) -> None:
        self.out[before] += (after, weight)
        self.waiting[after] += 1

    def join_loosely(self, before: int, after: int, weight: int) -> None:
        self.rule(before).loose.append((after, weight))
        self.waiting[after] += 1

    def bend(self, before: int, bend: Bend) -> None:
        self.rule(before).bends.append(bend)
        self.waiting[bend.after] += 1

    def limit(self, node: int, latest: int) -> None:
        """A deadline or constraint: the node should be no later than this."""
        self.limits[node] = sooner(self.limits.get(node, NEVER), latest)

    def links_of(self, node: int) -> Iterator[tuple[int, int]]:
        """Plain links of a node: (after, weight)."""
        flat = iter(self.out[node])
        return zip(flat, flat, strict=True)

    def after(self, node: int) -> list[int]:
        """Every node that waits for this one, however it is joined."""
        rule = self.rules.get(node)
        joined = self.out[node][::2]
        if rule is None:
            return joined
        return joined + [after for after, _ in rule.loose] + [bend.after for bend in rule.bends]
