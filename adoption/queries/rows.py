"""Rows of live plans, one by one: what the API lists and pages find by id."""

from django.db.models import QuerySet

from adoption.models import Dependency, PlanChange, WorkPackage


def get_package_rows() -> QuerySet[WorkPackage]:
    """Packages of live plans, with whom they name."""
    rows = WorkPackage.objects.filter(plan__what_if_of=None)
    return rows.select_related("plan", "owner_member", "owner_stakeholder")


def get_dependency_rows() -> QuerySet[Dependency]:
    """Links of live plans, with the packages at both ends."""
    rows = Dependency.objects.filter(plan__what_if_of=None)
    return rows.select_related("plan", "before", "after")


def get_change_rows() -> QuerySet[PlanChange]:
    """Changes of live plans, with who did and who undid them."""
    rows = PlanChange.objects.filter(plan__what_if_of=None)
    return rows.select_related("plan", "by", "undone_by")
