"""What is noted of measures, so that long lists and scores need not read every course."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.definitions import ACTIVE_USERS, SEATS_USED
from metrics.definitions.of_use import DAILY_SHARE, EVENTS, WEEKLY_USERS
from metrics.models import Measure
from metrics.operations import (
    agree_target,
    change_definition,
    define_measure,
    judge_engagements,
    record_reading,
    refresh_readings,
    write_definition,
)
from metrics.queries import get_health, get_standings
from metrics.queries.details import get_details, get_measures
from metrics.queries.standings import noted_of
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import LAST, NOW
from tests.metrics.terms import make_terms
from tests.pages import assert_same_queries, queries_of

TODAY = LAST + timedelta(days=1)
PAGES = ("", "measures/", "health/")
OWN = {"label": "Checks", "unit": "checks", "counting": "Checks of the week.", "source": "hand"}


@pytest.fixture
def inside(used: Cast) -> Any:
    with tenant_scope(used.tenant.pk):
        yield used


def standings(cast: Cast, today: date = TODAY) -> Any:
    return get_standings(engagement_ids=[cast.engagement.pk], today=today)


def holds(cast: Cast) -> bool:
    """Whether everything noted is what the course tells."""
    details = get_details(rows=list(get_measures()), today=TODAY)
    return {one.id: one.noted for one in standings(cast)} == {
        one.id: noted_of(one) for one in details
    }


def behind(cast: Cast, measure: Measure) -> None:
    agree_target(measure=measure, terms=make_terms(), agreed_by=cast.csm)


def test_what_changes_a_measure_changes_what_is_noted_of_it(inside: Cast, measure: Measure) -> None:
    assert [one.state for one in standings(inside)] == ["quiet"]
    behind(inside, measure)
    assert holds(inside)
    assert standings(inside)[0].state != "quiet"
    own = write_definition(fields=OWN, by=inside.admin)
    checks = define_measure(engagement=inside.engagement, definition=own.value, now=NOW)
    agree_target(measure=checks, terms=make_terms(milestones=()), agreed_by=None)
    for back, amount in ((20, 12.0), (2, 149.0)):
        record_reading(
            measure=checks,
            day=LAST - timedelta(days=back),
            amount=amount,
            now=NOW,
            today=TODAY,
            recorded_by=None,
        )
        assert holds(inside)
    change_definition(definition=own, fields={"direction": "falling"}, by=inside.admin)
    assert holds(inside)
    judge_engagements(business_date=LAST, now=NOW)
    assert holds(inside)
    assert set(Measure.objects.values_list("stated_date", flat=True)) == {TODAY}


def test_new_readings_of_the_night_are_told_before_it_judged(
    inside: Cast, measure: Measure
) -> None:
    behind(inside, measure)
    measure.readings.filter(day__gt=LAST - timedelta(days=30)).delete()
    judge_engagements(business_date=LAST, now=NOW)
    before = standings(inside)[0].noted
    refresh_readings(business_date=LAST, now=NOW)
    assert standings(inside)[0].noted != before
    assert holds(inside)


def test_where_no_night_was_the_course_tells(inside: Cast, measure: Measure) -> None:
    behind(inside, measure)
    judge_engagements(business_date=LAST, now=NOW)
    Measure.objects.update(state="good", score=100)
    assert standings(inside)[0].state == "good"
    [late] = standings(inside, TODAY + timedelta(days=40))
    assert (late.state, late.noted.rating.score) != ("good", 100)


def test_the_score_needs_no_course_and_is_that_of_the_courses(inside: Cast, measure: Any) -> None:
    behind(inside, measure)
    read = get_health(engagement_id=inside.engagement.pk, today=TODAY)
    Measure.objects.update(stated_date=None)
    told = get_health(engagement_id=inside.engagement.pk, today=TODAY)
    assert read.health == told.health
    assert read.health.value


@pytest.mark.parametrize("page", PAGES)
def test_four_measures_cost_as_many_questions_as_one(used: Cast, csm: Client, page: str) -> None:
    def measured(*definitions: Any) -> None:
        with tenant_scope(used.tenant.pk):
            for definition in definitions:
                made = define_measure(engagement=used.engagement, definition=definition, now=NOW)
                goal = 90.0 if definition.highest else 150.0
                terms = make_terms(amount=goal, milestones=())
                agree_target(measure=made, terms=terms, agreed_by=None)
            judge_engagements(business_date=LAST, now=NOW)

    measured(ACTIVE_USERS)
    address = used.at(f"engagements/{used.engagement.pk}/{page}")
    assert_same_queries(csm, address, lambda: measured(WEEKLY_USERS, SEATS_USED, DAILY_SHARE))
    noted = queries_of(csm, address)
    with tenant_scope(used.tenant.pk):
        Measure.objects.filter(definition_key=ACTIVE_USERS.key).update(stated_date=None)
    assert queries_of(csm, address) <= noted + 5


def test_many_measures_are_paged_filtered_and_counted(used: Cast, csm: Client) -> None:
    with tenant_scope(used.tenant.pk):
        for number in range(28):
            own = write_definition(fields=OWN | {"label": f"Checks {number:02}"}, by=None)
            define_measure(engagement=used.engagement, definition=own.value, now=NOW)
        made = define_measure(engagement=used.engagement, definition=EVENTS, now=NOW)
        agree_target(measure=made, terms=make_terms(amount=9000.0, milestones=()), agreed_by=None)
        judge_engagements(business_date=LAST, now=NOW)
        state = Measure.objects.get(pk=made.pk).state
    base = used.at(f"engagements/{used.engagement.pk}/")
    first, second = (csm.get(f"{base}measures/", {"page": n}).context for n in (1, 2))
    assert (first["count"], len(first["cards"]), len(second["cards"])) == (29, 25, 4)
    assert dict(first["counts"])["quiet"] == 28
    [found] = csm.get(f"{base}measures/", {"state": state}).context["cards"]
    assert found.id == made.pk
    assert csm.get(f"{base}measures/", {"order": "deadline"}).context["cards"][0].id == made.pk
    overview = csm.get(base).context["overview"]
    assert (overview.measure_count, len(overview.measures)) == (29, 9)
    assert overview.measures[0].id == made.pk
    assert "All 29 measures" in csm.get(base).content.decode()
    parts = [csm.get(f"{base}health/", {"page": n}).context["view"].parts for n in ("1", "2", "99")]
    assert [len(page) for page in parts] == [25, 4, 4]
