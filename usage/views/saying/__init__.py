"""Adoption in numbers as it is shown: a finding in a sentence, the figure, and a table.

Shares of fewer than five people are said as counts, never as percent.
"""

from usage.views.saying.active_days import tell_active_days
from usage.views.saying.counting import say_count, say_counted
from usage.views.saying.early import tell_early_use
from usage.views.saying.features import tell_features
from usage.views.saying.first_value import say_agreed, tell_first_value
from usage.views.saying.licences import tell_licences
from usage.views.saying.retention import tell_retention
from usage.views.saying.tiles import (
    say_trend,
    tell_active,
    tell_arrivals,
    tell_breadth,
    tell_first_steps,
    tell_habits,
    tell_moves,
    tell_returns,
    tell_seats,
)
from usage.views.saying.told import Linked, Tile, Told

__all__ = [
    "Linked",
    "Tile",
    "Told",
    "say_agreed",
    "say_count",
    "say_counted",
    "say_trend",
    "tell_active",
    "tell_active_days",
    "tell_arrivals",
    "tell_breadth",
    "tell_early_use",
    "tell_features",
    "tell_first_steps",
    "tell_first_value",
    "tell_habits",
    "tell_licences",
    "tell_moves",
    "tell_retention",
    "tell_returns",
    "tell_seats",
]
