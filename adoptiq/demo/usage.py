"""What the demo's workspace counts by: working days alone, and first value of each engagement."""

from collections.abc import Iterable

from engagements.models import Engagement, ImpactGroup
from people.models import User
from usage import operations

# From so many active days of twenty or so working days in four weeks on, use is deep.
DEEP_DAYS = 8
USES, WITHIN_DAYS = 3, 21


def tell_rules(*, engagements: Iterable[Engagement], by: User) -> None:
    """The rules, and for engagements whose groups name features their first value: what the
    largest is meant to use first, used three times."""
    operations.set_rules(fields={"with_weekends": False, "deep_days": DEEP_DAYS}, by=by)
    for engagement in engagements:
        groups = ImpactGroup.objects.filter(engagement=engagement).exclude(features=[])
        group = groups.order_by("-size").first()
        if group is not None:
            fields = {"feature": group.features[0], "uses": USES, "within_days": WITHIN_DAYS}
            operations.agree_first_value(engagement=engagement, fields=fields)
