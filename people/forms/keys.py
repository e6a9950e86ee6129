"""Keys for programs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.access import AREAS

LASTING = (
    ("", _("until it is revoked")),
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("a year")),
)
GRACE = ((0, _("at once")), (1, _("after a day")), (7, _("after a week")), (30, _("after 30 days")))


def _areas() -> list[tuple[str, str]]:
    return [(area, str(label)) for area, label in AREAS.items()]


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, such as “Data warehouse”.")
    )
    lasts_days = forms.TypedChoiceField(
        label=_("Works"), choices=LASTING, coerce=int, required=False, empty_value=None
    )
    reads = forms.MultipleChoiceField(
        label=_("May read"),
        choices=_areas,
        required=False,
        initial=list(AREAS),
        widget=forms.CheckboxSelectMultiple,
    )
    writes = forms.MultipleChoiceField(
        label=_("May read and change"),
        choices=_areas,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def scopes(self) -> frozenset[str]:
        """What was ticked, as "area:read" and "area:write"."""
        reads = {f"{area}:read" for area in self.cleaned_data["reads"]}
        return frozenset(reads | {f"{area}:write" for area in self.cleaned_data["writes"]})

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if not values.get("reads") and not values.get("writes"):
            self.add_error("reads", _("Choose at least one area."))
        return values


class RotateForm(forms.Form):
    grace_days = forms.TypedChoiceField(
        label=_("The old key ends"), choices=GRACE, coerce=int, initial=7
    )
