"""The arithmetic of a promise, on plain values."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.promise import Part, Service, Wording, coverage, days_to_phase_1

WHOLE = Wording(
    owner="Jonas Eide",
    measured_by="Count of work orders, weekly",
    baseline=Decimal(12),
    quality="Closed on the phone with a photo",
    target=Decimal(130),
    deadline=date(2026, 12, 18),
    value=Decimal("250000.00"),
)


def test_a_whole_criterion_misses_nothing() -> None:
    assert WHOLE.missing == ()
    assert not WHOLE.contradiction


def test_what_is_missing_is_named_in_the_order_of_the_form() -> None:
    assert Wording(measured_by="weekly", value=Decimal(0)).missing == (
        Part.OWNER,
        Part.BASELINE,
        Part.QUALITY,
        Part.TARGET,
        Part.DEADLINE,
    )


def test_a_criterion_may_be_agreed_without_baseline_and_value_only() -> None:
    assert Wording().in_the_way == (
        Part.OWNER,
        Part.MEASURED_BY,
        Part.QUALITY,
        Part.TARGET,
        Part.DEADLINE,
    )


def test_a_target_at_the_baseline_contradicts_itself() -> None:
    assert Wording(baseline=Decimal("5.0"), target=Decimal(5)).contradiction
    assert not Wording().contradiction


SERVICES = (
    Service("Access requests", 900, 1),
    Service("Laptop orders", 300, 2),
    Service("Travel approval", 150, 1),
    Service("Parking", 50, 2),
)


def test_phase_1_is_measured_by_volume_not_by_count() -> None:
    found = coverage(SERVICES)
    assert (found.phase_1, found.total, found.share) == (1050, 1400, 0.75)


def test_a_larger_service_left_for_later_is_named() -> None:
    assert [service.name for service in coverage(SERVICES).left_behind] == ["Laptop orders"]


@pytest.mark.parametrize("services", [(), (Service("Unused", 0, 1),)])
def test_without_volume_there_is_no_share(services: tuple[Service, ...]) -> None:
    assert coverage(services).share is None


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([1, 2])), max_size=20))
def test_the_share_stays_a_share_in_any_order(pairs: list[tuple[int, int]]) -> None:
    services = [Service(f"s{n}", volume, stage) for n, (volume, stage) in enumerate(pairs)]
    found, turned = coverage(services), coverage(reversed(services))
    assert found == turned
    assert found.share is None or 0 <= found.share <= 1
    assert all(service.stage == 2 for service in found.left_behind)


def test_days_to_phase_1_need_both_ends() -> None:
    assert days_to_phase_1(date(2026, 6, 15), date(2026, 10, 5)) == 112
    assert days_to_phase_1(None, date(2026, 10, 5)) is None
