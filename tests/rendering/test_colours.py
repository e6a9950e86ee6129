import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering import colours
from rendering.colours import READABLE, accent_of, contrast, least_contrast, readable_accent

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable_accent("#2b4acb") == "#2b4acb"


@given(COLOURS)
def test_every_colour_has_a_shade_that_can_be_read_in_both_themes(colour: str) -> None:
    accent = accent_of(readable_accent(colour))
    assert least_contrast(accent.light) >= READABLE
    assert contrast(accent.light, accent.on_light) >= READABLE
    for ground in (colours.DARK_SHEET, colours.DARK_PAPER, accent.dark_soft, accent.on_dark):
        assert contrast(accent.dark, ground) >= READABLE


@given(COLOURS, COLOURS)
def test_a_mixture_lies_between(one: str, other: str) -> None:
    assert colours.mix(one, other, 1) == one
    assert colours.mix(one, other, 0) == other
