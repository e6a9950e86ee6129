"""What people say about a file on its way in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.imports import Column

FIELD = "column_"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel (XLSX) with the column names in the first row; up to 20 MB and 50,000"
            " rows. Columns may be called as you like: you say next what they are."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
    )


class ColumnsForm(forms.Form):
    """Each column of a file with a choice of ours, or none."""

    keep_as = forms.CharField(
        label=_("Remember these columns as"),
        max_length=80,
        required=False,
        help_text=_("Such as “Salesforce export”. The next file like this one is then recognised."),
    )

    def __init__(
        self,
        *args: Any,
        found: Sequence[str],
        ours: Sequence[Column],
        mapping: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = [(f"{FIELD}{number}", name) for number, name in enumerate(found) if name]
        self.labels = {column.name: column.label for column in ours}
        choices = [("", _("Leave out")), *self.labels.items()]
        for field, name in self.found:
            self.fields[field] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=mapping.get(name, "")
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for field, name in self.found:
            ours = cleaned.get(field)
            if ours and ours in taken:
                words = _("“%(other)s” is %(ours)s already.")
                named = {"other": taken[ours], "ours": self.labels[ours]}
                self.add_error(field, forms.ValidationError(words, params=named))
            elif ours:
                taken[ours] = name
        self._require_a_key(set(taken))
        return cleaned

    def _require_a_key(self, taken: set[str]) -> None:
        if not any(name == "external_id" or name.startswith("ref:") for name in taken):
            self.add_error(
                None,
                _("Say which column is the external id: it tells one row from another."),
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {name: self.cleaned_data[field] for field, name in self.found}


class BringInForm(forms.Form):
    good_rows_only = forms.BooleanField(
        label=_("Bring in the good rows only, leave the others out"), required=False
    )
