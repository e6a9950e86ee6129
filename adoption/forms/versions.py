"""Naming a version of a plan, choosing two to compare, and trying other durations."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class BaselineForm(forms.Form):
    name = forms.CharField(label=_("Name of the baseline"), max_length=120)
    choose = forms.BooleanField(
        label=_("Hold the plan against this one from now on"), required=False
    )


class WhatIfForm(forms.Form):
    name = forms.CharField(
        label=_("What do you want to try?"),
        max_length=120,
        help_text=_("Such as: a second trainer, go-live two weeks later."),
    )


class CompareForm(forms.Form):
    """Which versions to compare; `choices` are those there are."""

    before = forms.ChoiceField(label=_("From"))
    after = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
