"""What people say of a view of the customer list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import SavedView


class SavedViewForm(forms.ModelForm[SavedView]):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]

    opens_first = forms.BooleanField(label=_("the list opens with it for me"), required=False)

    @property
    def model_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
