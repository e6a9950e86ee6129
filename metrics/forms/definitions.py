"""Definitions of a workspace's own."""

from django import forms

from metrics.models import OwnDefinition
from rendering.editing import SharedForm


class DefinitionForm(SharedForm[OwnDefinition]):
    class Meta:
        model = OwnDefinition
        fields = [
            "label",
            "unit",
            "direction",
            "source",
            "counting",
            "window_days",
            "valid_days",
            "decimals",
            "lowest",
            "highest",
            "small_count",
            "minutes",
        ]
        widgets = {"counting": forms.Textarea(attrs={"rows": 3})}
