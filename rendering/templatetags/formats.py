"""Numbers, money and days as people say them, in the formats of the workspace."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rendering.formats import current
from rendering.sparkline import TREND, Sparkline, sparkline

register = template.Library()

# A number and its unit stay on one line.
TIED = "\N{NO-BREAK SPACE}"
STEP_NAMES = {
    "sell": _("Sell"),
    "implement": _("Implement"),
    "adopt": _("Adopt"),
    "hypercare": _("Hypercare"),
    "sign_off": _("Sign-off"),
    "value": _("Value"),
}


def day_of(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def said_short(value: date | datetime | None) -> str:
    """`8 Jan`, and with the year when it is not this one."""
    if value is None:
        return ""
    day = day_of(value)
    this_year = day.year == timezone.localdate().year
    return current().day(day) if this_year else current().day_and_year(day)


@register.filter
def said(value: date | datetime | None) -> SafeString | str:
    """The short form, with the exact day on hover and for machines."""
    if value is None:
        return "–"
    stamp, exact = value.isoformat(), said_fully(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact, said_short(value))


@register.filter
def said_fully(value: date | datetime) -> str:
    """`Thursday, 8 January 2026`."""
    return current().full_day(day_of(value))


@register.filter
def weekday(value: date | datetime) -> str:
    return current().weekday(day_of(value))


@register.filter
def said_to_the_minute(value: datetime) -> str:
    """`8 Jan, 14:05`, in the time zone in force."""
    return f"{said_short(value)}, {current().time(timezone.localtime(value))}"


@register.filter
def number(value: Any) -> str:
    """Grouped digits and a true minus; a dash for what is not known."""
    if value is None or value == "":
        return "–"
    rounded = round(float(value), 1)
    return current().number(rounded, 0 if rounded.is_integer() else 1)


@register.filter
def money(value: Any, currency: str) -> str:
    """An amount in a currency, with as many decimals as it has; a dash for what is not known."""
    return "–" if value is None else current().money(value, currency)


@register.filter
def whole_money(value: Any, currency: str) -> str:
    """An amount in whole units, where cents would say more than anybody asked."""
    return "–" if value is None else current().money(value, currency, cents=False)


@register.filter
def signed(value: Any) -> str:
    """A change: with its sign, zero without one."""
    text = number(value)
    return f"+{text}" if value is not None and round(float(value), 1) > 0 else text


@register.filter
def percent(value: Any) -> str:
    """A share of one as whole percent."""
    return "–" if value is None else f"{number(round(float(value) * 100))}{TIED}%"


@register.filter
def signed_percent(value: Any) -> str:
    return "–" if value is None else f"{signed(round(float(value) * 100))}{TIED}%"


@register.filter
def days(value: int | None) -> str:
    if value is None:
        return "–"
    return ngettext("%(n)s day", "%(n)s days", abs(value)) % {"n": number(value)}


@register.filter
def step_name(key: str) -> str:
    return str(STEP_NAMES[key])


@register.filter
def as_sparkline(points: Sequence[float | None], mark: int | None = None) -> Sparkline:
    return sparkline(points, mark)


@register.filter
def as_trend(points: Sequence[float | None], mark: int | None = None) -> Sparkline:
    """The same line in the larger box of a panel."""
    return sparkline(points, mark, box=TREND)


@register.filter
def part_of(share: float | None, width: int) -> str:
    """A share of a width in pixels, clamped to it: only the bar is clamped, never the figure."""
    return f"{min(max(share or 0, 0), 1) * width:.1f}"


@register.filter
def signed_days(value: float | None) -> str:
    """Working days of float: `4 d`, `−2.5 d`."""
    return "–" if value is None else f"{number(value)}{TIED}d"
