import re

import pytest

from rendering import theme
from tests.paths import ROOT

LIGHT = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),")


def test_the_theme_holds_the_light_values_of_the_style_sheet() -> None:
    sheet = dict(LIGHT.findall((ROOT / "static/css/tokens.css").read_text()))
    assert {name: sheet[name] for name in theme.TOKENS} == dict(theme.TOKENS)


def test_every_colour_stands_for_one_token() -> None:
    assert len(theme.ROLES) == len(theme.TOKENS)


def test_a_see_through_colour_keeps_its_token() -> None:
    assert theme.colour("ink") == "#1b1d21"
    assert theme.colour("ink", 0.22) == "rgba(27, 29, 33, 0.22)"
    with pytest.raises(KeyError):
        theme.colour("purple")


def test_a_figure_takes_its_roles_along_and_shows_no_legend() -> None:
    layout = theme.layout(margin={"l": 1})
    assert layout["meta"]["roles"]["#2b4acb"] == "accent"
    assert (layout["showlegend"], layout["dragmode"], layout["margin"]) == (False, False, {"l": 1})
