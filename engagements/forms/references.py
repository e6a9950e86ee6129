"""Ids in other systems, one a line."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from engagements.models.references import LONGEST_ID, SYSTEM

EXAMPLE = "salesforce: 0015g00000XyZ"


class ReferencesField(forms.CharField):
    """Lines such as "salesforce: 0015g…"; cleans to that text, which `read_references` reads."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Ids in other systems"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=format_lazy(
                _("One a line: the system, a colon, the id there. Such as {example}."),
                example=EXAMPLE,
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        read_references(text)
        return text


def read_references(text: str) -> dict[str, str]:
    """Ids by system. Raises ValidationError naming the line that is none."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        system, colon, value = (part.strip() for part in line.partition(":"))
        system = system.lower()
        if not (system and colon and value):
            raise ValidationError(
                _("“%(line)s” is no system and id. Write it as %(example)s."),
                params={"line": line, "example": EXAMPLE},
            )
        if system in found:
            raise ValidationError(_("%(system)s is there twice."), params={"system": system})
        _check(system, value)
        found[system] = value
    return found


def _check(system: str, value: str) -> None:
    SYSTEM(system)
    if len(value) > LONGEST_ID:
        raise ValidationError(_("An id has at most %(n)s characters."), params={"n": LONGEST_ID})


def write_references(references: Mapping[str, str]) -> str:
    return "\n".join(f"{system}: {value}" for system, value in references.items())
