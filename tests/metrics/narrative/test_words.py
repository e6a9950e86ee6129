from datetime import date

import pytest

from metrics.definitions import ACTIVE_USERS
from metrics.narrative import words
from tests.metrics.measures import FALLING, SHARE

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("number", "decimals", "said"),
    [
        (330, 0, "330"),
        (-72, 0, "−72"),
        (1204, 0, "1,204"),
        (67.5, 1, "67.5"),
        (-0.2, 0, "0"),
        (0, 0, "0"),
        (-1234567.891, 2, "−1,234,567.89"),
    ],
)
def test_numbers_have_groups_and_a_real_minus(number, decimals, said) -> None:
    assert words.say_number(number, decimals) == said


def test_changes_carry_their_sign_and_zero_has_none() -> None:
    assert [words.say_signed(number) for number in (7, -22, 0, 0.2, -0.2)] == [
        "+7",
        "−22",
        "0",
        "0",
        "0",
    ]


def test_amounts_speak_the_unit_of_the_measure() -> None:
    assert words.say_quantity(ACTIVE_USERS, 330) == "330 people"
    assert words.say_amount(SHARE, 62) == "62\xa0%"
    assert words.say_quantity(SHARE, 62.25) == "62.2\xa0%"
    assert words.say_amount(FALLING, 20) == "20"
    assert words.say_rounded(ACTIVE_USERS, 239.7) == "240"
    assert words.say_change(SHARE, 58, 62) == "+4 points"
    assert words.say_change(ACTIVE_USERS, 402, 330) == "−72"


def test_relative_changes_stay_counts_where_one_person_is_a_big_share() -> None:
    assert words.say_relative(ACTIVE_USERS, 402, 330) == "−18\xa0%"
    assert words.say_relative(ACTIVE_USERS, 4, 3) == "−1"
    assert words.say_relative(ACTIVE_USERS, 0, 3) == "+3"
    assert words.say_relative(SHARE, 40, 44) == "+4 points"


def test_days_carry_their_year_when_it_is_not_this_one() -> None:
    assert words.say_day(date(2026, 12, 18), today=TODAY) == "18 December"
    assert words.say_day(date(2027, 1, 8), today=TODAY) == "8 January 2027"
    assert words.say_day_short(date(2026, 1, 8), today=TODAY) == "8 Jan"
    assert words.say_day_short(date(2025, 12, 31), today=TODAY) == "31 Dec 2025"
    assert words.say_full_day(TODAY) == "18 Nov 2026"


def test_spans_and_punctuality() -> None:
    assert [words.say_span(days) for days in (28, 7, 1, 10)] == [
        "4 weeks",
        "1 week",
        "1 day",
        "10 days",
    ]
    assert [words.say_punctuality(days) for days in (5, 1, 0, -1, -12)] == [
        "five days early",
        "one day early",
        "on the day",
        "one day late",
        "12 days late",
    ]
    assert words.initial("half way, 320") == "Half way, 320"
    assert [words.say_list(names) for names in ([], ["A"], ["A", "B", "C"])] == [
        *("", "A", "A, B and C")
    ]
