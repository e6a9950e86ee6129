"""Fields about working days and public holidays."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from engagements.calendars import countries, is_region, name_of, parts_of
from rendering.formats import current

# As a choice; a customer without holidays of its own has those of the workspace.
AS_WORKSPACE, NO_HOLIDAYS = "", "-"
Choices = list[tuple[str, str]]


def weekdays() -> list[tuple[int, str]]:
    """ISO weekdays in the formats in force; 4 January 2021 was a Monday."""
    return [(day, current().weekday(date(2021, 1, 3 + day))) for day in range(1, 8)]


def week_in_words(days: Sequence[int]) -> str:
    """Monday to Friday, or the days one by one where they are not in a row."""
    names = [name for day, name in weekdays() if day in days]
    if len(names) > 2 and max(days) - min(days) == len(names) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def countries_named() -> Choices:
    """Countries whose public holidays are known, by name."""
    return sorted(((code, name_of(code)) for code in countries()), key=lambda entry: entry[1])


def regions(*shown: str | None) -> Choices:
    """Every country, and the parts of those countries that these regions lie in."""
    opened = {region.partition("-")[0] for region in shown if region}
    found: Choices = []
    for code, name in countries_named():
        found.append((code, name))
        if code in opened:
            parts = [f"{code}-{part}" for part in parts_of(code)]
            found += [(region, name_of(region)) for region in parts]
    return found


class WeekField(forms.TypedMultipleChoiceField):
    """Working days as ISO weekdays; none is an answer."""

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


class RegionField(forms.ChoiceField):
    """Whose public holidays are free: the workspace's, nobody's, a country's or its part's."""

    def offer(self, *, own: str | None, usual: str) -> None:
        as_workspace = _("As the workspace (%(name)s)") % {"name": name_of(usual) or _("none")}
        fixed = [(AS_WORKSPACE, as_workspace), (NO_HOLIDAYS, _("None"))]
        self.choices = [*fixed, *regions(own, usual)]

    def valid_value(self, value: Any) -> bool:
        return value in (AS_WORKSPACE, NO_HOLIDAYS) or is_region(str(value))

    @staticmethod
    def as_choice(region: str | None) -> str:
        return AS_WORKSPACE if region is None else region or NO_HOLIDAYS

    @staticmethod
    def as_region(choice: str) -> str | None:
        if choice == AS_WORKSPACE:
            return None
        return "" if choice == NO_HOLIDAYS else choice
