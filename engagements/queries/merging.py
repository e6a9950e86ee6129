"""What merging two customers would do, said before it is done, and what was merged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Customer, CustomerMerge
from engagements.models.merges import UNDO_FOR
from engagements.queries.customer_tables import count_rows
from rendering.formats import current


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of both customers, and what the kept one would say. `wins` is kept, gone or same."""

    label: str
    kept: str
    gone: str
    wins: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of one kind each of the two has."""

    label: str
    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Two customers side by side."""

    kept: Customer
    gone: Customer
    facts: tuple[Compared, ...]
    counts: tuple[Counted, ...]

    @property
    def moving(self) -> int:
        return sum(count.gone for count in self.counts)


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge that is in force, and until when it can be undone."""

    id: UUID
    kept_id: UUID
    kept_name: str
    gone_name: str
    gone_external_id: str
    merged_at: datetime
    merged_by: str
    undo_until: datetime


def get_merge_preview(*, kept: Customer, gone: Customer, filled: set[str]) -> MergePreview:
    """`filled` names the fields that the kept customer would take from the other."""
    facts = [
        _compared(label, name, kept, gone, filled)
        for name, label in (
            ("name", _("Name")),
            ("external_id", _("External id")),
            ("segment", _("Segment")),
            ("industry", _("Industry")),
            ("csm", _("CSM")),
            ("renewal_date", _("Renewal")),
            ("yearly_amount", _("ARR")),
            ("time_zone", _("Time zone")),
            ("custom", _("Fields of our own")),
        )
    ]
    return MergePreview(kept, gone, tuple(facts), _counts(kept.pk, gone.pk))


def _compared(label: str, name: str, kept: Any, gone: Any, filled: set[str]) -> Compared:
    ours, theirs = _said(kept, name), _said(gone, name)
    wins = "same" if ours == theirs else "kept"
    if {name, f"{name}_id"} & filled:
        wins = "gone"
    return Compared(label, ours, theirs, wins)


def _said(row: Customer, name: str) -> str:
    """A fact as a person says it; empty where there is none."""
    value: Any = getattr(row, name)
    if name == "custom":
        count = len(value)
        return ngettext("%(n)s value", "%(n)s values", count) % {"n": count} if count else ""
    if name == "yearly_amount" and value is not None:
        return current().money(value, row.currency)
    if name == "renewal_date" and value is not None:
        return current().day_and_year(value)
    return str(value or "")


def _counts(kept_id: UUID, gone_id: UUID) -> tuple[Counted, ...]:
    ours, theirs = count_rows(kept_id), count_rows(gone_id)
    named = {
        "engagements_engagement": _("Engagements"),
        "engagements_stakeholder": _("Stakeholders"),
        "engagements_enduser": _("End users"),
        "engagements_licenceseats": _("Seat counts"),
        "tenancy_membership": _("People who sign in"),
        "usage_event": _("Events of use"),
    }
    found = [
        Counted(label, ours.get(table, 0), theirs.get(table, 0)) for table, label in named.items()
    ]
    rest = [sum(n for table, n in side.items() if table not in named) for side in (ours, theirs)]
    found.append(Counted(_("Everything that hangs on these"), rest[0], rest[1]))
    return tuple(found)


def get_merges(*, customer_id: UUID | None = None, now: datetime) -> list[MergeRow]:
    """Merges that can still be undone, newest first; into one customer, or all."""
    rows = CustomerMerge.objects.filter(undone_at=None, merged_at__gte=now - UNDO_FOR)
    if customer_id is not None:
        rows = rows.filter(kept_id=customer_id)
    return [_merge_row(row) for row in rows.select_related("kept", "gone", "merged_by")]


def _merge_row(row: CustomerMerge) -> MergeRow:
    return MergeRow(
        id=row.pk,
        kept_id=row.kept_id,
        kept_name=row.kept.name,
        gone_name=row.gone.name,
        gone_external_id=row.gone.external_id,
        merged_at=row.merged_at,
        merged_by=str(row.merged_by or ""),
        undo_until=row.merged_at + UNDO_FOR,
    )
