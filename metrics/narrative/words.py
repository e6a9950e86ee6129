"""Numbers, days and spans of time as a person says them, in the formats in force."""

from datetime import date

from metrics.definitions import Definition
from rendering.formats import current

NARROW = "\N{NO-BREAK SPACE}"
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def say_number(number: float, decimals: int = 0) -> str:
    """A number with grouped thousands and a typographic minus: −1,204 or 67.5."""
    return current().number(number, decimals)


def say_signed(number: float, decimals: int = 0) -> str:
    """A change with its sign: +7, −22, 0."""
    text = say_number(number, decimals)
    return f"+{text}" if round(number, decimals) > 0 else text


def say_share(share: float) -> str:
    """A share of one as whole percent: 68 %."""
    return f"{say_number(share * 100)}{NARROW}%"


def say_amount(definition: Definition, amount: float) -> str:
    """An amount as it stands in a sentence; only percent carry their unit: 330 or 62 %."""
    text = say_number(amount, _decimals(definition, amount))
    return f"{text}{NARROW}%" if definition.unit == "%" else text


def say_rounded(definition: Definition, amount: float) -> str:
    """A computed amount, rounded to what the measure can have."""
    return say_amount(definition, round(amount, definition.decimals))


def say_quantity(definition: Definition, amount: float) -> str:
    """An amount with its unit: 330 people."""
    text = say_amount(definition, amount)
    return text if definition.unit == "%" else f"{text} {definition.unit}"


def say_change(definition: Definition, before: float, after: float) -> str:
    """A change in the unit of the measure: −72, or +4 points where the measure is a percentage."""
    difference = after - before
    text = say_signed(difference, _decimals(definition, difference))
    return f"{text} points" if definition.unit == "%" else text


def say_relative(definition: Definition, before: float, after: float) -> str:
    """A change as a share of what was: −18 %; counts where the base is too small for shares."""
    if definition.unit == "%" or abs(before) < definition.small_count:
        return say_change(definition, before, after)
    return f"{say_signed((after - before) / abs(before) * 100)}{NARROW}%"


def _decimals(definition: Definition, amount: float) -> int:
    """Whole amounts never grow a decimal, and goals between two counts do not lose theirs."""
    if amount == int(amount):
        return 0
    return max(1, definition.decimals)


def say_day(day: date, *, today: date) -> str:
    """A day in a sentence, with its year when that is not this one: 18 December."""
    return current().long_day(day, with_year=day.year != today.year)


def say_day_short(day: date, *, today: date) -> str:
    """A day on a label: 18 Dec, with its year when that is not this one."""
    return current().day(day) if day.year == today.year else current().day_and_year(day)


def say_full_day(day: date) -> str:
    """A day in a table, always with its year: 15 Nov 2026."""
    return current().day_and_year(day)


def say_count(count: int, noun: str) -> str:
    """A small count in words: one day, five days, 12 weeks."""
    text = COUNTS[count] if count < len(COUNTS) else say_number(count)
    return f"{text} {noun}" if count == 1 else f"{text} {noun}s"


def say_span(days: int) -> str:
    """A span of days, in weeks where they are whole: 4 weeks, 10 days."""
    count, noun = (days // 7, "week") if days % 7 == 0 and days else (days, "day")
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def say_punctuality(days_early: int) -> str:
    """How a date met its agreed day: five days early, on the day, 12 days late."""
    if days_early == 0:
        return "on the day"
    side = "early" if days_early > 0 else "late"
    return f"{say_count(abs(days_early), 'day')} {side}"


def sentence(text: str) -> str:
    """The text as a sentence: first letter large, one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
