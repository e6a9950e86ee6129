from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE, Baseline
from metrics.models import Measure
from metrics.operations import agree_target, define_measure, record_reading
from metrics.queries import (
    get_agreements,
    get_measure,
    get_measure_cards,
    get_measured_engagement_ids,
    get_measures,
    get_proposal,
)
from tenancy.scope import NoTenant, Realm, tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows
from tests.metrics.terms import DEADLINE, make_terms

TODAY = LAST + timedelta(days=1)


@pytest.fixture
def inside(used: Cast):
    with tenant_scope(used.tenant.pk):
        yield used


@pytest.fixture
def agreed(inside, measure) -> Measure:
    agree_target(measure=measure, terms=make_terms(), agreed_by=inside.csm)
    return measure


def test_the_value_holds_agreement_readings_and_words(inside, agreed) -> None:
    found = get_measure(measure_id=agreed.pk, today=TODAY).told
    assert found.measure.as_of == LAST
    assert found.measure.time_zone == "Europe/Oslo"
    assert found.measure.target is not None
    assert found.measure.target.deadline == DEADLINE
    assert [goal.amount for goal in found.measure.milestones] == [40, 120]
    assert found.measure.agreement is not None
    assert found.measure.agreement.for_vendor == str(inside.csm)
    assert found.measure.latest is not None
    assert found.measure.latest.amount == grows(83)
    assert found.story.finding.startswith("28-day active users rose from 65 to 93 in 4 weeks")


def test_the_latest_agreement_is_in_force_and_starts_a_new_trend(inside, agreed) -> None:
    agree_target(measure=agreed, terms=make_terms(amount=170.0), agreed_by=None)
    found = get_measure(measure_id=agreed.pk, today=TODAY).told
    assert found.measure.target is not None
    assert found.measure.target.amount == 170
    assert [event.name for event in found.measure.events if event.changes_plan] == [
        "target agreed anew"
    ]
    assert [row.amount for row in get_agreements(measure_id=agreed.pk)] == [170, 150]


def test_what_lies_far_before_the_baseline_is_left_to_history(inside, measure) -> None:
    late = FIRST + timedelta(days=60)
    terms = make_terms(baseline=Baseline(70, late), milestones=())
    agree_target(measure=measure, terms=terms, agreed_by=None)
    readings = get_measure(measure_id=measure.pk, today=TODAY).told.measure.readings
    assert readings[0].day == late - timedelta(days=28)


def test_windows_are_whole_from_the_28th_day_of_use(inside, measure) -> None:
    value = get_measure(measure_id=measure.pk, today=TODAY).told.measure
    assert value.whole_from == FIRST + timedelta(days=27)


def test_a_baseline_after_the_start_is_warned_of(inside, measure) -> None:
    inside.engagement.start_date = FIRST - timedelta(days=3)
    inside.engagement.save()
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    assert get_measure(measure_id=measure.pk, today=TODAY).baseline_is_late
    inside.engagement.start_date = FIRST + timedelta(days=3)
    inside.engagement.save()
    assert not get_measure(measure_id=measure.pk, today=TODAY).baseline_is_late


def test_cards_show_the_figures_of_the_page(inside, agreed) -> None:
    (card,) = get_measure_cards(engagement_id=inside.engagement.pk, today=TODAY)
    told = get_measure(measure_id=agreed.pk, today=TODAY).told
    assert told.measure.latest is not None
    assert (card.value, card.progress) == (told.measure.latest.amount, told.standing.progress)
    assert (card.finding, card.state) == (told.story.finding, told.story.state)
    assert (card.target, card.deadline, card.as_of) == (150, DEADLINE, LAST)


def test_only_agreed_engagements_count_as_measured(inside, measure) -> None:
    assert get_measured_engagement_ids() == set()
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    assert get_measured_engagement_ids() == {inside.engagement.pk}


def test_measures_by_hand_stand_as_of_yesterday_and_grow_stale(inside) -> None:
    row = define_measure(engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    record_reading(
        measure=row,
        day=LAST - timedelta(days=40),
        amount=30,
        now=NOW,
        today=TODAY,
        recorded_by=None,
    )
    told = get_measure(measure_id=row.pk, today=TODAY).told
    assert told.measure.as_of == LAST
    assert told.story.status.startswith("no reading since")


def test_the_number_of_queries_does_not_grow_with_the_measures(inside, agreed) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        get_measure_cards(engagement_id=inside.engagement.pk, today=TODAY)
    second = define_measure(engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    terms = make_terms(amount=80.0, milestones=())
    agree_target(measure=second, terms=terms, agreed_by=None)
    with CaptureQueriesContext(connection) as two:
        assert len(get_measure_cards(engagement_id=inside.engagement.pk, today=TODAY)) == 2
    assert len(one) == len(two)


def test_a_change_moves_the_stamp_of_the_page(inside, measure) -> None:
    before = get_measure(measure_id=measure.pk, today=TODAY).changed_at
    assert get_measure(measure_id=measure.pk, today=TODAY).changed_at == before
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    assert get_measure(measure_id=measure.pk, today=TODAY).changed_at > before


def test_a_first_proposal_comes_from_the_engagement_and_its_readings(inside, measure) -> None:
    inside.engagement.start_date = FIRST + timedelta(days=5)
    inside.engagement.save()
    row = get_measures().get(pk=measure.pk)
    proposal = get_proposal(measure=row, today=TODAY)
    assert (proposal.baseline_amount, proposal.baseline_date) == (
        grows(4),
        FIRST + timedelta(days=4),
    )
    assert proposal.deadline == inside.engagement.sign_off_date
    agree_target(measure=measure, terms=make_terms(), agreed_by=None)
    again = get_proposal(measure=row, today=TODAY)
    assert (again.amount, len(again.milestones), again.agreed_date) == (150, 2, TODAY)


def test_the_customers_side_sees_its_own_measures_only(used, measure) -> None:
    with tenant_scope(used.tenant.pk):
        other = define_measure(engagement=used.second_engagement, definition=ACTIVE_USERS, now=NOW)
    with tenant_scope(used.tenant.pk, realm=Realm.CUSTOMER, customer_id=used.customer.pk):
        assert [row.pk for row in get_measures()] == [measure.pk]
        assert not Measure.objects.filter(pk=other.pk).exists()
    with tenant_scope(used.other_tenant.pk):
        assert not get_measures().exists()
    with pytest.raises(NoTenant):
        get_measures().exists()
