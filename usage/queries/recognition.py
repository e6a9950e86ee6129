"""What waits for somebody to say whom it is for, and what has been said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from usage.models import Domain, Exclusion, GroupName, Quarantined

WAITING_SHOWN = 100
COUNTED = ("n", "people", "first", "last")


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Events put aside under one group; `said` is empty where senders named none."""

    said: str
    events: int
    people: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Groups with the most events first; `more` counts the groups left out here."""

    groups: tuple[WaitingGroup, ...]
    more: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """What the workspace has said of its senders' words."""

    names: tuple[GroupName, ...]
    domains: tuple[Domain, ...]
    exclusions: tuple[Exclusion, ...]


def get_waiting(*, limit: int = WAITING_SHOWN) -> Waiting:
    events = Quarantined.objects.filter(item__has_key="kind")
    rows = (
        events.order_by()
        .values("group_key")
        .annotate(
            n=Count("id"),
            people=Count("user_key", distinct=True),
            first=Min("received_at"),
            last=Max("received_at"),
        )
        .order_by("-n", "group_key")
    )
    found = [WaitingGroup(*row) for row in rows.values_list("group_key", *COUNTED)]
    groups = tuple(found[:limit])
    unreadable = Quarantined.objects.exclude(item__has_key="kind").count()
    return Waiting(groups, len(found) - len(groups), unreadable)


def get_recognition() -> Recognition:
    return Recognition(
        tuple(GroupName.objects.select_related("customer")),
        tuple(Domain.objects.select_related("customer")),
        tuple(Exclusion.objects.select_related("created_by")),
    )


def get_every_quarantined() -> Iterator[Quarantined]:
    """All that is put aside, newest first, read as it is written."""
    return Quarantined.objects.select_related("source").iterator(chunk_size=2000)
