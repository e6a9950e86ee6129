"""Changes to the rules numbers follow. The next night counts by the new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from people.models import User
from tenancy.audit import record
from tenancy.scope import current_tenant_id
from usage.models import FirstValueRule, UsageRules

RULE_FIELDS = (
    *("window", "with_weekends", "adopted_days", "adopted_weeks", "deep_days"),
    *("habit_weeks", "habit_percent", "alarm_percent", "alarm_users"),
)
FIRST_VALUE_FIELDS = ("feature", "uses", "within_days", "start")
LOCK = "SELECT pg_advisory_xact_lock(hashtext('usage.rules'), hashtext(%s))"
WEEK_DAYS = 7


@transaction.atomic
def set_rules(*, fields: Mapping[str, Any], by: User | None) -> UsageRules:
    """A new version of the workspace's rules; those not given stay as they were. Where nothing
    changes there is no new version. Raises ValidationError, keyed by field.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(current_tenant_id())])
    before = UsageRules.objects.first() or UsageRules(version=0)
    was = {name: getattr(before, name) for name in RULE_FIELDS}
    made = UsageRules(**(was | dict(fields)), version=before.version + 1, created_by=by)
    made.clean_fields(exclude={"tenant", "created_by"})
    _check(made)
    changed = {n: [was[n], getattr(made, n)] for n in RULE_FIELDS if was[n] != getattr(made, n)}
    if not changed:
        return before
    made.save()
    record(action="usage_rules.changed", subject=made, facts={"version": made.version} | changed)
    return made


def _check(made: UsageRules) -> None:
    """What no window can hold is no rule."""
    refused = {}
    for name in ("adopted_days", "deep_days"):
        if getattr(made, name) > made.window:
            refused[name] = _("The window has only %(days)s days.") % {"days": made.window}
    if made.adopted_weeks * WEEK_DAYS > made.window + WEEK_DAYS - 1:
        words = _("The window of %(days)s days does not hold so many weeks.")
        refused["adopted_weeks"] = words % {"days": made.window}
    elif made.adopted_weeks > made.adopted_days:
        refused["adopted_weeks"] = _("These are more weeks than days of use.")
    if refused:
        raise ValidationError(refused)


@transaction.atomic
def agree_first_value(*, engagement: Engagement, fields: Mapping[str, Any]) -> FirstValueRule:
    """State what the engagement calls first value. Raises ValidationError, keyed by field."""
    rows = FirstValueRule.objects.select_for_update()
    rule = rows.filter(engagement=engagement).first() or FirstValueRule(
        engagement=engagement, customer_id=engagement.customer_id, version=0
    )
    was = {name: getattr(rule, name) for name in FIRST_VALUE_FIELDS}
    for name, value in fields.items():
        setattr(rule, name, value.strip() if name == "feature" else value)
    rule.clean_fields(exclude={"tenant", "customer", "engagement"})
    changed = {n: [was[n], getattr(rule, n)] for n in was if was[n] != getattr(rule, n)}
    if rule.version and not changed:
        return rule
    rule.version += 1
    rule.save()
    record(
        action="first_value.agreed",
        subject=rule,
        facts={"version": rule.version} | changed,
        about_customer_id=rule.customer_id,
    )
    return rule
