"""How well colours can be told apart, and shades that can be read. Colours are `#rrggbb`."""

from collections.abc import Iterator
from dataclasses import dataclass

# WCAG 2.2, 1.4.3: the least contrast of text with what it stands on.
READABLE = 4.5
# The grounds of static/css/tokens.css.
LIGHT_SHEET, LIGHT_PAPER = "#ffffff", "#f7f6f3"
DARK_SHEET, DARK_PAPER = "#191c20", "#111316"
DARK_INK = "#10152b"
STEPS = 100
SOFTNESS = 0.1


@dataclass(frozen=True, slots=True)
class Accent:
    """An accent colour in both themes: the colour, its soft ground and the ink upon it."""

    light: str
    light_soft: str
    on_light: str
    dark: str
    dark_soft: str
    on_dark: str


def accent_of(colour: str) -> Accent:
    """The colour as chosen on light grounds, and lightened until it can be read on dark ones."""
    dark = next(
        shade for shade in _shades(colour, "#ffffff") if _least_contrast_on_dark(shade) >= READABLE
    )
    return Accent(
        light=colour,
        light_soft=_soft(colour, LIGHT_SHEET),
        on_light=LIGHT_SHEET,
        dark=dark,
        dark_soft=_soft(dark, DARK_SHEET),
        on_dark=DARK_INK,
    )


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str) -> float:
    """The contrast of an accent colour where it has the least of it in the light theme."""
    grounds = (LIGHT_SHEET, LIGHT_PAPER, _soft(colour, LIGHT_SHEET))
    return min(contrast(colour, ground) for ground in grounds)


def _least_contrast_on_dark(colour: str) -> float:
    grounds = (DARK_SHEET, DARK_PAPER, DARK_INK, _soft(colour, DARK_SHEET))
    return min(contrast(colour, ground) for ground in grounds)


def readable_accent(colour: str) -> str:
    """The colour itself where it can be read in the light theme, else the nearest darker shade."""
    return next(shade for shade in _shades(colour, "#000000") if least_contrast(shade) >= READABLE)


def _shades(colour: str, towards: str) -> Iterator[str]:
    return (mix(towards, colour, step / STEPS) for step in range(STEPS + 1))


def _soft(colour: str, ground: str) -> str:
    return mix(colour, ground, SOFTNESS)


def mix(colour: str, ground: str, share: float) -> str:
    """So much of a colour, from 0 to 1, over a ground."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(
        f"{round(above * share + below * (1 - share)):02x}" for above, below in pairs
    )


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
