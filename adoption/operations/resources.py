"""Changes to resources, when they are there, and what work needs them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.models import Assignment, Resource, WorkPackage
from adoption.operations.own_time import follow_resources, plans_that_need
from adoption.queries.own_time import terms_of_resource
from adoption.scheduling.terms import ANY_TIME, DayRule, Terms, terms_to_json
from engagements.models import Engagement
from engagements.operations.saving import change, known, save
from tenancy import audit

RESOURCE_FIELDS = frozenset({"name", "kind", "capacity", "team_member", "stakeholder"})


@transaction.atomic
def add_resource(
    *, engagement: Engagement | None, fields: Mapping[str, Any], terms: Terms | None = None
) -> Resource:
    """A resource of an engagement, or of the workspace. Raises ValidationError, keyed by field."""
    resource = Resource(
        engagement=engagement,
        customer_id=engagement.customer_id if engagement else None,
        terms=_written(terms),
        **known(fields, RESOURCE_FIELDS),
    )
    _check_people(resource)
    save(resource, named_by="name")
    _record("resource.added", resource)
    return resource


@transaction.atomic
def change_resource(
    *, resource: Resource, fields: Mapping[str, Any], terms: Terms | None = None, now: datetime
) -> Resource:
    """With `terms` also when it is there; the plans that need it are scheduled anew.

    Raises ValidationError, keyed by field.
    """
    facts = change(resource, known(fields, RESOURCE_FIELDS), named_by="name")
    _check_people(resource)
    if terms is not None and _written(terms) != resource.terms:
        _keep_terms(resource, terms, now)
        facts["terms"] = [None, None]
    if facts:
        _record("resource.changed", resource, {name: facts[name] for name in facts})
    return resource


@transaction.atomic
def note_absence(*, resource: Resource, rule: DayRule, now: datetime) -> Resource:
    """Days on which a resource is away, or is there beyond its usual week, with a reason.

    The plans that need it are scheduled anew. Raises ValidationError, keyed by field.
    """
    terms = terms_of_resource(resource) or ANY_TIME
    _keep_terms(resource, terms.with_rule(rule), now)
    action = "resource.away" if rule.is_off else "resource.there"
    _record(action, resource, {"days": [rule.first, rule.last], "reason": rule.reason})
    return resource


@transaction.atomic
def forget_absence(*, resource: Resource, rule: DayRule, now: datetime) -> Resource:
    """Take days that differ back; without effect when they are not among its days any more."""
    terms = terms_of_resource(resource)
    if terms is not None and rule in terms.rules:
        _keep_terms(resource, terms.without_rule(rule), now)
        _record("resource.back", resource, {"days": [rule.first, rule.last]})
    return resource


@transaction.atomic
def archive_resource(*, resource: Resource, now: datetime) -> Resource:
    """Out of the lists; what it was needed for stays, so that it can come back."""
    if resource.archived_at is None:
        resource.archived_at = now
        resource.save(update_fields=["archived_at"])
        _record("resource.archived", resource)
    return resource


@transaction.atomic
def restore_resource(*, resource: Resource) -> Resource:
    """Raises ValidationError when another resource has the name by now."""
    if resource.archived_at is not None:
        resource.archived_at = None
        save(resource, named_by="name")
        _record("resource.restored", resource)
    return resource


@transaction.atomic
def assign_resource(
    *, package: WorkPackage, resource: Resource, units: Decimal = Decimal(1), now: datetime
) -> Assignment:
    """That a package needs a resource. Raises ValidationError, keyed by field."""
    _check_assignment(package, resource)
    row = Assignment(
        customer_id=package.customer_id, package=package, resource=resource, units=units
    )
    save(row, named_by="resource")
    _after_assigning("resource.assigned", row, now)
    return row


@transaction.atomic
def change_assignment(*, assignment: Assignment, units: Decimal, now: datetime) -> Assignment:
    """How many units a package needs. Raises ValidationError, keyed by field."""
    facts = change(assignment, {"units": units}, named_by="units")
    if facts:
        _record_assignment("resource.assigned", assignment, facts)
    return assignment


@transaction.atomic
def unassign_resource(*, assignment: Assignment, now: datetime) -> None:
    """That a package no longer needs a resource."""
    _record_assignment("resource.unassigned", assignment, {})
    Assignment.objects.filter(pk=assignment.pk).delete()
    if assignment.resource.terms:
        follow_resources([_plan_of(assignment)], now=now)


def _after_assigning(action: str, row: Assignment, now: datetime) -> None:
    if row.resource.terms:
        follow_resources([_plan_of(row)], now=now)
    _record_assignment(action, row, {"units": row.units})


def _plan_of(row: Assignment) -> Any:
    rows = type(row.package.plan)._base_manager.select_related("customer")
    return rows.select_for_update(of=("self",)).get(pk=row.package.plan_id)


def _check_assignment(package: WorkPackage, resource: Resource) -> None:
    if package.is_summary:
        words = _("“%(name)s” is a summary: assign the work packages inside it.")
        raise ValidationError({"package": words % {"name": package.name}})
    if resource.archived_at is not None:
        words = _("“%(name)s” is archived. Bring it back first.")
        raise ValidationError({"resource": words % {"name": resource.name}})
    if resource.engagement_id not in (None, package.plan.engagement_id):
        raise ValidationError({"resource": _("This resource belongs to another engagement.")})


def _check_people(resource: Resource) -> None:
    """A person of the engagement's own people; the keys do not reach as far for shared rows."""
    for name in ("team_member", "stakeholder"):
        row = getattr(resource, name)
        if row is not None and row.customer_id != resource.customer_id:
            raise ValidationError({name: _("Choose somebody of this engagement’s people.")})


def _keep_terms(resource: Resource, terms: Terms, now: datetime) -> None:
    resource.terms = _written(terms)
    resource.save(update_fields=["terms"])
    follow_resources(plans_that_need(resource), now=now)


def _written(terms: Terms | None) -> dict[str, Any]:
    """As it is kept. Raises ValidationError for a week in which nothing is worked."""
    if terms is None or terms.says_nothing:
        return {}
    if not any(terms.week) and all(rule.is_off for rule in terms.rules):
        raise ValidationError({"days": _("Choose at least one day of the week.")})
    return terms_to_json(terms)


def _record(action: str, resource: Resource, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(
        action=action,
        subject=resource,
        facts=dict(facts or {}),
        about_customer_id=resource.customer_id,
    )


def _record_assignment(action: str, row: Assignment, facts: Mapping[str, Any]) -> None:
    audit.record(
        action=action,
        subject=row.package,
        facts={"resource": row.resource.name, **facts},
        about_customer_id=row.customer_id,
    )
