from dataclasses import FrozenInstanceError, replace
from datetime import date, timedelta

import pytest

from metrics.definitions import (
    ACTIVE_USERS,
    Baseline,
    Milestone,
    Reading,
    Target,
    UnknownDefinition,
    contradictions,
    get_definition,
    latest_definitions,
    missing_parts,
)
from tests.metrics.measures import (
    AS_OF,
    BASELINE,
    FALLING,
    MILESTONES,
    TARGET,
    daily,
    make_measure,
    rising,
)


def test_active_users_look_back_on_28_days_and_rise() -> None:
    assert get_definition("active_users_28d", 1) is ACTIVE_USERS
    assert (ACTIVE_USERS.window_days, ACTIVE_USERS.rising) == (28, True)
    assert ACTIVE_USERS in latest_definitions()


def test_an_unknown_version_is_named() -> None:
    with pytest.raises(UnknownDefinition, match="active_users_28d, version 7"):
        get_definition("active_users_28d", 7)


def test_definitions_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        ACTIVE_USERS.window_days = 30  # type: ignore[misc]


@pytest.mark.parametrize(
    ("definition", "amount", "met"),
    [
        (ACTIVE_USERS, 480, True),
        (ACTIVE_USERS, 479, False),
        (FALLING, 480, True),
        (FALLING, 481, False),
    ],
)
def test_a_goal_is_met_on_its_better_side(definition, amount, met) -> None:
    assert definition.meets(amount, 480) is met


def test_no_amount_leaves_what_can_occur() -> None:
    share = replace(ACTIVE_USERS, highest=100.0)
    assert [share.within_limits(amount) for amount in (-4, 50, 130)] == [0, 50, 100]
    assert replace(share, lowest=None).within_limits(-4) == -4


def test_the_agreed_course_runs_over_the_milestones_in_order_of_their_days() -> None:
    after = Milestone("Later", 490, TARGET.deadline + timedelta(days=1))
    course = make_measure(milestones=(after, *reversed(MILESTONES))).course
    assert [amount for _, amount in course] == [13, 160, 320, 400, 480]
    assert make_measure(baseline=None).course == ()
    assert make_measure(target=None).course == ()


def test_a_reading_grows_stale_after_its_validity() -> None:
    fresh = rising()
    assert not fresh.is_stale
    assert not replace(fresh, as_of=AS_OF + timedelta(days=7)).is_stale
    assert replace(fresh, as_of=AS_OF + timedelta(days=8)).is_stale
    assert not make_measure().is_stale


def test_a_handful_of_people_is_small_but_a_start_from_few_is_not() -> None:
    few = Target("x", 4, TARGET.deadline)
    small = make_measure(daily(lambda _: 3), baseline=Baseline(0, BASELINE.day), target=few)
    assert small.is_small
    assert not make_measure(daily(lambda _: 3)).is_small


def test_the_open_day_follows_the_last_closed_one() -> None:
    assert make_measure().open_date == AS_OF + timedelta(days=1)
    assert make_measure((Reading(AS_OF, 5),)).latest == Reading(AS_OF, 5)


def test_what_a_target_lacks_is_named() -> None:
    assert missing_parts(quality="active people", amount=480, deadline=TARGET.deadline) == ()
    assert missing_parts(quality=" ", amount=None, deadline=None) == (
        "what is to be reached (quality)",
        "how much (quantity)",
        "by when (deadline)",
    )
    assert missing_parts(quality="x", amount=0, deadline=TARGET.deadline) == ()


def test_a_sound_agreement_has_no_contradictions() -> None:
    assert contradictions(ACTIVE_USERS, BASELINE, TARGET, MILESTONES) == ()
    falling = Baseline(41.5, BASELINE.day)
    goal = Target("fewer tickets", 12, TARGET.deadline)
    assert contradictions(FALLING, falling, goal, [Milestone("Half", 20, AS_OF)]) == ()


def test_contradictions_are_told_one_by_one() -> None:
    early = Target("x", 10, BASELINE.day)
    outside = Milestone("Odd", 900, date(2027, 5, 1))
    assert contradictions(ACTIVE_USERS, BASELINE, early, [outside]) == (
        "The target lies below the baseline, and this measure is rising.",
        "The deadline is not after the day of the baseline.",
        "“Odd” is not between the baseline and the deadline.",
        "“Odd” is not between the baseline amount and the target.",
    )
    level = Target("x", 13, TARGET.deadline)
    assert contradictions(ACTIVE_USERS, BASELINE, level, []) == (
        "The target equals the baseline, so there is nothing to reach.",
    )
