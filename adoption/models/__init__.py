from adoption.models.plans import Dependency, LocalDateTimeField, Plan, WorkPackage

__all__ = ["Dependency", "LocalDateTimeField", "Plan", "WorkPackage"]
