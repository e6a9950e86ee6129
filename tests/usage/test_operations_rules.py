"""Rules of the workspace and first value of an engagement: each change a version of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tenancy.models import AuditEntry
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast
from usage.models import UsageRules
from usage.numbers.activation import FirstValue, Start
from usage.numbers.roster import EVERY_DAY, OFFICE
from usage.numbers.rules import AgreedFirstValue, Rules
from usage.operations import agree_first_value, set_rules
from usage.queries import get_first_value, get_rules, get_rules_by_version


@pytest.fixture
def scoped(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


def test_rules_hold_from_their_version_on_and_earlier_ones_are_kept(scoped: Cast) -> None:
    assert get_rules() == Rules()
    assert Rules().pattern == EVERY_DAY
    set_rules(fields={"deep_days": 8, "habit_percent": 40}, by=scoped.admin)
    made = set_rules(fields={"with_weekends": False, "alarm_percent": 30}, by=scoped.admin)
    now = get_rules()
    assert (now.version, now.deep_days, now.habit.share, now.alarm.fall) == (2, 8, 0.4, 0.3)
    assert now.pattern == OFFICE
    assert get_rules_by_version()[1].with_weekends
    entry = AuditEntry.objects.order_by("-seq").first()
    assert entry is not None
    assert entry.facts["with_weekends"] == [True, False]
    assert set_rules(fields={"deep_days": 8}, by=scoped.admin).version == made.version
    assert UsageRules.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"window": 6}, "window"),
        ({"window": 7, "deep_days": 8}, "deep_days"),
        ({"window": 7, "deep_days": 7, "adopted_weeks": 2}, "adopted_weeks"),
        ({"adopted_days": 2, "adopted_weeks": 3}, "adopted_weeks"),
        ({"habit_weeks": 5}, "habit_weeks"),
    ],
)
def test_rules_no_window_can_hold_are_refused(
    scoped: Cast, fields: dict[str, Any], place: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        set_rules(fields=fields, by=scoped.admin)
    assert place in refusal.value.message_dict
    assert get_rules().version == 0


def test_an_engagement_agrees_to_its_first_value(scoped: Cast) -> None:
    engagement = scoped.engagement
    assert get_first_value(engagement_id=engagement.pk) == AgreedFirstValue()
    fields = {"feature": " reports ", "uses": 3, "within_days": 30, "start": "kickoff"}
    agree_first_value(engagement=engagement, fields=fields)
    agreed = get_first_value(engagement_id=engagement.pk)
    assert agreed == AgreedFirstValue("reports", 3, 30, Start.KICKOFF, 1)
    assert agreed.counted({"reports": 7}) == FirstValue(7, 3)
    assert agreed.counted({}) == FirstValue(-1, 3)
    assert agree_first_value(engagement=engagement, fields=fields).version == 1
    assert agree_first_value(engagement=engagement, fields={"uses": 1}).version == 2
    with pytest.raises(ValidationError):
        agree_first_value(engagement=engagement, fields={"within_days": 0})


def test_the_customers_side_reads_the_rules_its_numbers_follow(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        set_rules(fields={"window": 30}, by=cast.admin)
        agree_first_value(engagement=cast.engagement, fields={"uses": 2})
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert get_rules().window == 30
        assert get_first_value(engagement_id=cast.engagement.pk).uses == 2
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.second_customer.pk):
        assert get_first_value(engagement_id=cast.engagement.pk) == AgreedFirstValue()
