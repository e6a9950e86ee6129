"""Whatever happens in whatever order, the night's tables equal a full recount, row for row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import Customer, EndUser
from people.models import User
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.recount import Zones, recounted, stored
from tests.usage.stage import make_event, make_source, receive
from usage.models import Event, Exclusion, Source, Touch, UsageState
from usage.operations import (
    close_days,
    count_again,
    forget_days,
    join_people,
    leave_out,
    set_rules,
)

BEGIN = date(2026, 9, 20)
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
USERS = st.sampled_from([f"u{number}" for number in range(5)])
HALDEN_OR_SOLBERG = st.sampled_from(["halden", "solberg"])
ZONES = st.sampled_from(["Europe/Oslo", "Pacific/Honolulu", "Pacific/Auckland", "UTC"])
EVENT = st.tuples(
    st.integers(0, 300),
    USERS,
    HALDEN_OR_SOLBERG,
    st.sampled_from(["", "reports", "search"]),
    st.one_of(st.floats(0, 30), st.floats(0, 1500)),
)
STEPS = st.one_of(
    st.tuples(st.just("send"), st.lists(EVENT, min_size=1, max_size=30)),
    st.tuples(st.just("night"), st.sampled_from([1, 1, 2, 40])),
    st.tuples(st.just("move"), st.tuples(HALDEN_OR_SOLBERG, ZONES)),
    st.tuples(st.just("join"), st.tuples(USERS, USERS)),
    st.tuples(st.just("leave_out"), USERS),
    st.tuples(st.just("count_again"), st.none()),
    st.tuples(st.just("erase"), USERS),
    st.tuples(
        st.just("rules"),
        st.fixed_dictionaries(
            {
                "window": st.sampled_from([7, 28, 30]),
                "deep_days": st.integers(1, 5),
                "adopted_days": st.integers(1, 3),
                "adopted_weeks": st.just(1),
                "with_weekends": st.booleans(),
                "habit_percent": st.sampled_from([0, 10, 50]),
            }
        ),
    ),
)


class World:
    """What happens to two customers, and what a calendar on the wall would say of it."""

    def __init__(self, source: Source, by: User) -> None:
        self.source, self.by, self.last = source, by, BEGIN
        self.zones = {pk: Zones() for pk in Customer.objects.values_list("pk", flat=True)}

    @property
    def now(self) -> datetime:
        return datetime(self.last.year, self.last.month, self.last.day, 14, tzinfo=UTC)

    def send(self, events: list[Any]) -> None:
        made = [
            make_event(
                f"m{number}",
                user=user,
                at=(self.now - timedelta(hours=hours)).isoformat(),
                group_id=customer,
                feature=feature,
            )
            for number, user, customer, feature, hours in events
        ]
        receive(self.source, made, self.now)

    def night(self, days: int) -> None:
        self.last += timedelta(days=days)
        closed = dict(UsageState.objects.values_list("customer_id", "closed_day"))
        for pk, zone in Customer.objects.values_list("pk", "time_zone"):
            self.zones[pk].move(zone, closed.get(pk))
        join_people(now=NOW)
        close_days(business_date=self.last, now=NOW)

    def move(self, asked: tuple[str, str]) -> None:
        Customer.objects.filter(external_id=asked[0]).update(time_zone=asked[1])

    def join(self, people: tuple[str, str]) -> None:
        person, said = people
        event = make_event(
            f"j{person}{said}", user=person, anonymous_id=said, at="2026-09-01T10:00Z"
        )
        receive(self.source, [event], self.now)

    def leave_out(self, user: str) -> None:
        if not Exclusion.objects.filter(pattern=user).exists():
            leave_out(kind="person", pattern=user, reason="ours", by=self.by)

    def count_again(self, _none: None) -> None:
        if row := Exclusion.objects.first():
            count_again(exclusion=row)

    def erase(self, user: str) -> None:
        users = list(EndUser.objects.filter(external_id=user).values_list("pk", flat=True))
        forget_days(end_user_ids=users)
        Event.objects.filter(end_user_id__in=users).delete()
        EndUser.objects.filter(pk__in=users).delete()

    def rules(self, fields: dict[str, Any]) -> None:
        set_rules(fields=fields, by=self.by)

    def check(self) -> None:
        out = list(Exclusion.objects.values_list("pattern", flat=True))
        found, wanted = stored(), recounted(self.zones, self.last, out)
        for table in wanted:
            assert found[table] == wanted[table], table
        assert Touch.objects.count() == 0


@pytest.fixture
def scoped(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_after_any_sequence_the_tables_equal_a_full_recount(
    scoped: Cast, steps: list[tuple[str, Any]]
) -> None:
    with undone():
        world = World(make_source(), scoped.admin)
        for name, asked in steps:
            getattr(world, name)(asked)
        world.night(1)
        world.check()
