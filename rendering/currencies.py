"""Money by name: the currencies somebody may choose."""

from functools import cache

from babel import Locale
from babel.numbers import list_currencies

COMMON = ("EUR", "USD", "GBP", "CHF", "NOK", "SEK", "DKK", "JPY", "AUD", "CAD")


@cache
def currencies() -> list[tuple[str, str]]:
    """ISO 4217 codes of money in use with their names, the common ones first."""
    names = Locale.parse("en").currencies
    in_use = [code for code in sorted(list_currencies()) if code in names and code not in COMMON]
    return [(code, f"{code}, {names[code]}") for code in (*COMMON, *in_use)]
