"""Numbers, days and spans of time as a person says them, in the formats in force."""

from collections.abc import Callable, Sequence
from datetime import date

from metrics.definitions import Definition
from rendering.formats import current
from rendering.sentences import Sentence, sentence

# Says a sentence in the language of whoever reads it; `str` leaves it English.
Say = Callable[[str], str]

NARROW = "\N{NO-BREAK SPACE}"
COUNTS = (
    sentence("two"),
    sentence("three"),
    sentence("four"),
    sentence("five"),
    sentence("six"),
    sentence("seven"),
    sentence("eight"),
    sentence("nine"),
)


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
    if definition.unit == "%":
        return text
    return sentence("%(amount)s %(unit)s", amount=text, unit=definition.unit)


def say_change(definition: Definition, before: float, after: float) -> str:
    """A change in the unit of the measure: −72, or +4 points where the measure is a percentage."""
    difference = after - before
    text = say_signed(difference, _decimals(definition, difference))
    return sentence("%(n)s points", n=text) if definition.unit == "%" else text


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


def say_number_word(count: int) -> str:
    """A small count in words, a larger one in figures: two, 12."""
    return COUNTS[count - 2] if 2 <= count < len(COUNTS) + 2 else say_number(count)


def say_days(count: int) -> Sentence:
    """A number of days: one day, five days, 12 days."""
    if count == 1:
        return sentence("one day")
    return sentence("%(n)s days", n=say_number_word(count))


def say_span(days: int) -> Sentence:
    """A span of days, in weeks where they are whole: 4 weeks, 10 days."""
    if days == 7:
        return sentence("1 week")
    if days % 7 == 0 and days:
        return sentence("%(n)s weeks", n=say_number(days // 7))
    return sentence("1 day") if days == 1 else sentence("%(n)s days", n=say_number(days))


def say_punctuality(days_early: int) -> Sentence:
    """How a date met its agreed day: five days early, on the day, 12 days late."""
    if days_early == 0:
        return sentence("on the day")
    if days_early > 0:
        return sentence("%(days)s early", days=say_days(days_early))
    return sentence("%(days)s late", days=say_days(-days_early))


def say_list(names: Sequence[str]) -> str:
    """Names as a person lists them: A, B and C. Sentences among them stay sayable."""
    if not names:
        return ""
    text = names[0]
    for name in names[1:-1]:
        text = sentence("%(names)s, %(next)s", names=text, next=name)
    if len(names) == 1:
        return text
    return sentence("%(names)s and %(last)s", names=text, last=names[-1])


def initial(text: str) -> str:
    """Words that somebody typed, with a large first letter to begin a sentence."""
    return f"{text[:1].upper()}{text[1:]}"
