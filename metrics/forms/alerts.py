"""What of the alerts is shown, and what was done about one."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.models import Alert
from metrics.queries.alerts import STATES


class AlertFiltersForm(forms.Form):
    """Kept in the address: state, kind, whose, and one engagement."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *((key, key) for key in STATES)])
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Every kind")), *Alert.Kind.choices]
    )
    mine = forms.CharField(required=False, max_length=1)
    about = forms.CharField(required=False, max_length=36)

    def clean_about(self) -> str:
        text: str = self.cleaned_data["about"]
        try:
            return str(UUID(text)) if text else ""
        except ValueError:
            return ""

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for and can be; what cannot is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class ResolveForm(forms.Form):
    resolution = forms.CharField(
        label=_("What was done"),
        max_length=300,
        help_text=_("Also why nothing needs to be done. The same matter is not raised again."),
    )
