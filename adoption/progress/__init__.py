"""Planned against done, and where it leads, as pure arithmetic.

planned = planned_course(plan)
outlook = look_ahead(planned, done, since=last_change)
outlook.recent, outlook.cautious      # when the slope, and when earned schedule, says 100
"""

from adoption.progress.courses import (
    Work,
    course_of,
    done_course,
    done_percent,
    percent_at,
    percent_of_works,
    planned_course,
    planned_percent,
)
from adoption.progress.outlook import OutlookStep, PlanOutlook, look_ahead
from adoption.progress.trends import (
    LIKELY,
    EarnedSchedule,
    Point,
    Trend,
    earned_schedule,
    fit_trend,
    half_width,
    time_reached,
)

__all__ = [
    "LIKELY",
    "EarnedSchedule",
    "OutlookStep",
    "PlanOutlook",
    "Point",
    "Trend",
    "Work",
    "course_of",
    "done_course",
    "done_percent",
    "earned_schedule",
    "fit_trend",
    "half_width",
    "look_ahead",
    "percent_at",
    "percent_of_works",
    "planned_course",
    "planned_percent",
    "time_reached",
]
