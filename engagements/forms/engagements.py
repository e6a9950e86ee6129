"""What people fill in about engagements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.custom_fields import OwnFieldsForm
from engagements.forms.fields import ALWAYS_SET, DateInput, with_usual
from engagements.models import Engagement
from people.queries import get_staff
from rendering.currencies import currencies
from tenancy.scope import current_tenant_id

DATES = (
    "start_date",
    "go_live_date",
    "hypercare_end_date",
    "sign_off_date",
    "larger_scope_date",
)


class EngagementForm(OwnFieldsForm[Engagement]):
    lead_name = forms.CharField(
        label=_("SPL"),
        max_length=120,
        required=False,
        help_text=_("The senior project lead at the customer, who owns the adoption project."),
    )
    lead_email = forms.EmailField(label=_("SPL’s e-mail"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, required=False)

    class Meta:
        model = Engagement
        fields = [
            "name",
            "key",
            "phase",
            "mode",
            "csm",
            "currency",
            "start_date",
            "go_live_date",
            "hypercare_end_date",
            "sign_off_date",
            "larger_scope_date",
        ]
        widgets = {name: DateInput() for name in DATES}
        help_texts = {"key": _("Short and lasting, such as HALDEN-1; files and imports name it.")}

    field_order = ["name", "key", "phase", "mode", "lead_name", "lead_email", "csm"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ALWAYS_SET:
            self.fields[name].required = False
        people = get_staff(tenant_id=current_tenant_id())
        self.fields["csm"].queryset = self.fields["csm"].queryset.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in people]
        )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].upper()
        if Engagement.objects.filter(key=key).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another engagement has this key already."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for earlier, later, message in DATE_ORDER:
            first, second = cleaned.get(earlier), cleaned.get(later)
            if first and second and second < first:
                self.add_error(later, message)
        return cleaned

    @property
    def model_fields(self) -> dict[str, Any]:
        return with_usual(super().model_fields)


DATE_ORDER = (
    ("start_date", "go_live_date", _("Go-live comes after the start.")),
    ("go_live_date", "hypercare_end_date", _("Hypercare ends after go-live.")),
    ("go_live_date", "sign_off_date", _("Sign-off comes after go-live.")),
    ("go_live_date", "larger_scope_date", _("Phase 2 comes after phase 1.")),
)
