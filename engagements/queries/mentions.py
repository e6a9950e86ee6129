"""Reads of who may be mentioned."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from engagements.mentions import Person, begun, handle_of
from tenancy.models import Membership
from tenancy.scope import current_tenant_id

MOST_OFFERED = 8


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Somebody to offer: what to write after the at sign, and whose side they are on."""

    handle: str
    name: str
    of_customer: bool


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody who may be mentioned where a customer is concerned."""

    people: tuple[Person[UUID], ...]
    of_customer: frozenset[UUID]


def get_circle(*, customer_id: UUID) -> Circle:
    """Our side and the members of this customer."""
    places = Membership.objects.filter(
        Q(customer_id=None) | Q(customer_id=customer_id), tenant_id=current_tenant_id()
    ).select_related("user")
    return Circle(
        people=tuple(Person(place.user_id, str(place.user), place.user.email) for place in places),
        of_customer=frozenset(place.user_id for place in places if place.customer_id),
    )


def get_mentionable(*, customer_id: UUID, text: str) -> tuple[Mentionable, ...]:
    """Those whose name or address begins like the text, a few at most."""
    circle = get_circle(customer_id=customer_id)
    found = begun(text, circle.people)[:MOST_OFFERED]
    offered = (
        Mentionable(handle_of(one, circle.people), one.name, one.id in circle.of_customer)
        for one in found
    )
    return tuple(one for one in offered if one.handle)
