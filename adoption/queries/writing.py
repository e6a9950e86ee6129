"""Durations and lags the way somebody types them. Plain values."""


def written(minutes: int | None, *, day: int, elapsed: bool = False) -> str:
    """`5d`, `0.5d`, `3h`, `45m`; with an e before the letter where the clock counts."""
    if minutes is None:
        return ""
    whole_day, mark = (1440, "e") if elapsed else (day, "")
    for unit, letter in ((whole_day, "d"), (60, "h")):
        if unit and (minutes % unit == 0 or (letter == "d" and minutes * 4 % unit == 0)):
            return f"{minutes / unit:g}{mark}{letter}"
    if minutes % 6 == 0:
        return f"{minutes / 60:g}{mark}h"
    return f"{minutes}{mark}m"


def written_lag(minutes: int, *, day: int, elapsed: bool = False) -> str:
    """The same for a lag, which may be nothing or less than nothing."""
    if not minutes:
        return ""
    return f"{'-' if minutes < 0 else ''}{written(abs(minutes), day=day, elapsed=elapsed)}"
