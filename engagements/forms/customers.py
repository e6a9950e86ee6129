"""What people fill in about customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.calendars import RegionField, WeekField
from engagements.forms.custom_fields import OwnFieldsForm
from engagements.forms.fields import DateInput, time_zones, with_usual
from engagements.forms.references import ReferencesField, read_references
from engagements.models import Customer
from engagements.queries import get_referenced
from people.queries import get_staff
from rendering.currencies import currencies
from tenancy.queries import get_current_tenant
from tenancy.scope import current_tenant_id


class CustomerForm(OwnFieldsForm[Customer]):
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

    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, required=False)
    references = ReferencesField()
    holidays = RegionField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("Once a country is saved, its parts can be chosen too."),
    )
    week = WeekField(
        label=_("Working days"), help_text=_("None ticked: the working days of the workspace.")
    )

    class Meta:
        model = Customer
        fields = [
            "name",
            "external_id",
            "time_zone",
            "segment",
            "industry",
            "currency",
            "yearly_amount",
            "renewal_date",
            "csm",
        ]
        widgets = {"renewal_date": DateInput()}
        help_texts = {
            "external_id": _("The id this customer has in your CRM and in your usage events.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workspace = get_current_tenant()
        region: RegionField = self.fields["holidays"]  # type: ignore[assignment]
        region.offer(own=self.instance.holiday_region, usual=workspace.holiday_region)
        self.initial["holidays"] = region.as_choice(self.instance.holiday_region)
        self.initial["week"] = self.instance.working_days or []
        self.initial.setdefault("currency", workspace.currency)
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

    def clean_references(self) -> str:
        """Said beside the field whose id somebody else has already."""
        text: str = self.cleaned_data["references"]
        taken = get_referenced(pairs=read_references(text).items())
        for (system, value), customer_id in taken.items():
            if customer_id != self.instance.pk:
                words = _("Another customer has the id “%(value)s” in %(system)s already.")
                raise forms.ValidationError(words, params={"value": value, "system": system})
        return text

    @property
    def references_given(self) -> dict[str, str]:
        return read_references(self.cleaned_data["references"])

    @property
    def model_fields(self) -> dict[str, Any]:
        return with_usual(super().model_fields) | {
            "working_days": self.cleaned_data["week"] or None,
            "holiday_region": RegionField.as_region(self.cleaned_data["holidays"]),
        }
