from adoption.models.plans import Dependency, LocalDateTimeField, Plan, WorkPackage
from adoption.models.progress import PlanProgress

__all__ = ["Dependency", "LocalDateTimeField", "Plan", "PlanProgress", "WorkPackage"]
