"""Fields about days and weeks that the plan's forms share."""

import re
from datetime import date
from typing import Any

from django import forms

from engagements.calendars import countries, name_of, parts_of
from rendering.formats import current

Choices = list[tuple[str, str]]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def weekdays() -> list[tuple[int, str]]:
    """ISO weekdays in the formats in force; 4 January 2021 was a Monday."""
    return [(day, current().weekday(date(2021, 1, 3 + day))) for day in range(1, 8)]


def regions(*shown: str) -> Choices:
    """Every country whose public holidays are known, and the parts of those these lie in."""
    opened = {region.partition("-")[0] for region in shown if region}
    named = sorted((name_of(code), code) for code in countries())
    found: Choices = []
    for name, code in named:
        found.append((code, name))
        if code in opened:
            found += [(f"{code}-{part}", name_of(f"{code}-{part}")) for part in parts_of(code)]
    return found


class DaysOfWeekField(forms.TypedMultipleChoiceField):
    """Days of the week as ISO weekdays; none is an answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=weekdays,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        # A shared form hands over the days as text.
        days = re.findall("[1-7]", value) if isinstance(value, str) else value or []
        return super().clean([day for day in days if day])
