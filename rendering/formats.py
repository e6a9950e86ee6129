"""How days, numbers and money are written where somebody works, after Unicode's CLDR.

Nothing here knows Django. What is in force is set once a request with `using`; files for machines
(CSV, JSON, the API) never ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal

MINUS = "\N{MINUS SIGN}"
DEFAULT = "en-GB"
KEPT = 4_096
# Where somebody is likely to work; each is a language and a country, as browsers name them.
OFFERED = (
    *("cs-CZ", "da-DK", "de-AT", "de-CH", "de-DE", "en-AU", "en-CA", "en-GB", "en-IE", "en-IN"),
    *("en-NZ", "en-SG", "en-US", "en-ZA", "es-ES", "es-MX", "et-EE", "fi-FI", "fr-BE", "fr-CA"),
    *("fr-CH", "fr-FR", "hu-HU", "is-IS", "it-IT", "ja-JP", "ko-KR", "lt-LT", "lv-LV", "nb-NO"),
    *("nl-BE", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "sk-SK", "sl-SI", "sv-FI", "sv-SE"),
    *("uk-UA", "zh-CN", "zh-TW"),
)


class UnknownFormats(ValueError):
    """No such language and country is known."""


@dataclass(frozen=True)
class Formats:
    """The formats of one language and country, named by a BCP 47 tag such as nb-NO."""

    tag: str

    @cached_property
    def locale(self) -> Locale:
        """Raises UnknownFormats."""
        try:
            return Locale.parse(self.tag, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            raise UnknownFormats(self.tag) from error

    @property
    def name(self) -> str:
        """The language and country in that language: norsk bokmål (Norge)."""
        return str(self.locale.get_display_name() or self.tag)

    def number(self, value: float, decimals: int = 0) -> str:
        """Grouped digits, that many decimals and a true minus."""
        return _number(self, value, decimals)

    def money(self, amount: float, currency: str, *, cents: bool = True) -> str:
        """An amount in an ISO 4217 currency, with its own number of decimals; or in whole units."""
        size = abs(amount)
        if cents:
            text = format_currency(size, currency, locale=self.locale)
        else:
            pattern = self.locale.currency_formats["standard"].pattern
            whole = pattern.replace(".00", "").replace(",00", "")
            text = format_currency(
                round(size), currency, whole, locale=self.locale, currency_digits=False
            )
        return f"{MINUS}{text}" if amount < 0 else text

    def day(self, day: date) -> str:
        """A day without its year: 8 Jan."""
        return _day(self, day, "MMMd")

    def day_and_year(self, day: date) -> str:
        """8 Jan 2026."""
        return _day(self, day, "yMMMd")

    def long_day(self, day: date, *, with_year: bool) -> str:
        """With the whole name of its month, as in a sentence: 8 January."""
        if with_year:
            return format_date(day, "long", locale=self.locale)
        return format_skeleton("MMMMd", _as_moment(day), locale=self.locale)

    def full_day(self, day: date) -> str:
        """With the day of the week: Thursday 8 January 2026."""
        return format_date(day, "full", locale=self.locale)

    def weekday(self, day: date) -> str:
        return format_date(day, "EEEE", locale=self.locale)

    def month(self, number: int) -> str:
        """The short name of a month, 1 to 12."""
        name = format_date(date(2000, number, 1), "MMM", locale=self.locale)
        return _in_three_letters(name, self.locale)

    def time(self, moment: datetime) -> str:
        """Hours and minutes of a moment as it stands, in the zone it carries: 14:05."""
        return format_datetime(moment, _hours(self.locale), locale=self.locale)


# A large page says the same few numbers and days thousands of times, and nothing but its arguments
# decides how they are written.
@lru_cache(maxsize=KEPT)
def _number(formats: Formats, value: float, decimals: int) -> str:
    places = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    pattern = _grouping(formats.locale, places)
    text = format_decimal(abs(round(value, decimals)), pattern, locale=formats.locale)
    return f"{MINUS}{text}" if round(value, decimals) < 0 else text


@lru_cache(maxsize=KEPT)
def _day(formats: Formats, day: date, skeleton: str) -> str:
    text = format_skeleton(skeleton, _as_moment(day), locale=formats.locale)
    return _in_three_letters(text, formats.locale)


def _in_three_letters(text: str, locale: Locale) -> str:
    # September alone has four in British English, which would widen every column of days.
    return text.replace("Sept", "Sep") if locale.language == "en" else text


def _as_moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day has no zone)


@cache
def _hours(locale: Locale) -> str:
    skeleton = "Hm" if "H" in str(locale.time_formats["short"].pattern) else "hm"
    return str(locale.datetime_skeletons[skeleton].pattern)


@cache
def _grouping(locale: Locale, places: str) -> str:
    """The pattern with the groups of that locale: two digits past the first three in India."""
    usual = str(locale.decimal_formats[None].pattern).split(".")[0]
    return places.replace("#,##0", usual)


_in_force: ContextVar[str] = ContextVar("formats", default=DEFAULT)


@cache
def formats_of(tag: str) -> Formats:
    return Formats(tag)


def current() -> Formats:
    """The formats in force; those of the United Kingdom when nobody set any."""
    return formats_of(_in_force.get())


@contextmanager
def using(tag: str) -> Iterator[Formats]:
    """What is written inside the block is written in these formats. Raises UnknownFormats."""
    chosen = formats_of(tag)
    _ = chosen.locale
    token = _in_force.set(tag)
    try:
        yield chosen
    finally:
        _in_force.reset(token)
