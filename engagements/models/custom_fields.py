"""Fields of a workspace's own, on customers and on engagements."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.custom_fields import Field, Type
from tenancy.models import TenantModel

FIELD_KEY = RegexValidator(
    r"^[a-z](?:_?[a-z0-9])*$",
    _("Use small letters, digits and single underscores, such as contract_type."),
)
TYPES = [
    (Type.TEXT.value, _("Text")),
    (Type.NUMBER.value, _("Number")),
    (Type.DATE.value, _("Date")),
    (Type.CHOICE.value, _("Choice from a list")),
    (Type.YES_NO.value, _("Yes or no")),
    (Type.LINK.value, _("Link")),
]


def own_values() -> "models.JSONField[Any, Any]":
    """The column that holds a row's values of the fields of one's own, by their keys."""
    return models.JSONField(
        _("fields of your own"), default=dict, blank=True, encoder=DjangoJSONEncoder, editable=False
    )


class CustomField(TenantModel):
    """One more thing a workspace keeps of each customer or each engagement."""

    for_staff = True

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customers")
        ENGAGEMENT = "engagement", _("Engagements")

    kind = models.CharField(_("belongs to"), max_length=10, choices=Kind)
    key = models.CharField(_("short name"), max_length=40, validators=[FIELD_KEY])
    label = models.CharField(_("name"), max_length=60)
    type = models.CharField(_("type"), max_length=6, choices=TYPES, default=Type.TEXT.value)
    choices = ArrayField(
        models.CharField(max_length=80), verbose_name=_("choices"), default=list, blank=True
    )
    required = models.BooleanField(_("has to be filled in"), default=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["kind", "position", "created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "key"],
                name="one_field_a_key",
                violation_error_message=_("Another field has this short name already."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def plain(self) -> Field:
        """The field as its values are read and written."""
        return Field(self.key, self.label, Type(self.type), tuple(self.choices), self.required)
