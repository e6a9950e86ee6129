"""What pages and API read: complete calendars, honest gaps, one number everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.models import Customer
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.stage import make_event, make_source, receive
from usage import queries
from usage.operations import close_days, create_source, leave_out

LAST = date(2026, 11, 20)


@pytest.fixture
def scoped(cast: Cast):
    with tenant_scope(cast.tenant.pk):
        yield cast


def close(last: date = LAST) -> None:
    close_days(business_date=last, now=datetime(2026, 11, 22, 12, tzinfo=UTC))


def test_a_report_has_a_row_for_each_calendar_day_before_between_and_after(scoped: Cast) -> None:
    receive(make_source(), [make_event("m1", at="2026-11-10T10:00Z")])
    close()
    rows = queries.get_usage_report(
        first=date(2026, 11, 8), last=date(2026, 11, 22), customer_key="halden"
    )
    assert [row.day for row in rows] == [date(2026, 11, 8) + timedelta(days=n) for n in range(15)]
    figures = {row.day.day: (row.dau, row.wau, row.mau, row.events) for row in rows}
    assert figures[9] == (0, 0, 0, 0)
    assert figures[10] == (1, 1, 1, 1)
    assert figures[17] == (0, 0, 1, 0)
    assert figures[21] == (None, None, None, None)


def test_a_customer_without_use_is_closed_as_far_as_its_workspace(scoped: Cast) -> None:
    receive(make_source(), [make_event("m1", at="2026-11-10T10:00Z")])
    close()
    rows = queries.get_usage_report(first=LAST, last=LAST + timedelta(days=1))
    found = {(row.customer, row.day): row.mau for row in rows}
    assert found["solberg", LAST] == 0
    assert found["solberg", LAST + timedelta(days=1)] is None


def test_before_any_night_nothing_is_known(scoped: Cast) -> None:
    (row,) = queries.get_usage_report(first=LAST, last=LAST, customer_key="halden")
    assert row.mau is None


def test_an_unknown_customer_is_said(scoped: Cast) -> None:
    with pytest.raises(Customer.DoesNotExist):
        queries.get_usage_report(first=LAST, last=LAST, customer_key="nobody")


def test_the_ratio_is_the_mean_day_of_28_over_the_people_of_28(scoped: Cast) -> None:
    events = [
        make_event(f"{user}{day}", user=user, at=f"2026-11-{day:02}T10:00Z")
        for user, days in (("ann", range(1, 15)), ("bob", range(1, 8)))
        for day in days
    ]
    receive(make_source(), events)
    close()
    series = queries.get_usage_series(
        customer_id=scoped.customer.pk, first=date(2026, 10, 1), last=LAST
    )
    assert series.last_ratio == pytest.approx((14 + 7) / 28 / 2)
    assert series.ratios[0] is None


def test_the_story_compares_with_four_weeks_before(scoped: Cast) -> None:
    late = [make_event(f"l{n}", user=f"u{n}", at="2026-11-15T10:00Z") for n in range(3)]
    early = [make_event(f"e{n}", user=f"u{n}", at="2026-10-20T10:00Z") for n in range(5)]
    receive(make_source(), late + early)
    close()
    series = queries.get_usage_series(
        customer_id=scoped.customer.pk, first=date(2026, 9, 1), last=LAST
    )
    story = queries.story_of(series)
    assert story is not None
    assert (story.mau, story.before, story.change) == (3, 5, -2)
    assert story.mau == series.points[-1].mau


def test_summaries_hold_a_point_a_week_up_to_the_closed_day(scoped: Cast) -> None:
    receive(make_source(), [make_event("m1", at="2026-11-06T12:00Z")])
    close()
    summary = queries.get_use_summaries(weeks=4)[scoped.customer.pk]
    assert (summary.as_of, summary.points) == (LAST, (None, 1, 1, 1))
    assert summary.last_active_date == date(2026, 11, 6)
    assert scoped.second_customer.pk not in queries.get_use_summaries(weeks=4)


def test_the_overview_costs_the_same_for_more_customers(
    scoped: Cast, django_assert_num_queries: object
) -> None:
    receive(make_source(), [make_event("m1")])
    close()
    with django_assert_num_queries(6):  # type: ignore[operator]
        rows = queries.get_workspace_use(today=LAST).rows
    assert [(row.key, row.mau) for row in rows] == [("halden", 1), ("solberg", None)]
    source = make_source("more", creates_customers=True)
    receive(source, [make_event(f"n{n}", group_id=f"new-{n}") for n in range(6)])
    close()
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert len(queries.get_workspace_use(today=LAST).rows) == 8


def test_a_source_is_found_by_its_key_until_it_is_revoked(scoped: Cast) -> None:
    source, key = create_source(name="web")
    found = queries.get_source_by_key(text=key.text)
    assert found is not None
    assert (found.source_id, found.tenant_id) == (source.pk, scoped.tenant.pk)
    assert queries.get_source_by_key(text=key.text[:-1] + "x") is None
    assert queries.get_source_by_key(text="aiq_live_x_y") is None


def test_today_so_far_counts_what_was_accepted_of_the_customers_day(scoped: Cast) -> None:
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="Pacific/Auckland")
    source = make_source()
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    # In Auckland it is the 23rd since 11:00 UTC.
    receive(source, [make_event("m1", at="2026-11-22T10:59Z")], now)
    moments = [("m2", "ann", "11:00"), ("m3", "ann", "11:30"), ("m4", "bob", "11:40")]
    receive(source, [make_event(k, user=u, at=f"2026-11-22T{at}Z") for k, u, at in moments], now)
    today = queries.get_today_so_far(customer_id=scoped.customer.pk, now=now)
    assert (today.day, today.users, today.events, today.features) == (date(2026, 11, 23), 2, 3, 1)
    assert today.last_at == datetime(2026, 11, 22, 11, 40, tzinfo=UTC)
    leave_out(kind="person", pattern="bob", reason="ours", by=scoped.admin)
    assert queries.get_today_so_far(customer_id=scoped.customer.pk, now=now).users == 1
    close(date(2026, 11, 30))
    series = queries.get_usage_series(
        customer_id=scoped.customer.pk, first=today.day, last=today.day
    )
    assert not series.points[0].is_closed
