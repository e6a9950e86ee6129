"""Fields of a workspace's own: what they are, and what people put in them."""

from typing import Any, ClassVar, TypeVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import custom_fields
from engagements.custom_fields import Field, Type, WrongValue
from engagements.forms.fields import DateInput
from engagements.models import CustomField
from engagements.queries import get_custom_fields
from rendering.editing import SharedForm

Row = TypeVar("Row", bound=models.Model)

OWN = "own_"
YES_OR_NO = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]


class OwnFieldsForm(SharedForm[Row]):
    """A form over a customer or an engagement that asks for the fields of one's own as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Any = self.instance
        self._own = {
            OWN + field.key: field for field in get_custom_fields(kind=row._meta.model_name)
        }
        for name, field in self._own.items():
            self.fields[name] = asked(field)
            self.initial[name] = custom_fields.write(field, row.custom.get(field.key))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, field in self._own.items():
            try:
                custom_fields.read(field, self._said(name, cleaned))
            except WrongValue as error:
                if name not in self.errors:
                    self.add_error(name, str(error))
        return cleaned

    @staticmethod
    def _said(name: str, cleaned: dict[str, Any]) -> str:
        value = cleaned.get(name)
        return "" if value is None else str(value)

    @property
    def model_fields(self) -> dict[str, Any]:
        if not self._own:
            return super().model_fields
        values = {
            field.key: custom_fields.read(field, self._said(name, self.cleaned_data))
            for name, field in self._own.items()
        }
        return super().model_fields | {"custom": values}


def asked(field: Field) -> forms.Field:
    """How a form asks for a field; what it cleans to is text or a day."""
    common: dict[str, Any] = {"label": field.label, "required": field.required}
    if field.type is Type.CHOICE:
        listed = [(choice, choice) for choice in field.choices]
        return forms.ChoiceField(choices=[("", "–"), *listed], **common)
    if field.type is Type.YES_NO:
        return forms.ChoiceField(choices=YES_OR_NO, **common)
    if field.type is Type.DATE:
        return forms.DateField(widget=DateInput(), **common)
    if field.type is Type.NUMBER:
        box = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.CharField(widget=box, max_length=40, **common)
    if field.type is Type.LINK:
        return forms.CharField(
            widget=forms.URLInput, max_length=custom_fields.LONGEST_TEXT, **common
        )
    return forms.CharField(max_length=custom_fields.LONGEST_TEXT, **common)


class ChoicesField(forms.CharField):
    """A list, one choice a line; cleans to the list."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def clean(self, value: Any) -> Any:
        choices = self.to_python(value)
        for choice in choices:
            if len(choice) > CHOICE_LENGTH or "\0" in choice:
                raise forms.ValidationError(_("Keep each choice below 80 characters."))
        return choices


CHOICE_LENGTH = 80


class CustomFieldForm(SharedForm[CustomField]):
    choices = ChoicesField(
        label=_("Choices"),
        required=False,
        help_text=_("One a line. Only for a choice from a list."),
    )

    class Meta:
        model = CustomField
        fields: ClassVar = ["label", "key", "type", "choices", "required"]
        help_texts: ClassVar = {
            "key": _("Names the field in files and addresses. Left empty, it is made of the name."),
            "type": _("Stays once there are values."),
            "required": _("Asked of whoever fills in the form; what is there already stays."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = not self.instance._state.adding
        self.fields["choices"].widget.attrs = {"rows": 4}
