"""Days, numbers and money as they are written where somebody works."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.formats import DEFAULT, OFFERED, UnknownFormats, current, formats_of, using

DAY = date(2026, 1, 8)
NARROW, TIED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("tag", "number", "euros", "yen", "day", "full"),
    [
        ("en-GB", "−1,234.5", "€1,234.50", "JP¥1,235", "8 Jan 2026", "Thursday, 8 January 2026"),
        ("en-US", "−1,234.5", "€1,234.50", "¥1,235", "Jan 8, 2026", "Thursday, January 8, 2026"),
        ("de-DE", "−1.234,5", f"1.234,50{TIED}€", f"1.235{TIED}¥", "8. Jan. 2026",
         "Donnerstag, 8. Januar 2026"),
        ("nb-NO", f"−1{TIED}234,5", f"1{TIED}234,50{TIED}€", f"1{TIED}235{TIED}JPY",
         "8. jan. 2026", "torsdag 8. januar 2026"),
        ("fr-FR", f"−1{NARROW}234,5", f"1{NARROW}234,50{TIED}€", f"1{NARROW}235{TIED}JPY",
         "8 janv. 2026", "jeudi 8 janvier 2026"),
        ("ja-JP", "−1,234.5", "€1,234.50", "￥1,235", "2026年1月8日", "2026年1月8日木曜日"),
    ],
)  # fmt: skip
def test_each_place_writes_its_own_way(
    tag: str, number: str, euros: str, yen: str, day: str, full: str
) -> None:
    formats = formats_of(tag)
    assert formats.number(-1234.5, 1) == number
    assert formats.money(1234.5, "EUR") == euros
    assert formats.money(1234.6, "JPY") == yen
    assert formats.day_and_year(DAY) == day
    assert formats.full_day(DAY) == full


@pytest.mark.parametrize(
    ("tag", "day", "time", "whole"),
    [
        ("en-GB", "8 Jan", "14:05", "€1,235"),
        ("en-US", "Jan 8", "2:05 PM", "€1,235"),
        ("de-DE", "8. Jan.", "14:05", f"1.235{TIED}€"),
        ("ja-JP", "1月8日", "14:05", "€1,235"),
    ],
)
def test_short_days_times_and_whole_units(tag: str, day: str, time: str, whole: str) -> None:
    formats = formats_of(tag)
    assert formats.day(DAY) == day
    assert formats.time(datetime(2026, 1, 8, 14, 5)) == time  # noqa: DTZ001
    assert formats.money(1234.6, "EUR", cents=False) == whole


def test_groups_follow_the_place() -> None:
    assert formats_of("en-IN").number(1234567) == "12,34,567"
    assert formats_of("de-CH").number(1234567.25, 2) == "1’234’567.25"


def test_zero_has_no_sign() -> None:
    assert formats_of("en-GB").number(-0.04, 1) == "0.0"


@pytest.mark.parametrize("tag", OFFERED)
def test_everything_offered_can_be_written(tag: str) -> None:
    formats = formats_of(tag)
    assert formats.name
    assert "1" in formats.money(1, "EUR")
    assert all(formats.month(number) for number in range(1, 13))
    assert formats.weekday(DAY)


def test_what_is_in_force_ends_with_the_block() -> None:
    assert current().tag == DEFAULT
    with using("nb-NO"):
        assert current().tag == "nb-NO"
        with using("ja-JP"):
            assert current().tag == "ja-JP"
        assert current().tag == "nb-NO"
    assert current().tag == DEFAULT


@pytest.mark.parametrize("tag", ["xx-XX", "", "not a tag"])
def test_an_unknown_place_is_refused(tag: str) -> None:
    with pytest.raises(UnknownFormats), using(tag):
        pass


@given(st.integers(-(10**12), 10**12), st.sampled_from(OFFERED))
def test_digits_are_never_lost(amount: int, tag: str) -> None:
    text = formats_of(tag).number(amount)
    assert "".join(sign for sign in text if sign.isdigit()) == str(abs(amount))
    assert text.startswith("−") == (amount < 0)
