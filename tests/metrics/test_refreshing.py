"""What measures copy of use besides its active users, and what is kept of a corrected day."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from metrics.definitions import Definition, latest_definitions, of_use
from metrics.models import Reading, ReadingChange
from metrics.operations import define_measure, refresh_readings
from metrics.operations.refreshing import COPIED
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows, record_use
from tests.usage import adopted
from tests.usage.stage import make_event, make_source, receive
from usage import queries as usage
from usage.operations import close_days

DAY = adopted.LAST
SPAN = {"first": DAY, "last": DAY}
PERCENT = 100
# What usage says of a closed day under a name of its own, and the measure that reads it.
IN_SERIES = {
    "dau": of_use.DAILY_USERS,
    "wau": of_use.WEEKLY_USERS,
    "mau": of_use.ACTIVE_USERS,
    "events": of_use.EVENTS,
    "features_tried": of_use.FEATURES_TRIED,
    "features_adopted": of_use.FEATURES_ADOPTED,
}
IN_ADOPTION = {
    "depth": of_use.DEEP_SHARE,
    "habit": of_use.HABIT_SHARE,
    "adoption": of_use.ADOPTER_SHARE,
    "utilisation": of_use.SEATS_USED,
    "deployed": of_use.SEATS_GIVEN,
    "sustain": of_use.BEST_KEPT,
}
IN_FIGURES = {
    "activated": of_use.ACTIVATED_SHARE,
    "median_days_to_value": of_use.DAYS_TO_VALUE,
    "p90_days_to_value": of_use.SLOWEST_TO_VALUE,
    "waiting_for_value": of_use.WAITING_FOR_VALUE,
    "retained_in_week_4": of_use.RETAINED_SHARE,
    "habit": of_use.HABIT_OF_SETTLED,
    "deep": of_use.DEEP_OF_ALL,
    "median_frequency": of_use.FREQUENCY,
    "breadth": of_use.BREADTH,
    "idle": of_use.IDLE,
    "active_without_access": of_use.WITHOUT_ACCESS,
    "stopped_in_4_weeks": of_use.STOPPED,
    "new_or_back_in_4_weeks": of_use.CAME,
}
# These figures are those of the series, or of the customer's day, under another name.
THE_SAME = {
    *("active_that_day", "active_in_7_days", "active_in_window", "dau_mau_ratio"),
    *("deployed", "used", "sustained"),
}


@pytest.fixture
def stage(cast: Cast) -> Iterator[Cast]:
    """Real events of two groups with rosters, features and seats, counted by the night; of those
    with access all but the newest came."""
    adopted.adopt(cast)
    at = f"{DAY - timedelta(days=20)}T09:00Z"
    rest = [make_event(one, user=one, at=at, feature="Orders") for one in ("ida", "jon", "kim")]
    with tenant_scope(cast.tenant.pk):
        receive(make_source("rest"), rest, NOW)
        close_days(business_date=DAY, now=NOW)
        yield cast


def own_figures(cast: Cast) -> dict[str, usage.Figure]:
    """The figures as usage's own page and API ask for them."""
    subject = usage.get_subject(customer=cast.customer, engagement=cast.engagement)
    asked = usage.Asked(DAY, DAY, with_weekends=usage.get_rules().with_weekends)
    adoption = usage.get_adoption(subject=subject, asked=asked, since=DAY - usage.HALF_YEAR)
    return {one.name: one for one in usage.get_figures(adoption=adoption).figures}


def read_of(cast: Cast, definition: Definition) -> dict[date, float]:
    made = define_measure(engagement=cast.engagement, definition=definition, now=NOW)
    refresh_readings(business_date=DAY, now=NOW)
    return dict(Reading.objects.filter(measure=made).values_list("day", "amount"))


@pytest.mark.parametrize("name", IN_SERIES)
def test_a_count_is_the_one_of_usages_day(stage: Cast, name: str) -> None:
    [point] = usage.get_usage_series(customer_id=stage.customer.pk, **SPAN).points
    own = getattr(point, name)
    assert own
    assert read_of(stage, IN_SERIES[name])[DAY] == own


@pytest.mark.parametrize("name", IN_ADOPTION)
def test_a_share_is_the_one_of_usages_day(stage: Cast, name: str) -> None:
    [day] = usage.get_adoption_days(customer_id=stage.customer.pk, **SPAN)
    own = getattr(day, name)
    assert own
    assert read_of(stage, IN_ADOPTION[name])[DAY] == own * PERCENT


def test_the_usual_day_is_usages_ratio(stage: Cast) -> None:
    [ratio] = usage.get_usage_series(customer_id=stage.customer.pk, **SPAN).ratios
    assert ratio
    assert read_of(stage, of_use.DAILY_SHARE)[DAY] == ratio * PERCENT


@pytest.mark.parametrize("name", IN_FIGURES)
def test_a_figure_of_people_is_the_one_of_usages_page(stage: Cast, name: str) -> None:
    own, definition = own_figures(stage)[name], IN_FIGURES[name]
    amount = own.count if own.value is None else own.value
    assert amount is not None
    found = read_of(stage, definition)
    assert found[DAY] == amount * (PERCENT if definition.unit == "%" else 1)
    assert min(found) <= DAY - timedelta(days=7)


def test_everything_usage_says_of_a_day_can_be_measured(stage: Cast) -> None:
    offered = {item.key for item in latest_definitions()}
    known = [*IN_SERIES.values(), *IN_ADOPTION.values(), *IN_FIGURES.values(), of_use.DAILY_SHARE]
    assert offered >= {item.key for item in known} == COPIED == {one.key for one in of_use.OF_USE}
    assert set(own_figures(stage)) == IN_FIGURES.keys() | THE_SAME
    for item in of_use.OF_USE:
        assert item.label and item.unit and item.counting and item.version == 1


def test_a_late_event_corrects_the_figures_of_the_days_it_reaches(stage: Cast) -> None:
    before = read_of(stage, of_use.CAME)
    late = make_event("late", user="new", at=f"{DAY - timedelta(days=2)}T09:00Z", feature="Orders")
    receive(make_source("late"), [late], NOW)
    close_days(business_date=DAY, now=NOW)
    refresh_readings(business_date=DAY, now=NOW)
    after = dict(Reading.objects.values_list("day", "amount"))
    risen = {day for day in after if after[day] == before[day] + 1}
    assert risen == {DAY - timedelta(days=back) for back in range(3)}
    assert {row.day for row in ReadingChange.objects.all()} == risen
    assert refresh_readings(business_date=DAY, now=NOW).readings == 0


def test_nights_that_were_missed_are_made_up_for(stage: Cast) -> None:
    made = define_measure(engagement=stage.engagement, definition=of_use.IDLE, now=NOW)
    rows = Reading.objects.filter(measure=made)
    rows.filter(day__gt=DAY - timedelta(days=15)).delete()
    refresh_readings(business_date=DAY, now=NOW)
    days = set(rows.values_list("day", flat=True))
    assert {DAY - timedelta(days=back) for back in range(14)} <= days


def test_what_a_night_corrects_is_kept_with_what_stood_there(used, measure, tmp_path) -> None:
    record_use(used, tmp_path, lambda day: 300 if day == 50 else 0)
    with tenant_scope(used.tenant.pk):
        changed = refresh_readings(business_date=LAST, now=NOW).readings
        kept = ReadingChange.objects.filter(measure=measure)
        assert kept.count() == changed == 28
        first = kept.get(day=FIRST + timedelta(days=50))
    assert (first.before, first.after, first.way) == (grows(50), 300, "night")
    assert first.changed_by is None
