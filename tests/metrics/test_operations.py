from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE, Baseline, Milestone
from metrics.models import Agreement, Measure, Reading
from metrics.operations import (
    AlreadyMeasured,
    IllFormedTarget,
    ReadingRefused,
    Refreshed,
    agree_target,
    define_measure,
    record_reading,
    refresh_readings,
    remove_measure,
    restore_measure,
)
from metrics.queries import get_details, get_measured_engagement_ids, get_measures
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows, record_use
from tests.metrics.terms import make_terms
from usage.queries import get_usage_series

TODAY = LAST + timedelta(days=1)


@pytest.fixture
def inside(used: Cast):
    with tenant_scope(used.tenant.pk):
        yield used


def amounts(measure: Measure) -> dict[date, float]:
    return dict(Reading.objects.filter(measure=measure).values_list("day", "amount"))


def test_a_new_measure_starts_with_everything_usage_knows(inside, measure) -> None:
    series = get_usage_series(customer_id=inside.customer.pk, first=FIRST, last=LAST)
    assert amounts(measure) == {point.day: point.mau for point in series.points}
    assert amounts(measure)[LAST] == grows(83)


def test_an_engagement_is_measured_once_by_a_definition(inside, measure) -> None:
    with pytest.raises(AlreadyMeasured, match="28-day active users"):
        define_measure(engagement=inside.engagement, definition=ACTIVE_USERS, now=NOW)


def test_a_measure_without_use_has_no_readings(inside) -> None:
    other = define_measure(engagement=inside.second_engagement, definition=ACTIVE_USERS, now=NOW)
    assert amounts(other) == {}


def test_the_night_copies_only_closed_days_up_to_its_date(inside, measure) -> None:
    Reading.objects.filter(measure=measure).delete()
    until = LAST - timedelta(days=10)
    assert refresh_readings(business_date=until, now=NOW) == Refreshed(1, 74)
    assert max(amounts(measure)) == until
    later = refresh_readings(business_date=LAST + timedelta(days=5), now=NOW)
    assert later == Refreshed(1, 10)
    assert max(amounts(measure)) == LAST


def test_a_second_night_changes_nothing(inside, measure) -> None:
    before = list(Reading.objects.order_by("pk").values())
    assert refresh_readings(business_date=LAST, now=NOW).readings == 0
    assert list(Reading.objects.order_by("pk").values()) == before


def test_late_events_correct_the_readings_of_their_days(used, measure, tmp_path) -> None:
    record_use(used, tmp_path, lambda day: 300 if day == 50 else 0)
    with tenant_scope(used.tenant.pk):
        changed = refresh_readings(business_date=LAST, now=NOW).readings
        found = amounts(measure)
    assert changed == 28
    assert found[FIRST + timedelta(days=49)] == grows(49)
    assert found[FIRST + timedelta(days=50)] == 300
    assert found[FIRST + timedelta(days=78)] == grows(78)


def test_readings_keep_the_version_they_were_counted_by(inside, measure) -> None:
    versions = Reading.objects.filter(measure=measure).values_list("definition_version", flat=True)
    assert set(versions) == {ACTIVE_USERS.version}


