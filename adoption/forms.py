"""What people fill in about plans."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label=_("Plan file"),
        help_text=_("Microsoft Project XML, or CSV or XLSX with id, outline, name and duration."),
    )
    follows_today = forms.BooleanField(
        label=_("Keep the forecast current: work not yet done moves on with each day"),
        required=False,
    )
