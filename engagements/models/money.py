"""Amounts of money: exact decimals, each with its currency, never added across currencies."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CURRENCY = RegexValidator(
    r"^[A-Z]{3}$", _("Give a currency by its three capital letters, such as EUR.")
)


def amount_field(label: Any, *, required: bool = False) -> "models.DecimalField[Decimal, Decimal]":
    """An amount that is not negative, exact to the cent; its currency stands beside it."""
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=2,
        null=not required,
        blank=not required,
        validators=[MinValueValidator(0)],
    )
