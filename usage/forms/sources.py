"""What people fill in about a source, and about what is stored of people."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rendering.editing import SharedForm
from usage.adapters.dropping import NEEDED
from usage.adapters.reading import plain_name
from usage.models import Source

ORIGIN = re.compile(r"https?://[\w.-]+(:\d{1,5})?")
LIMITS = ("requests_a_second", "events_a_day")
KEPT_CHOICES = (13, 25, 37, 61)


class SourceFields(SharedForm[Source]):
    """What a source is called and whom it sends for; a new one or one that is there."""

    class Meta:
        model = Source
        fields: tuple[str, ...] = (
            *("name", "creates_customers", "group_types", "allowed_origins"),
            "dropped_properties",
        )
        help_texts = {
            "creates_customers": _(
                "Otherwise events of groups we do not know are put aside until the customer exists."
            )
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Source.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another source has this name already."))
        return name

    def clean_allowed_origins(self) -> list[str]:
        """Scheme and host only, which is what a browser says of itself."""
        origins: list[str] = [text.rstrip("/") for text in self.cleaned_data["allowed_origins"]]
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise forms.ValidationError(
                    _("“%(text)s” is no web address such as https://app.example.com."),
                    params={"text": origin[:80]},
                )
        return origins

    def clean_dropped_properties(self) -> list[str]:
        """Each name once, and none that an event cannot do without."""
        names: dict[str, str] = {}
        for text in self.cleaned_data["dropped_properties"]:
            names.setdefault(plain_name(text), text)
        for needed in names.keys() & NEEDED:
            raise forms.ValidationError(
                _("“%(name)s” is needed to count an event and cannot be dropped."),
                params={"name": names[needed]},
            )
        return [text for key, text in names.items() if key]


class SourceForm(SourceFields):
    """A new source."""


class SourceSettingsForm(SourceFields):
    """A source with its limits, which only administrators set."""

    class Meta(SourceFields.Meta):
        fields = (*SourceFields.Meta.fields, *LIMITS)

    def __init__(self, *args: Any, may_limit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if may_limit else LIMITS:
            del self.fields[name]
        if self.instance.kind == Source.Kind.FILES:
            for name in ("group_types", "allowed_origins", "dropped_properties", *LIMITS):
                self.fields.pop(name, None)


class RetentionForm(forms.Form):
    """For how many months events are kept."""

    months = forms.TypedChoiceField(label=_("Events are kept"), required=False, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("months")
        months = sorted({*KEPT_CHOICES, *([kept] if kept else [])})
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            ("", _("for good")),
            *((count, _("for %(n)s months") % {"n": count}) for count in months),
        ]
        self.fields["months"].empty_value = None  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Somebody whose traces are looked for."""

    said = forms.CharField(
        label=_("User id or e-mail"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
