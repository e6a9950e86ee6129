"""What people fill in about customers and engagements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Customer, Engagement, time_zone_names
from people.queries import get_staff
from tenancy.scope import current_tenant_id


def time_zones() -> list[tuple[str, str]]:
    named = sorted(zone for zone in time_zone_names() if "/" in zone or zone == "UTC")
    return [(zone, zone.replace("_", " ")) for zone in named]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CustomerForm(forms.ModelForm[Customer]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Days of use are counted in this zone."),
    )
    seats = forms.IntegerField(
        label=_("Licence seats"),
        min_value=0,
        max_value=100_000_000,
        required=False,
        help_text=_("A change counts from today; earlier days keep their seats."),
    )

    class Meta:
        model = Customer
        fields = ["name", "external_id", "time_zone", "segment", "renewal_date", "csm"]
        widgets = {"renewal_date": DateInput()}
        help_texts = {
            "external_id": _("The id this customer has in your CRM and in your usage events.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_staff(tenant_id=current_tenant_id())
        self.fields["csm"].queryset = self.fields["csm"].queryset.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in people]
        )

    def clean_external_id(self) -> str:
        external_id: str = self.cleaned_data["external_id"]
        others = Customer.objects.filter(external_id=external_id).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another customer has this external id already."))
        return external_id

    @property
    def model_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class EngagementForm(forms.ModelForm[Engagement]):
    lead_name = forms.CharField(
        label=_("SPL"),
        max_length=120,
        required=False,
        help_text=_("The senior project lead at the customer, who owns the adoption project."),
    )
    lead_email = forms.EmailField(label=_("SPL’s e-mail"), required=False)

    class Meta:
        model = Engagement
        fields = [
            "name",
            "key",
            "phase",
            "csm",
            "start_date",
            "go_live_date",
            "hypercare_end_date",
            "sign_off_date",
        ]
        widgets = {
            name: DateInput()
            for name in ("start_date", "go_live_date", "hypercare_end_date", "sign_off_date")
        }
        help_texts = {"key": _("Short and lasting, such as HALDEN-1; files and imports name it.")}

    field_order = ["name", "key", "phase", "lead_name", "lead_email", "csm"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


DATE_ORDER = (
    ("start_date", "go_live_date", _("Go-live comes after the start.")),
    ("go_live_date", "hypercare_end_date", _("Hypercare ends after go-live.")),
    ("go_live_date", "sign_off_date", _("Sign-off comes after go-live.")),
)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, with the column names in the first row; up to 20 MB."),
    )
    check_only = forms.BooleanField(
        label=_("Check only, save nothing"), required=False, initial=False
    )
