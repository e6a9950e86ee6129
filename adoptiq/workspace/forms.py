"""What an administrator fills in about the workspace."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adoption.scheduling import parts_of
from adoptiq.workspace import branding
from engagements.forms import countries_named, time_zones, weekdays
from rendering.colours import READABLE, least_contrast, readable_accent
from rendering.currencies import currencies
from rendering.formats import OFFERED, current, formats_of
from tenancy.models import SecondFactorRule, Tenant

# A day, a number and a price that show how formats differ.
SAMPLE_DAY, SAMPLE_NUMBER = date(2026, 1, 8), 1234.5
Choices = list[tuple[str, str]]


def locales() -> Choices:
    """Every language and country offered, named in itself, with what it makes of a sample."""
    named = [(tag, formats_of(tag)) for tag in OFFERED]
    return [
        (
            tag,
            f"{formats.name}: {formats.day_and_year(SAMPLE_DAY)}"
            f" · {formats.money(SAMPLE_NUMBER, 'EUR')}",
        )
        for tag, formats in sorted(named, key=lambda entry: entry[1].name.casefold())
    ]


def holiday_countries() -> Choices:
    return [("", gettext("None")), *countries_named()]


class WorkspaceForm(forms.ModelForm[Tenant]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_(
            "Days and times are shown in it, the night’s counting begins at 01:00 there, and new"
            " customers start with it. Customers you have keep their own."
        ),
    )
    locale = forms.ChoiceField(
        label=_("Formats"),
        choices=locales,
        help_text=_(
            "How days, numbers and money are written. Files for machines stay as they are."
        ),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)

    class Meta:
        model = Tenant
        fields = ["name", "slug", "time_zone", "currency", "locale"]
        help_texts = {
            "slug": _(
                "It stands in every address. When it changes, links people saved lead nowhere."
            )
        }


class LookForm(forms.ModelForm[Tenant]):
    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG or JPEG up to 2 MB. It stands beside the name in the top bar."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    accent = forms.CharField(
        label=_("Accent colour"),
        required=False,
        max_length=7,
        help_text=_(
            "For links, buttons and target lines, as # and six hexadecimal digits. Empty for blue;"
            " the dark theme gets a lighter shade of it."
        ),
    )

    class Meta:
        model = Tenant
        fields = ["accent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accent"].validators = list(Tenant._meta.get_field("accent").validators)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_accent(self) -> str:
        colour: str = self.cleaned_data["accent"].lower()
        if not colour or least_contrast(colour) >= READABLE:
            return colour
        raise forms.ValidationError(
            _(
                "Text in this colour is hard to read on a light ground: its contrast is"
                " %(found)s, and 4.5 is needed. %(shade)s is the nearest shade that will do."
            ),
            params={
                "found": current().number(least_contrast(colour), 1),
                "shade": readable_accent(colour),
            },
        )

    def clean_logo_file(self) -> bytes | None:
        """The picture as it will be kept."""
        upload = self.cleaned_data["logo_file"]
        if upload is None:
            return None
        try:
            return branding.small_png(upload, upload.size)
        except branding.TooLarge as error:
            raise forms.ValidationError(
                _("This picture is too large. Send one of at most 2 MB.")
            ) from error
        except branding.NoPicture as error:
            raise forms.ValidationError(
                _("This is no picture that can be read. Send a PNG or a JPEG.")
            ) from error


class SecondFactorForm(forms.ModelForm[Tenant]):
    second_factor = forms.ChoiceField(
        label=_("Who has to sign in with a second factor"),
        choices=SecondFactorRule.choices,
        required=False,
        help_text=_("Whoever has none yet sets one up before anything here opens."),
    )

    class Meta:
        model = Tenant
        fields = ["second_factor"]


class CalendarForm(forms.Form):
    """Working days, and whose public holidays are free."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=weekdays,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A week needs at least one working day.")},
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"), choices=holiday_countries, required=False
    )
    part = forms.ChoiceField(label=_("Part of the country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self["country"].value() or ""
        parts = parts_of(country)
        # A part that is left from another country is none of this one.
        names = [("", _("The whole country")), *parts.items()]
        self.fields["part"].choices = names  # type: ignore[attr-defined]
        if not parts:
            del self.fields["part"]

    def region(self) -> str:
        """NO, or DE-BY; empty for no public holidays."""
        country, part = self.cleaned_data["country"], self.cleaned_data.get("part", "")
        return f"{country}-{part}" if country and part else str(country)


class DeletionForm(forms.Form):
    """The name of the workspace, typed out by whoever means it."""

    typed_name = forms.CharField(label=_("Name of the workspace"), max_length=120)

    def __init__(self, *args: Any, workspace: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_typed_name(self) -> str:
        typed: str = self.cleaned_data["typed_name"]
        if typed != self.workspace.name:
            raise forms.ValidationError(
                _("This is not its name. Type “%(name)s” exactly."),
                params={"name": self.workspace.name},
            )
        return typed
