"""The forms of the pages as a gate for the API: what they refuse is refused here, in their words."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Customer

# Fields of a workspace's own that a form asks for; over the API they stand under `custom`.
OWN = "own_"


def passed(form_class: Any, fields: Mapping[str, Any], row: Any = None, **context: Any) -> Any:
    """The fields as the page's form would hand them to an operation, cleaned by its rules.

    What was not sent stands in the form as the row says it, or as the form begins. `fields` that
    the form does not know are handed on as they are. Raises ValidationError, keyed by field.
    """
    blank: forms.BaseForm = form_class(**_about(form_class, row), **context)
    before = {
        name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()
    }
    sent = {name: value for name, value in fields.items() if name in before}
    form: forms.BaseForm = form_class(_as_sent(before | sent), **_about(form_class, row), **context)
    refused = {
        name: errors for name, errors in form.errors.as_data().items() if not name.startswith(OWN)
    }
    if refused:
        raise ValidationError(refused)
    return dict(fields) | {name: form.cleaned_data[name] for name in sent}


def _about(form_class: Any, row: Any) -> dict[str, Any]:
    """A form over a new row begins with what the row itself begins with."""
    if issubclass(form_class, forms.ModelForm):
        return {"instance": form_class._meta.model() if row is None else row}
    return {}


def _as_sent(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: getattr(value, "pk", value)
        for name, value in values.items()
        if value is not None and name != "opened_with"
    }


def of_same_customer(customer_id: UUID, fields: Mapping[str, Any], *names: str) -> None:
    """Raises ValidationError for a row among those fields that belongs to another customer."""
    for name in names:
        row = fields.get(name)
        if row is not None and row.customer_id != customer_id:
            raise ValidationError({name: _("This belongs to another customer.")})


def today_at(customer: Customer) -> date:
    """The day it is at a customer's, by the clock."""
    return timezone.localdate(timezone=customer.zone)
