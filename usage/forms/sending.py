"""A stretch of days."""

from __future__ import annotations

from datetime import date

from django import forms

from usage.queries import UnusableRange, refuse_unusable


class RangeForm(forms.Form):
    """Which days to show; nothing given means what the page shows by itself."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)

    def days(self, *, first: date, last: date) -> tuple[date, date]:
        """The days asked for, or these where none or unusable ones were."""
        if not self.is_valid():
            return first, last
        asked_last = self.cleaned_data["last"] or last
        asked_first = self.cleaned_data["first"] or min(first, asked_last)
        try:
            refuse_unusable(asked_first, asked_last)
        except UnusableRange:
            return first, last
        return asked_first, asked_last
