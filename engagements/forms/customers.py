"""What people fill in about customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput, time_zones, with_usual
from engagements.models import Customer
from people.queries import get_staff
from rendering.editing import SharedForm
from tenancy.scope import current_tenant_id


class CustomerForm(SharedForm[Customer]):
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
        self.fields["currency"].required = False
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
        return with_usual(super().model_fields)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, with the column names in the first row; up to 20 MB."),
    )
    check_only = forms.BooleanField(
        label=_("Check only, save nothing"), required=False, initial=False
    )
