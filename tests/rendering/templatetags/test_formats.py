"""Numbers and days as pages say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from rendering.formats import using
from rendering.templatetags import formats

THIS_YEAR = timezone.localdate().year


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (3940, "3,940"),
        (1234567.0, "1,234,567"),
        (67.25, "67.2"),
        (-12, "−12"),
        (-0.04, "0"),
        (-0.5, "−0.5"),
    ],
)
def test_numbers_are_grouped_and_negative_ones_have_a_true_minus(value: object, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (7, "+7"), (-22, "−22"), (0, "0"), (0.04, "0"), (1204, "+1,204")],
)
def test_changes_have_their_sign(value: object, text: str) -> None:
    assert formats.signed(value) == text


def test_shares_are_whole_percent_tied_to_their_sign() -> None:
    assert formats.percent(0.684) == "68\N{NO-BREAK SPACE}%"
    assert formats.signed_percent(-0.18) == "−18\N{NO-BREAK SPACE}%"
    assert formats.signed_percent(0.001) == "0\N{NO-BREAK SPACE}%"
    assert formats.percent(None) == formats.signed_percent(None) == "–"


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_a_change_and_its_opposite_differ_by_their_sign_only(value: float) -> None:
    assert formats.signed(value).lstrip("+−") == formats.signed(-value).lstrip("+−")
    assert "-" not in formats.number(value)


def test_numbers_follow_the_reader() -> None:
    with using("de-DE"):
        assert formats.number(3940.5) == "3.940,5"
        assert formats.money(3940.5, "EUR") == "3.940,50\N{NO-BREAK SPACE}€"
        assert formats.said_short(date(2028, 3, 1)) == "1. März 2028"
        assert formats.weekday(date(2028, 3, 1)) == "Mittwoch"


def test_days_are_counted_in_words() -> None:
    assert [formats.days(count) for count in (None, 0, 1, 21)] == [
        "–",
        "0 days",
        "1 day",
        "21 days",
    ]


def test_a_day_says_its_year_when_it_is_not_this_one() -> None:
    assert formats.said_short(date(THIS_YEAR, 1, 8)) == "8 Jan"
    assert formats.said_short(date(THIS_YEAR + 1, 1, 8)) == f"8 Jan {THIS_YEAR + 1}"
    assert formats.said_short(None) == ""


def test_a_day_is_exact_for_machines_and_on_hover() -> None:
    html = formats.said(date(2028, 3, 1))
    assert '<time datetime="2028-03-01"' in html
    assert 'title="Wednesday, 1 March 2028"' in html
    assert formats.said(None) == "–"


def test_a_moment_falls_on_the_day_of_the_zone() -> None:
    late = datetime(2028, 3, 1, 23, 30, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        assert formats.said_short(late) == "2 Mar 2028"
    assert formats.day_of(late + timedelta(hours=1)) == date(2028, 3, 2)


def test_a_bar_never_leaves_its_track() -> None:
    assert [formats.part_of(share, 192) for share in (None, -0.5, 0.68, 1.7)] == [
        "0.0",
        "0.0",
        "130.6",
        "192.0",
    ]


def test_float_is_said_in_days() -> None:
    assert formats.signed_days(-2.5) == "−2.5\N{NO-BREAK SPACE}d"
    assert formats.signed_days(4.0) == "4\N{NO-BREAK SPACE}d"
    assert formats.signed_days(None) == "–"


def test_every_station_of_the_stepper_has_a_name() -> None:
    keys = ("sell", "implement", "adopt", "hypercare", "sign_off", "value")
    assert [formats.step_name(key) for key in keys] == [
        "Sell",
        "Implement",
        "Adopt",
        "Hypercare",
        "Sign-off",
        "Value",
    ]


def test_a_trend_is_the_sparkline_in_a_larger_box() -> None:
    small, large = formats.as_sparkline([1, 2, 3], 1), formats.as_trend([1, 2, 3], 1)
    assert small.highest == large.highest == 3
    assert large.end_x > small.end_x
