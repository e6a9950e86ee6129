"""The rules numbers follow: the workspace's, and what an engagement calls first value."""

from __future__ import annotations

from uuid import UUID

from usage.models import FirstValueRule, UsageRules
from usage.numbers.activation import Start
from usage.numbers.features import Adopted
from usage.numbers.habits import HabitRule
from usage.numbers.rules import AgreedFirstValue, Rules
from usage.numbers.sustain import Alarm


def get_rules() -> Rules:
    """The workspace's newest rules; the usual ones where it never made any."""
    row = UsageRules.objects.first()
    return Rules() if row is None else _rules(row)


def get_rules_by_version() -> dict[int, Rules]:
    """Every version there ever was, the usual rules as 0."""
    return {0: Rules()} | {row.version: _rules(row) for row in UsageRules.objects.all()}


def get_first_value(*, engagement_id: UUID) -> AgreedFirstValue:
    """What the engagement agreed to; any use within two weeks where it agreed to nothing."""
    row = FirstValueRule.objects.filter(engagement_id=engagement_id).first()
    if row is None:
        return AgreedFirstValue()
    return AgreedFirstValue(
        feature=row.feature,
        uses=row.uses,
        within=row.within_days,
        start=Start(row.start),
        version=row.version,
    )


def _rules(row: UsageRules) -> Rules:
    return Rules(
        version=row.version,
        window=row.window,
        with_weekends=row.with_weekends,
        adopted=Adopted(row.adopted_days, row.adopted_weeks),
        deep_days=row.deep_days,
        habit=HabitRule(row.habit_weeks, row.habit_percent / 100),
        alarm=Alarm(row.alarm_percent / 100, row.alarm_users),
    )
