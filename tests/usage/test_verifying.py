"""Stored numbers held against the events, and all of them made again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.recount import stored
from tests.usage.stage import make_event, make_source, receive
from usage.models import DailyUse, FeatureUserDay, Touch, UserDay, UserSpan
from usage.operations import (
    ask_for_rebuild,
    close_days,
    rebuild_days,
    set_rules,
    waiting_for_rebuild,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LAST = date(2026, 11, 20)


@pytest.fixture
def counted(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        users = [("ann", "halden"), ("bob", "halden"), ("eve", "solberg")]
        receive(
            make_source(),
            [
                make_event(f"{user}{day}", user=user, group_id=group, at=f"2026-11-{day:02}T10:00Z")
                for user, group in users
                for day in range(1, 15)
            ],
        )
        close_days(business_date=LAST, now=NOW)
    return cast


def verify(cast: Cast, *options: str) -> tuple[int, str]:
    out, ended = StringIO(), 0
    try:
        call_command("verify_metrics", "--workspace", cast.tenant.slug, *options, stdout=out)
    except SystemExit as end:
        ended = int(end.code or 0)
    return ended, out.getvalue()


def test_what_the_night_stored_is_what_the_events_say(counted: Cast) -> None:
    with tenant_scope(counted.tenant.pk):
        set_rules(fields={"deep_days": 4, "with_weekends": False}, by=counted.admin)
        close_days(business_date=LAST, now=NOW)
    ended, said = verify(counted)
    # 42 user-days of one feature, 3 spans, 20 closed days of two customers.
    assert (ended, said.split(": ", 1)[1][:44]) == (
        0,
        "127 rows of 2 customers compared, 0 differ. ",
    )
    assert verify(counted, "--sample", "1")[1].count("of 1 customers compared, 0 differ") == 1


def test_whatever_differs_is_told_row_by_row_and_left_as_it_is(counted: Cast) -> None:
    with tenant_scope(counted.tenant.pk):
        UserDay.objects.filter(day=date(2026, 11, 3), end_user__external_id="ann").delete()
        FeatureUserDay.objects.filter(day=date(2026, 11, 4)).update(events=9)
        UserSpan.objects.filter(end_user__external_id="bob").update(last_day=LAST)
        DailyUse.objects.filter(day=LAST, customer=counted.customer).update(mau=77)
        before = stored()
    ended, said = verify(counted)
    assert (ended, "6 differ" in said) == (1, True)
    assert "user-day" in said and "span" in said and "77" in said
    with tenant_scope(counted.tenant.pk):
        assert stored() == before


def test_what_waits_for_the_night_is_no_difference(counted: Cast) -> None:
    with tenant_scope(counted.tenant.pk):
        receive(make_source("late"), [make_event("late", user="new", at="2026-11-05T10:00Z")])
    ended, said = verify(counted)
    assert (ended, said.strip().endswith("1 days wait for the night.")) == (0, True)


def spoil() -> None:
    UserDay.objects.filter(day=date(2026, 11, 3)).delete()
    FeatureUserDay.objects.filter(day=date(2026, 11, 4)).update(events=9)
    UserSpan.objects.all().delete()
    DailyUse.objects.update(mau=77)


def test_a_rebuild_brings_everything_back(counted: Cast) -> None:
    with tenant_scope(counted.tenant.pk):
        before = stored()
        spoil()
    call_command("rebuild_usage", "--workspace", counted.tenant.slug, "--customers", "1")
    with tenant_scope(counted.tenant.pk):
        assert stored() == before
        assert Touch.objects.count() == 0


def test_a_rebuild_cut_short_goes_on_where_it_stopped(counted: Cast) -> None:
    with tenant_scope(counted.tenant.pk):
        before: Any = stored()
        spoil()
        assert ask_for_rebuild() == 2
        first, second = (
            key
            for key in waiting_for_rebuild()
            if key in {owner for owner, _day in before["closed"]}
        )
        rebuild_days(customer_ids=[first], now=NOW)
        half = stored()["closed"]
        assert {values[2] for (owner, _day), values in half.items() if owner == second} == {77}
        # Asked for again, only the one that waits is left.
        assert ask_for_rebuild() == 1
        assert first not in waiting_for_rebuild()
    call_command("rebuild_usage", "--workspace", counted.tenant.slug)
    with tenant_scope(counted.tenant.pk):
        assert stored() == before
