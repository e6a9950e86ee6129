"""Everything that is stored of one end user, under whatever names senders have for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from engagements.models import EndUser
from usage.models import Alias, Belonging, Event, Exclusion, Quarantined, UserDay

# A shorter id would be found inside words it has nothing to do with.
SHORTEST_WITHIN = 2


@dataclass(frozen=True, slots=True)
class KnownAs:
    """One end user of a customer, who is the person."""

    end_user_id: UUID
    customer_id: UUID
    customer: str
    external_id: str
    name: str
    email: str
    active_days: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Traces:
    """What is stored of a person. `ids` are all their names, the one asked for among them."""

    said: str
    ids: tuple[str, ...]
    known_as: tuple[KnownAs, ...]
    events: int
    belongings: int
    aliases: int
    put_aside: int
    left_out: int

    @property
    def is_nothing(self) -> bool:
        return not (
            self.known_as or self.belongings or self.aliases or self.put_aside or self.left_out
        )


def get_traces(*, said: str) -> Traces:
    """What is stored of the person of this id or e-mail address."""
    ids = _ids(said)
    users = list(EndUser.objects.filter(_named(ids)).select_related("customer"))
    ids |= {text for user in users for text in (user.external_id, user.email) if text}
    return Traces(
        said=said,
        ids=tuple(sorted(ids)),
        known_as=tuple(_known_as(users)),
        events=get_events_of(end_user_ids=[user.pk for user in users]).count(),
        belongings=Belonging.objects.filter(person__in=ids).count(),
        aliases=get_aliases_of(ids=ids).count(),
        put_aside=get_put_aside_of(ids=ids).count(),
        left_out=get_exclusions_of(ids=ids).count(),
    )


def get_events_of(*, end_user_ids: Iterable[UUID]) -> QuerySet[Event]:
    users = list(end_user_ids)
    customers = EndUser.objects.filter(pk__in=users).values_list("customer_id", flat=True)
    return Event.objects.filter(customer_id__in=set(customers), end_user_id__in=users)


def get_days_of(*, end_user_ids: Iterable[UUID]) -> QuerySet[UserDay]:
    return UserDay.objects.filter(end_user_id__in=list(end_user_ids)).order_by("day")


def get_aliases_of(*, ids: Iterable[str]) -> QuerySet[Alias]:
    names = list(ids)
    return Alias.objects.filter(Q(said__in=names) | Q(person__in=names))


def get_belongings_of(*, ids: Iterable[str]) -> QuerySet[Belonging]:
    return Belonging.objects.filter(person__in=list(ids)).select_related("customer")


def get_exclusions_of(*, ids: Iterable[str]) -> QuerySet[Exclusion]:
    return Exclusion.objects.filter(kind=Exclusion.Kind.PERSON, pattern__in=list(ids))


def get_put_aside_of(*, ids: Iterable[str]) -> QuerySet[Quarantined]:
    """Also what nobody could read, where an id stands in it between quotes."""
    names = list(ids)
    wanted = Q(user_key__in=names) | Q(item__email__in=names)
    for name in names:
        if len(name) >= SHORTEST_WITHIN:
            for quote in ("'", '"'):
                wanted |= Q(item__text__contains=f"{quote}{name}{quote}")
    return Quarantined.objects.filter(wanted).select_related("source")


def _ids(said: str) -> set[str]:
    ids = {said}
    for _step in range(2):
        for row in get_aliases_of(ids=ids):
            ids |= {row.said, row.person}
    return ids


def _named(ids: Iterable[str]) -> Q:
    wanted = Q(external_id__in=list(ids))
    for text in ids:
        if "@" in text:
            wanted |= Q(email__iexact=text)
    return wanted


def _known_as(users: list[EndUser]) -> Iterator[KnownAs]:
    days = _days([user.pk for user in users])
    for user in users:
        of_user = days.get(user.pk, {})
        yield KnownAs(
            end_user_id=user.pk,
            customer_id=user.customer_id,
            customer=user.customer.name,
            external_id=user.external_id,
            name=user.name,
            email=user.email,
            active_days=of_user.get("n", 0),
            first_day=of_user.get("first"),
            last_day=of_user.get("last"),
        )


def _days(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = (
        UserDay.objects.filter(end_user_id__in=ids)
        .order_by()
        .values("end_user_id")
        .annotate(n=Count("day"), first=Min("day"), last=Max("day"))
    )
    return {row["end_user_id"]: dict(row) for row in rows}
