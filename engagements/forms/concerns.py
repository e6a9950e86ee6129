"""What people fill in about concerns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import OwnerField, owner_fields
from engagements.models import Concern, Engagement
from rendering.editing import SharedForm


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ConcernForm(SharedForm[Concern]):
    class Meta:
        model = Concern
        fields = ["text", "due_at", "state", "resolution", "shared"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "due_at": MomentInput(),
            "resolution": forms.Textarea(attrs={"rows": 3}),
        }

    person = OwnerField(label=_("Owner"))
    field_order = ["text", "person", "due_at", "state", "resolution", "shared"]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.offer(engagement.customer_id)
        person.initial = OwnerField.named(self.instance.owner, self.instance.owner_at_customer)
        if self.instance._state.adding:
            del self.fields["state"], self.fields["resolution"]

    @property
    def model_fields(self) -> dict[str, Any]:
        return super().model_fields | owner_fields(self.cleaned_data["person"])
