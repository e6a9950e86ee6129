"""A plan file on its way in: read, scheduled and kept, or refused in plain words."""

from datetime import datetime
from typing import BinaryIO

from adoption import operations
from adoption.adapters import UnreadablePlan, read_plan
from adoption.models import Plan
from adoption.queries import get_usual_calendar
from adoption.scheduling import CircularPlan, InvalidPlan, NoWorkingTime, OutOfReach
from engagements.models import Engagement
from people.models import User

LARGEST_PLAN_BYTES = 60 * 1024 * 1024
REFUSALS = (UnreadablePlan, InvalidPlan, NoWorkingTime, OutOfReach)


def import_plan(
    *,
    engagement: Engagement,
    source: BinaryIO,
    file_name: str,
    imported_by: User | None,
    now: datetime,
    follows_today: bool = False,
) -> Plan:
    """Make a file the engagement's plan. Raises UnreadablePlan, with nothing changed.

    A table's days are the working days of the workspace; a Project file brings its own calendar.
    """
    try:
        return operations.replace_plan(
            engagement=engagement,
            plan_file=read_plan(source, file_name, get_usual_calendar(on=now.date())),
            file_name=file_name,
            imported_by=imported_by,
            now=now,
            follows_today=follows_today,
        )
    except CircularPlan as error:
        raise UnreadablePlan(error.headline) from error
    except REFUSALS as error:
        raise UnreadablePlan(str(error)) from error
