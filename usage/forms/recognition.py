"""What people fill in about whom senders mean."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.models import Customer
from usage.models import Domain, Exclusion, GroupName

DOMAIN = re.compile(r"(?!-)[\w-]{1,63}(\.[\w-]{1,63})+", re.UNICODE)


def read_domain(text: str) -> str:
    """The domain in small letters, also of a whole address. Raises ValidationError."""
    domain = text.strip().lower().rpartition("@")[2]
    if not DOMAIN.fullmatch(domain):
        raise ValidationError(_("Write a domain such as halden.example."))
    return domain


class CustomerField(forms.CharField):
    """A customer by its external id or its name; cleans to the customer."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Customer"), max_length=200, help_text=_("The external id or the whole name.")
        )

    def clean(self, value: object) -> Customer:
        text = super().clean(value)
        current = Customer.objects.current()
        found = list(current.filter(external_id=text)) or list(
            current.filter(name__iexact=text)[:2]
        )
        if not found:
            raise ValidationError(
                _("No customer is called “%(text)s”."), params={"text": text[:80]}
            )
        if len(found) > 1:
            raise ValidationError(_("Several customers have this name; write the external id."))
        return found[0]


class GroupNameForm(forms.Form):
    """A name senders use, and the customer they mean by it."""

    said = forms.CharField(label=_("Group"), max_length=120)
    customer = CustomerField()

    def clean_said(self) -> str:
        said: str = self.cleaned_data["said"]
        if GroupName.objects.filter(said=said).exists():
            raise ValidationError(_("This name stands for a customer already."))
        if Customer.objects.filter(external_id=said).exists():
            raise ValidationError(_("This is the external id of a customer."))
        return said


class DomainForm(forms.Form):
    """An e-mail domain, and the customer whose people have it."""

    name = forms.CharField(label=_("E-mail domain"), max_length=253)
    customer = CustomerField()

    def clean_name(self) -> str:
        name = read_domain(self.cleaned_data["name"])
        if Domain.objects.filter(name=name).exists():
            raise ValidationError(_("Another customer has this domain already."))
        return name


class ExclusionForm(forms.Form):
    """Who is never counted, and why."""

    kind = forms.ChoiceField(
        label=_("Who"), choices=Exclusion.Kind.choices, widget=forms.RadioSelect, initial="domain"
    )
    pattern = forms.CharField(label=_("Domain, user id or e-mail"), max_length=254)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as “our own support team”.")
    )

    def clean(self) -> None:
        kind, pattern = self.cleaned_data.get("kind"), self.cleaned_data.get("pattern")
        if not kind or not pattern:
            return
        try:
            if kind == Exclusion.Kind.DOMAIN:
                pattern = self.cleaned_data["pattern"] = read_domain(pattern)
            if Exclusion.objects.filter(kind=kind, pattern=pattern).exists():
                raise ValidationError(_("They are left out already."))
        except ValidationError as problem:
            self.add_error("pattern", problem)
