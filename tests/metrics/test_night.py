"""What the night keeps and raises."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE, Baseline, Milestone
from metrics.models import Alert, HealthScore, Measure, Reading, ReadingChange
from metrics.operations import (
    Judged,
    agree_target,
    change_measure,
    define_measure,
    judge_engagements,
    record_reading,
    refresh_readings,
    reopen_alert,
    resolve_alert,
    snooze_alert,
    weigh_measures,
)
from metrics.queries import get_health
from notifications.models import Notification
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, record_use
from tests.metrics.terms import make_terms

TODAY = LAST + timedelta(days=1)
MISSED = Milestone("First groups", 140, LAST - timedelta(days=20))


@pytest.fixture
def inside(used: Cast) -> Any:
    with tenant_scope(used.tenant.pk):
        yield used


def behind(cast: Cast, measure: Measure) -> None:
    """84 days of growth to 93 people, where 140 were agreed for three weeks ago."""
    agree_target(measure=measure, terms=make_terms(milestones=(MISSED,)), agreed_by=cast.csm)


def night(days: int = 0) -> Judged:
    return judge_engagements(business_date=LAST + timedelta(days=days), now=NOW)


def test_a_missed_milestone_is_one_alert_however_many_nights_see_it(inside, measure) -> None:
    behind(inside, measure)
    assert night() == Judged(raised=1, ended=0, scores=1)
    assert night() == Judged(raised=0, ended=0, scores=1)
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.weight, alert.owner) == ("milestone_missed", "act", inside.csm)
    assert "First groups" in alert.reason
    assert "it stands at 93" in alert.reason
    assert HealthScore.objects.count() == 1


def test_the_csm_and_the_lead_hear_of_it_once(inside, measure) -> None:
    behind(inside, measure)
    night()
    night()
    told = Notification.objects.filter(kind="alert.raised")
    assert {row.user for row in told} == {inside.csm, inside.lead}
    assert told.count() == 2


def test_it_ends_by_itself_and_a_resolved_one_stays_resolved(inside, measure) -> None:
    behind(inside, measure)
    night()
    alert = Alert.objects.get()
    resolve_alert(alert=alert, by=inside.csm, resolution="Talked to them", now=NOW)
    assert night() == Judged(0, 0, 1)
    reopen_alert(alert=Alert.objects.get())
    agree_target(measure=measure, terms=make_terms(milestones=()), agreed_by=inside.csm)
    assert night().ended == 1
    ended = Alert.objects.get()
    assert (ended.is_open, ended.by_hand) == (False, False)


def test_an_alert_sleeps_until_its_day(inside, measure) -> None:
    behind(inside, measure)
    night()
    until = TODAY + timedelta(days=7)
    snooze_alert(alert=Alert.objects.get(), until=until, today=TODAY)
    night()
    assert Alert.objects.get().snoozed_until == until


def test_an_overdue_reading_is_chased_where_it_can_be_recorded(inside) -> None:
    by_hand = define_measure(engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    change_measure(measure=by_hand, fields={"cadence": "weekly", "reader": inside.manager})
    Measure.objects.filter(pk=by_hand.pk).update(created_at=NOW - timedelta(days=60))
    night()
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.owner) == ("reading_overdue", inside.manager)
    assert alert.url == f"measures/{by_hand.pk}/readings/new/"
    record_reading(
        measure=by_hand, day=LAST, amount=5, now=NOW, today=TODAY, recorded_by=inside.manager
    )
    assert night().ended == 1


def test_use_that_ended_is_said(cast: Cast, tmp_path) -> None:
    record_use(cast, tmp_path, lambda day: 40 if day < 42 else 0)
    with tenant_scope(cast.tenant.pk):
        define_measure(engagement=cast.engagement, definition=ACTIVE_USERS, now=NOW)
        night()
        [alert] = Alert.objects.all()
    assert alert.kind == "silent"
    assert "nobody is left" in alert.reason


def test_the_score_of_the_night_is_the_one_of_the_page(inside, measure) -> None:
    agree_target(
        measure=measure,
        terms=make_terms(baseline=Baseline(10, FIRST), milestones=()),
        agreed_by=inside.csm,
    )
    night()
    view = get_health(engagement_id=inside.engagement.pk, today=TODAY)
    kept = HealthScore.objects.get()
    assert view.health.value == pytest.approx(kept.score)
    assert sum(one.part.points for one in view.parts) == pytest.approx(kept.score)
    assert [day.score for day in view.history] == [kept.score]


def test_other_weights_are_a_new_version_and_leave_kept_scores(inside, measure) -> None:
    behind(inside, measure)
    night()
    before = HealthScore.objects.get().score
    made = weigh_measures(
        weights={"active_users_28d": 3}, watch_from=40, good_from=90, by=inside.admin
    )
    assert made is not None
    assert made.version == 1
    again = weigh_measures(
        weights={"active_users_28d": 3}, watch_from=40, good_from=90, by=inside.admin
    )
    assert again is None
    assert HealthScore.objects.get().score == before
    night(days=1)
    newest = HealthScore.objects.latest("day")
    assert newest.model_version == 1


class Killed(Exception):
    """What ends a worker."""


# The statement of a night that is its last one, by how it begins.
CUTS = (
    'INSERT INTO "metrics_readingchange"',
    'INSERT INTO "metrics_reading"',
    'UPDATE "metrics_measure" SET "stated_date"',
    'INSERT INTO "metrics_healthscore"',
    'INSERT INTO "metrics_alert"',
    'INSERT INTO "notifications_',
)
STEPS = (refresh_readings, judge_engagements)


@contextmanager
def killed_at(statement: str) -> Iterator[list[str]]:
    """The worker dies with the first statement that begins so; the list says whether it did."""
    died: list[str] = []

    def kill(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(statement):
            died.append(sql)
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kill):
        yield died


def kept() -> dict[str, Any]:
    """Every row the two steps write, without their ids."""
    return {
        "readings": set(
            Reading.objects.values_list("measure", "day", "amount", "definition_version")
        ),
        "changes": set(ReadingChange.objects.values_list("measure", "day", "before", "after")),
        "scores": set(HealthScore.objects.values_list("engagement", "day", "score", "band")),
        "alerts": sorted(
            map(str, Alert.objects.values_list("kind", "key", "said", "opened_date", "resolved_at"))
        ),
        "standings": set(Measure.objects.values_list("pk", "stated_date", "state", "score")),
        "told": sorted(map(str, Notification.objects.values_list("user", "kind", "text"))),
    }


def steps(*wanted: Any) -> None:
    """Each in a transaction of its own, as the queue performs them."""
    for step in wanted:
        with transaction.atomic():
            step(business_date=LAST, now=NOW)


@pytest.fixture
def work(inside: Cast, measure: Measure) -> dict[str, Any]:
    """A night with new, corrected and missed: what it leaves where nothing goes wrong."""
    behind(inside, measure)
    Reading.objects.filter(day__gt=LAST - timedelta(days=3)).delete()
    Reading.objects.filter(day=LAST - timedelta(days=9)).update(amount=1)
    Measure.objects.update(stated_date=None)
    begun = transaction.savepoint()
    steps(*STEPS)
    whole = kept()
    transaction.savepoint_rollback(begun)
    assert all(whole.values())
    return whole


@pytest.mark.parametrize("statement", CUTS)
def test_a_night_killed_anywhere_and_begun_again_leaves_the_same_rows(work, statement) -> None:
    before = kept()
    with killed_at(statement) as died, pytest.raises(Killed):
        steps(*STEPS)
    assert len(died) == 1
    # What had been one transaction is there whole or not at all.
    after = kept()
    assert after["scores"] == before["scores"]
    assert after["readings"] in (before["readings"], work["readings"])
    steps(*STEPS)
    assert kept() == work


def test_steps_repeated_between_one_another_leave_the_same_rows(work) -> None:
    refresh, judge = STEPS
    steps(refresh, refresh, judge, refresh, judge, judge)
    assert kept() == work
