"""What a new workspace needs on its first days, read off what is there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from adoption.models import Plan
from engagements.models import Customer, Engagement
from metrics.models import Agreement
from people.queries import has_second_factor
from tenancy.models import AuditEntry, Membership, Tenant
from usage.models import Event


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing a new workspace needs; the page knows its words and its address."""

    key: str
    done: bool


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a new workspace needs on its first days, in order, and how much of it stands."""

    steps: tuple[FirstStep, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.steps)


def get_first_steps(*, tenant_id: UUID, user_id: UUID) -> FirstSteps:
    """What of it stands in the workspace in force, read off what is really there.

    The second factor is the one of the person who looks.
    """
    found = Tenant.objects.filter(pk=tenant_id).values_list(
        *(Exists(rows) for rows in _what_stands(user_id).values())
    )
    stands = dict(zip(_what_stands(user_id), found.get(), strict=True))
    stands["second_factor"] = has_second_factor(user_id=user_id)
    return FirstSteps(tuple(FirstStep(key, done) for key, done in stands.items()))


def _what_stands(user_id: UUID) -> dict[str, QuerySet[Any]]:
    others = Membership.objects.filter(tenant_id=OuterRef("pk")).exclude(user_id=user_id)
    return {
        "settings": AuditEntry.objects.filter(action="workspace.changed"),
        "customer": Customer.objects.all(),
        "engagement": Engagement.objects.all(),
        "plan": Plan.objects.all(),
        "usage": Event.objects.all(),
        "target": Agreement.objects.all(),
        "colleague": others.filter(customer_id=None),
        "customer_side": others.exclude(customer_id=None),
    }
