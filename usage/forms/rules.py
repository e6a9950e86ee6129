"""What a workspace and an engagement agree to count by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rendering.editing import SharedForm
from usage.models import FirstValueRule, UsageRules


class RulesForm(SharedForm[UsageRules]):
    """The workspace's rules: what they are now, to be made a new version."""

    class Meta:
        model = UsageRules
        fields = [
            "window",
            "with_weekends",
            "adopted_days",
            "adopted_weeks",
            "deep_days",
            "habit_weeks",
            "habit_percent",
            "alarm_percent",
            "alarm_users",
        ]


class FirstValueForm(SharedForm[FirstValueRule]):
    """First value of an engagement; `known` are the features used or meant to be, to choose from."""

    def __init__(self, *args: Any, known: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.feature
        names = sorted({*known, chosen} - {""})
        self.fields["feature"] = forms.ChoiceField(
            label=_("Feature"),
            required=False,
            choices=[("", _("Any use")), *((name, name) for name in names)],
        )

    class Meta:
        model = FirstValueRule
        fields = ["feature", "uses", "within_days", "start"]
