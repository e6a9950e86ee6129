"""What people fill in about plans, a file a noun."""

from adoption.forms.files import BringPlanForm, FeedForm, PlanColumnsForm, PlanFileForm

__all__ = ["BringPlanForm", "FeedForm", "PlanColumnsForm", "PlanFileForm"]
