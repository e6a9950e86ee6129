"""Adoption in numbers as it is shown: a finding in a sentence, the figure, and a table.

Shares of fewer than five people are said as counts, never as percent.
"""

from usage.views.saying.active_days import tell_active_days
from usage.views.saying.early import tell_early_use
from usage.views.saying.features import tell_features
from usage.views.saying.first_value import tell_first_value
from usage.views.saying.licences import tell_licences
from usage.views.saying.retention import tell_retention
from usage.views.saying.told import Told

__all__ = [
    "Told",
    "tell_active_days",
    "tell_early_use",
    "tell_features",
    "tell_first_value",
    "tell_licences",
    "tell_retention",
]
