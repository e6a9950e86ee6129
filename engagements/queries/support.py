"""Reads of contacts with the help desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from engagements.models import SupportContact
from engagements.queries.exporting import Export

CONTACT_COLUMNS = (
    *("day", "outcome", "count", "channel", "topic", "impact_group", "end_user", "ticket"),
)
OUTCOMES = SupportContact.Outcome


@dataclass(frozen=True, slots=True)
class ContactDay:
    """What the help desk did on a day. `other` holds faults and everything else."""

    day: date
    coached: int
    did_for: int
    other: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How often people asked how something is done, and for how many it was done."""

    topic: str
    coached: int
    did_for: int

    @property
    def asked(self) -> int:
        return self.coached + self.did_for


def get_contacts(*, engagement_id: UUID | None = None) -> QuerySet[SupportContact]:
    """Contacts, the newest first, of one engagement or of all."""
    rows = SupportContact.objects.select_related(
        "impact_group", "end_user", "recorded_by", "engagement__customer"
    )
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_contact_days(*, engagement_id: UUID, group_id: UUID | None = None) -> list[ContactDay]:
    """The days with contacts, in order; of the whole engagement or of one impact group."""
    rows = SupportContact.objects.filter(engagement_id=engagement_id)
    if group_id is not None:
        rows = rows.filter(impact_group_id=group_id)
    days: Any = rows.order_by("day").values("day").annotate(**_sums())
    return [
        ContactDay(row["day"], row["coached"] or 0, row["did_for"] or 0, row["rest"] or 0)
        for row in days
    ]


def get_contact_topics(*, engagement_id: UUID, first: date, last: date) -> list[TopicCount]:
    """What people asked how to do between two days, the most asked first."""
    rows = SupportContact.objects.filter(
        engagement_id=engagement_id, day__range=(first, last), outcome__in=SupportContact.HOW_TO
    )
    topics: Any = rows.order_by().values("topic").annotate(**_sums())
    found = [TopicCount(row["topic"], row["coached"] or 0, row["did_for"] or 0) for row in topics]
    return sorted(found, key=lambda one: (-one.asked, one.topic))


def _sums() -> dict[str, Sum]:
    how_to = [OUTCOMES.COACHED, OUTCOMES.DID_FOR]
    return {
        "coached": Sum("count", filter=Q(outcome=OUTCOMES.COACHED)),
        "did_for": Sum("count", filter=Q(outcome=OUTCOMES.DID_FOR)),
        "rest": Sum("count", filter=~Q(outcome__in=how_to)),
    }


def contact_table(rows: Iterable[SupportContact]) -> Export:
    """Contacts as the import reads them back."""
    return Export(CONTACT_COLUMNS, (_cells(row) for row in rows))


def _cells(row: SupportContact) -> list[Any]:
    return [
        row.day,
        row.outcome,
        row.count,
        row.channel,
        row.topic,
        row.impact_group.name if row.impact_group else "",
        row.end_user.external_id if row.end_user else "",
        row.ticket,
    ]
