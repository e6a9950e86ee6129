"""Who hears that a plan ends too late, and how often."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engagements import operations
from engagements.models import Engagement
from notifications.models import Notification
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast

NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with tenant_scope(cast.tenant.pk):
        yield


def forecast(cast: Cast, finish: date, **fields: Any) -> None:
    Engagement.objects.filter(pk=cast.engagement.pk).update(**fields)
    operations.note_forecast(engagement_id=cast.engagement.pk, finish_date=finish, now=NOW)


def tell() -> int:
    return operations.tell_of_late_plans(business_date=TODAY, now=NOW)


def test_the_csm_hears_once_for_each_agreed_sign_off(cast: Cast) -> None:
    forecast(cast, date(2027, 1, 14))
    assert [tell(), tell()] == [1, 0]
    row = Notification.objects.get()
    assert row.user == cast.csm
    assert row.customer_id == cast.customer.pk
    assert row.text == (
        "Halden: the plan now ends on 14 Jan 2027; sign-off was agreed for 18 Dec 2026."
    )
    assert row.url == f"/w/acme/engagements/{cast.engagement.pk}/plan/"
    # Still later is no news; a new agreement that is missed again is.
    forecast(cast, date(2027, 1, 20))
    assert tell() == 0
    forecast(cast, date(2027, 1, 20), sign_off_date=date(2027, 1, 15))
    assert tell() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"sign_off_date": date(2027, 1, 14)},
        {"sign_off_date": None},
        {"csm": None},
        {"phase": "signed_off"},
        {"phase": "sell"},
        {"sign_off_date": date(2026, 11, 1), "hypercare_end_date": None},
    ],
)
def test_where_nothing_is_late_or_nobody_is_to_hear_nobody_does(
    cast: Cast, fields: dict[str, Any]
) -> None:
    forecast(cast, date(2027, 1, 14), **fields)
    assert tell() == 0


def test_an_archived_customer_is_quiet(cast: Cast) -> None:
    operations.archive_customer(customer=cast.customer, now=NOW)
    forecast(cast, date(2027, 1, 14))
    assert tell() == 0
