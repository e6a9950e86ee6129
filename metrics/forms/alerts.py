"""What of the alerts is shown, whose one is, and what was done about it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.models import Alert
from metrics.queries.alerts import STATES, WHOSE
from people.models import User
from people.queries import get_staff
from tenancy.scope import current_tenant_id


class AlertFiltersForm(forms.Form):
    """Kept in the address: state, kind, whose, and one engagement."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *((key, key) for key in STATES)])
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Every kind")), *Alert.Kind.choices]
    )
    whose = forms.ChoiceField(required=False, choices=[("", ""), *((key, key) for key in WHOSE)])
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


class AssignForm(forms.Form):
    """Whose it is: one of the people who look after customers, or nobody."""

    owner = forms.ModelChoiceField[User](
        User.objects.none(), label=_("Whose it is"), required=False, empty_label=_("Nobody’s")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = get_staff(tenant_id=current_tenant_id())
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in staff])


class ResolveForm(forms.Form):
    resolution = forms.CharField(
        label=_("What was done"),
        max_length=300,
        help_text=_("Also why nothing needs to be done. The same matter is not raised again."),
    )
