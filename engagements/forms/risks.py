"""What people fill in about risks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput, OwnerField, owner_fields
from engagements.models import Engagement, Risk
from rendering.editing import SharedForm


class RiskForm(SharedForm[Risk]):
    class Meta:
        model = Risk
        fields = ["title", "probability", "impact", "mitigation", "mitigation_due_date", "state"]
        widgets = {
            "mitigation": forms.Textarea(attrs={"rows": 3}),
            "mitigation_due_date": DateInput(),
        }

    person = OwnerField(label=_("Owner"))
    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("Kept with the history; needed to close the risk."),
    )
    field_order = ["title", "probability", "impact", "person", "mitigation", "mitigation_due_date"]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.offer(engagement.customer_id)
        person.initial = OwnerField.named(self.instance.owner, self.instance.owner_at_customer)
        if self.instance._state.adding:
            del self.fields["note"], self.fields["state"]

    @property
    def model_fields(self) -> dict[str, Any]:
        return super().model_fields | owner_fields(self.cleaned_data["person"])
