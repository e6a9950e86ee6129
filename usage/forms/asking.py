"""What the address of a page of use narrows it to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from usage.activity import MAU_DAYS
from usage.forms.sending import RangeForm
from usage.numbers.people import Standing
from usage.queries import Asked, ClosedDays

SHOWN_DAYS = 180
ON, OFF = "on", "off"


class AskedForm(RangeForm):
    """Days, one impact group, and whether days off count. What makes no sense is left out."""

    group = forms.UUIDField(required=False)
    weekends = forms.ChoiceField(required=False, choices=[(ON, ON), (OFF, OFF)])

    def asked(self, *, closed: ClosedDays, groups: Collection[UUID], with_weekends: bool) -> Asked:
        """Up to the newest closed day at the latest; by default the half year before it, or what
        there is of it, at least four weeks."""
        half_year = closed.last - timedelta(days=SHOWN_DAYS - 1)
        four_weeks = closed.last - timedelta(days=MAU_DAYS - 1)
        usual = max(half_year, min(closed.first, four_weeks))
        first, last = self.days(first=usual, last=closed.last)
        last = min(last, closed.last)
        group = self._cleaned("group")
        said = self._cleaned("weekends")
        return Asked(
            first=min(first, last),
            last=last,
            group_id=group if group in groups else None,
            with_weekends=said == ON if said else with_weekends,
        )

    def days(self, *, first: date, last: date) -> tuple[date, date]:
        """A range alone may be unusable; what else is asked for holds all the same."""
        only = RangeForm({name: self.data.get(name, "") for name in ("first", "last")})
        return RangeForm.days(only, first=first, last=last)

    def _cleaned(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


STANDINGS = (
    (Standing.ACTIVE.value, _("Active in 28 days")),
    (Standing.STOPPED.value, _("Stopped within 28 days")),
    (Standing.GONE.value, _("Gone for longer")),
    (Standing.NEVER.value, _("Never seen")),
)


class PeopleForm(forms.Form):
    """How the list of people is narrowed and sorted."""

    q = forms.CharField(required=False, max_length=120, label=_("Name or id"))
    standing = forms.ChoiceField(
        required=False, choices=[("", _("Everybody")), *STANDINGS], label=_("Who")
    )
    sort = forms.CharField(required=False, max_length=12)
    counted = forms.CharField(required=False, max_length=260)

    def said(self, name: str) -> str:
        """What was asked for; nothing where it makes no sense."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
