"""What people fill in about people and keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.models import Role

STAFF_ROLES = [(role.value, role.label) for role in Role if role not in (Role.LEAD, Role.MEMBER)]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES, initial=Role.CSM)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, such as “Data warehouse”.")
    )
    can_write = forms.BooleanField(
        label=_("May change data"),
        required=False,
        help_text=_("Without this the key only reads."),
    )
