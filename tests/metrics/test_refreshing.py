"""What measures copy of use besides its active users, and what is kept of a corrected day."""

from datetime import timedelta
from typing import Any

import pytest

from engagements.models import LicenceSeats
from metrics.definitions import BEST_KEPT, DAILY_SHARE, DEEP_SHARE, SEATS_USED, WEEKLY_USERS
from metrics.models import Reading, ReadingChange
from metrics.operations import define_measure, refresh_readings
from tenancy.scope import tenant_scope
from tests.metrics.conftest import FIRST, LAST, NOW, grows, record_use
from usage.queries import get_adoption_days, get_usage_series


@pytest.mark.parametrize(
    "definition",
    [WEEKLY_USERS, DAILY_SHARE, DEEP_SHARE, SEATS_USED, BEST_KEPT],
    ids=lambda d: d.key,
)
def test_a_share_is_the_one_usage_computed(used: Any, definition: Any) -> None:
    with tenant_scope(used.tenant.pk):
        made = define_measure(engagement=used.engagement, definition=definition, now=NOW)
        found = dict(Reading.objects.filter(measure=made).values_list("day", "amount"))
        span = {"customer_id": used.customer.pk, "first": FIRST, "last": LAST}
        last = get_adoption_days(**span)[-1]
        series = get_usage_series(**span)
        seats = LicenceSeats.objects.get(customer=used.customer).seats
    expected = {
        WEEKLY_USERS.key: series.points[-1].wau,
        DAILY_SHARE.key: 100 * (series.ratios[-1] or 0),
        DEEP_SHARE.key: 100 * (last.depth or 0),
        SEATS_USED.key: 100 * grows(83) / seats,
        BEST_KEPT.key: 100,
    }
    assert found[LAST] == pytest.approx(expected[definition.key])


def test_what_a_night_corrects_is_kept_with_what_stood_there(used, measure, tmp_path) -> None:
    record_use(used, tmp_path, lambda day: 300 if day == 50 else 0)
    with tenant_scope(used.tenant.pk):
        changed = refresh_readings(business_date=LAST, now=NOW).readings
        kept = ReadingChange.objects.filter(measure=measure)
        assert kept.count() == changed == 28
        first = kept.get(day=FIRST + timedelta(days=50))
    assert (first.before, first.after, first.way) == (grows(50), 300, "night")
    assert first.changed_by is None
