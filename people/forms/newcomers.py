"""Somebody who comes in for the first time."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import queries
from people.models import Registration, User
from tenancy.models.workspace import SLUG

PASSWORD = {"autocomplete": "new-password"}
AUTOCOMPLETED = {"name": "name", "email": "email", "workspace_name": "organization"}


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones())]


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )


class NewPersonForm(NameForm):
    """Somebody who comes in by an invitation. Without a password they sign in by mail."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(PASSWORD),
        help_text=gettext_lazy("Leave it empty to sign in by a link we mail you each time."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password


class SignUpForm(forms.ModelForm[Registration]):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(PASSWORD),
        help_text=gettext_lazy("At least 12 characters; four words in a row are fine."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=_time_zones, initial="UTC"
    )

    class Meta:
        model = Registration
        fields = ("name", "email", "password", "workspace_name", "slug", "time_zone")
        labels = {
            "name": gettext_lazy("Your name"),
            "workspace_name": gettext_lazy("Name of your company or team"),
            "slug": gettext_lazy("Short name"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in AUTOCOMPLETED.items():
            self.fields[name].widget.attrs["autocomplete"] = hint

    def clean_slug(self) -> str:
        return clean_short_name(self.cleaned_data["slug"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        about = User(email=self.data.get("email", ""), name=self.data.get("name", ""))
        validate_password(password, about)
        return password


class ShortNameForm(forms.Form):
    slug = forms.CharField(label=gettext_lazy("Short name"), max_length=50, validators=[SLUG])

    def clean_slug(self) -> str:
        return clean_short_name(self.cleaned_data["slug"])


def clean_short_name(slug: str) -> str:
    """Raises ValidationError when another workspace has the short name."""
    if queries.is_short_name_taken(slug=slug):
        raise ValidationError(_("Another workspace has this short name. Choose another."))
    return slug
