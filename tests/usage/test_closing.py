"""The night of usage against an independent computation with pandas."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.paths import SHARED_DATA
from usage.models import DailyUse
from usage.operations import close_days, import_usage_file

LOG = SHARED_DATA / "usage" / "product_usage.csv.gz"
NOW = datetime(2016, 6, 1, 12, tzinfo=UTC)
LAST = date(2016, 5, 31)


def read(tenant: Tenant, path: Path = LOG):
    return import_usage_file(
        tenant_id=tenant.pk,
        path=path,
        mapping={},
        now=datetime.now(UTC),
        report=lambda outcome, percent: None,
        note=lambda errors: None,
    )


def expected(path: Path, zone: str, last: date) -> dict[tuple[str, date], tuple[int, ...]]:
    """(customer, day) -> dau, wau, mau, events, by sets of names and nothing of ours."""
    table = pd.read_csv(path).drop_duplicates("message_id")
    moments = pd.to_datetime(table["timestamp"], utc=True).dt.tz_convert(zone)
    table["day"] = moments.dt.date
    found = {}
    for customer, rows in table.groupby("customer_id"):
        users = rows.groupby("day")["user_id"].agg(set).to_dict()
        events = rows.groupby("day").size().to_dict()
        day = min(users)
        while day <= last:
            windows = [
                set().union(*(users.get(day - timedelta(days=n), set()) for n in range(length)))
                for length in (1, 7, 28)
            ]
            found[customer, day] = (*map(len, windows), events.get(day, 0))
            day += timedelta(days=1)
    return found


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Sydney"])
def test_the_numbers_of_the_real_log_equal_pandas(cast: Cast, zone: str) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(time_zone=zone)
    read(cast.tenant)
    with tenant_scope(cast.tenant.pk):
        close_days(business_date=LAST, now=NOW)
        stored = {
            (key, day): values
            for key, day, *values in DailyUse.objects.values_list(
                "customer__external_id", "day", "dau", "wau", "mau", "events"
            )
        }
    wanted = {key: list(values) for key, values in expected(LOG, zone, LAST).items()}
    assert len(wanted) > 20_000
    assert stored == wanted