def test_one_reading_a_day_is_held_by_the_database(inside, measure) -> None:
    again = Reading(
        customer_id=measure.customer_id,
        measure=measure,
        day=LAST,
        amount=1,
        definition_version=1,
        recorded_at=NOW,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_an_agreement_records_target_baseline_milestones_and_both_sides(inside, measure) -> None:
    made = agree_target(measure=measure, terms=make_terms(), agreed_by=inside.csm)
    assert (made.target.amount, made.baseline.amount) == (150, 10)
    assert (made.for_customer, made.for_vendor) == ("Jonas Eide", inside.csm)
    assert [goal.name for goal in made.milestones.all()] == ["First groups", "All groups"]


def test_agreeing_anew_keeps_what_was_agreed(inside, measure) -> None:
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    agree_target(measure=measure, terms=make_terms(amount=200.0), agreed_by=None)
    assert [row.amount for row in Agreement.objects.all()] == [150, 200]


def test_an_ill_formed_target_is_refused_by_the_name_of_what_it_lacks(inside, measure) -> None:
    lacking = make_terms(quality=" ", amount=None, deadline=None)
    with pytest.raises(IllFormedTarget) as refusal:
        agree_target(measure=measure, terms=lacking, agreed_by=None)
    assert refusal.value.faults == (
        "The target does not say what is to be reached (quality).",
        "The target does not say how much (quantity).",
        "The target does not say by when (deadline).",
    )
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"amount": 10.0}, "equals the baseline"),
        ({"amount": 5.0}, "lies below the baseline"),
        ({"deadline": FIRST}, "not after the day of the baseline"),
        ({"amount": float("inf")}, "too large to be meant"),
        ({"amount": 1e15}, "too large to be meant"),
        ({"deadline": date(9999, 1, 1)}, "more than ten years"),
        ({"baseline": Baseline(1, date(1, 1, 1))}, "dated before 1990"),
        ({"agreed_date": FIRST - timedelta(days=1)}, "dated after the agreement"),
        (
            {"milestones": (Milestone("Odd", 900, LAST),)},
            "“Odd” is not between the baseline amount",
        ),
    ],
)
def test_a_contradiction_is_refused_and_nothing_is_saved(inside, measure, fields, fault) -> None:
    with pytest.raises(IllFormedTarget, match=fault):
        agree_target(measure=measure, terms=make_terms(**fields), agreed_by=None)
    assert not Agreement.objects.exists()


def record(measure: Measure, day: date, amount: float) -> Reading:
    return record_reading(
        measure=measure,
        day=day,
        amount=amount,
        now=NOW,
        today=LAST + timedelta(days=1),
        recorded_by=None,
    )


def test_a_reading_by_hand_replaces_the_one_of_its_day(inside) -> None:
    by_hand = define_measure(engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    record(by_hand, LAST, 40)
    record(by_hand, LAST, 42.5)
    assert amounts(by_hand) == {LAST: 42.5}
    assert refresh_readings(business_date=LAST, now=NOW).readings == 0


@pytest.mark.parametrize(
    ("day", "amount", "reason"),
    [
        (LAST + timedelta(days=1), 40, "not over yet"),
        (LAST, 140, "at least 0 and at most 100"),
        (LAST, -1, "at least 0"),
        (LAST, float("nan"), "too large"),
        (date(1, 1, 1), 40, "before 1990"),
    ],
)
def test_impossible_readings_are_refused(inside, day, amount, reason) -> None:
    by_hand = define_measure(engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    with pytest.raises(ReadingRefused, match=reason):
        record(by_hand, day, amount)
    assert amounts(by_hand) == {}


def test_what_usage_computes_is_not_typed_in(inside, measure) -> None:
    with pytest.raises(ReadingRefused, match="read from usage every night"):
        record(measure, LAST, 5)


def test_a_removed_measure_is_out_of_sight_and_comes_back_whole(inside, measure) -> None:
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    read = Reading.objects.count()
    for _twice in range(2):
        remove_measure(measure=measure, now=NOW)
    assert not get_measures().exists()
    assert not get_measured_engagement_ids()
    assert refresh_readings(business_date=LAST, now=NOW).measures == 0
    assert Reading.objects.count() == read
    for _twice in range(2):
        restore_measure(measure=measure, now=NOW)
    [detail] = get_details(rows=list(get_measures()), today=TODAY)
    assert detail.told.measure.target is not None


def test_measuring_the_same_again_brings_back_what_was_read(inside, measure) -> None:
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    remove_measure(measure=measure, now=NOW)
    again = define_measure(engagement=inside.engagement, definition=ACTIVE_USERS, now=NOW)
    assert again.pk == measure.pk
    assert again.removed_at is None
    assert Agreement.objects.filter(measure=again).exists()
