"""Changes to plans, one transaction each; a change computes the schedule before it is kept."""

from adoption.operations.files import replace_plan
from adoption.operations.placing import Placed, placed_rows
from adoption.operations.rescheduling import (
    follow_today,
    reschedule,
    reschedule_plans,
)
from adoption.queries.stored import stored_plan

__all__ = [
    "Placed",
    "follow_today",
    "placed_rows",
    "replace_plan",
    "reschedule",
    "reschedule_plans",
    "stored_plan",
]
