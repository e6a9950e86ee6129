"""Reads of hypercare: the days after go-live, with a team and money of their own."""

from dataclasses import dataclass
from datetime import date

from engagements.models import CostEntry, Engagement
from engagements.queries.budgets import Budget, BudgetRow, get_budget
from engagements.queries.engagements import steps_of
from engagements.queries.rosters import TeamView, get_team
from engagements.staffing import Profile

LATEST_COSTS = 10


@dataclass(frozen=True, slots=True)
class Hypercare:
    """The window from go-live on, who is there in it, and what its reserve has left.

    `state` is done, now or ahead, as the stepper has it. Days count both ends.
    """

    state: str
    starts: date | None
    ends: date | None
    today: date
    team: TeamView
    present: int
    # None for those who may not see money.
    money: Budget | None
    costs: tuple[CostEntry, ...]

    @property
    def is_dated(self) -> bool:
        return self.starts is not None and self.ends is not None

    @property
    def days_left(self) -> int | None:
        """Days until it ends, today included; None without a window, 0 once it is over."""
        if self.ends is None:
            return None
        return max(0, (self.ends - self.today).days + 1)

    @property
    def days_until(self) -> int | None:
        """Days until go-live, when that lies ahead."""
        if self.starts is None or self.starts <= self.today:
            return None
        return (self.starts - self.today).days

    @property
    def reserve(self) -> tuple[BudgetRow, ...]:
        return tuple(row for row in self.money.rows if row.is_reserve) if self.money else ()


def get_hypercare(*, engagement: Engagement, today: date, with_money: bool) -> Hypercare:
    step = next(step for step in steps_of(engagement, today) if step.key == "hypercare")
    team = get_team(engagement_id=engagement.pk, profile=Profile.HYPERCARE, today=today)
    return Hypercare(
        state=step.state,
        starts=engagement.go_live_date,
        ends=engagement.hypercare_end_date,
        today=today,
        team=team,
        present=sum(member.is_there(today) for member in team.members),
        money=get_budget(engagement=engagement, today=today) if with_money else None,
        costs=_costs(engagement) if with_money else (),
    )


def _costs(engagement: Engagement) -> tuple[CostEntry, ...]:
    """The latest costs on the lines of the reserve."""
    lines = engagement.budget_lines.filter(category__in=engagement.budget_lines.model.RESERVE)
    found = CostEntry.objects.filter(line__in=lines).select_related("line")
    return tuple(found.order_by("-day", "-id")[:LATEST_COSTS])
