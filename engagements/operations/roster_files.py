"""A whole roster at once: read once, written once, each person checked as one alone would be."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import EndUser, Engagement, RosterEntry
from engagements.operations.rosters import ENTRY_FIELDS
from engagements.operations.saving import known
from engagements.operations.timeline import inside, put_on_timeline
from tenancy import audit

ROWS_AT_ONCE = 2000
WITHOUT_PROOF = next(
    rule
    for rule in RosterEntry._meta.constraints
    if rule.name == "proficiency_is_shown_by_something"
).violation_error_message


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody on a roster as a file states them; what is left out stays as it is known.

    `row` is the number by which a refusal names them.
    """

    row: int
    external_id: str
    name: str = ""
    email: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a roster's rows."""

    added: int
    changed: int
    unchanged: int
    refused: Mapping[int, ValidationError]


@transaction.atomic
def put_all_on_roster(*, engagement: Engagement, places: Sequence[Place]) -> Placed:
    """Make or change everybody's place. Whoever breaks a rule is left out and named as refused."""
    work = _Roster(engagement, {place.external_id for place in places})
    for place in places:
        work.put(place)
    work.save()
    placed = work.result()
    facts = {"added": placed.added, "changed": placed.changed}
    if placed.added or placed.changed:
        text = _("People from a file: %(added)s new on the roster, %(changed)s changed.") % facts
        url = inside("engagements:roster", engagement.pk)
        put_on_timeline(engagement=engagement, kind="roster.imported", text=text, url=url)
    audit.record(
        action="roster.imported",
        subject=engagement,
        facts=facts,
        about_customer_id=engagement.customer_id,
    )
    return placed


class _Rows:
    """Rows by external id, as they are and as they will be."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self.now = stored
        self.new: set[str] = set()
        self.changed: set[str] = set()

    def put(self, key: str, row: Any) -> None:
        if key not in self.now:
            self.new.add(key)
        elif row is not self.now[key] and key not in self.new:
            self.changed.add(key)
        self.now[key] = row

    @property
    def to_write(self) -> list[str]:
        return sorted(self.new | self.changed)


class _Roster:
    def __init__(self, engagement: Engagement, external_ids: set[str]) -> None:
        self.engagement = engagement
        people = EndUser.objects.filter(
            customer_id=engagement.customer_id, external_id__in=external_ids
        )
        self.people = _Rows({person.external_id: person for person in people})
        names = {person.pk: key for key, person in self.people.now.items()}
        entries = RosterEntry.objects.filter(engagement=engagement, end_user_id__in=list(names))
        self.entries = _Rows({names[entry.end_user_id]: entry for entry in entries.order_by()})
        self.seen: set[str] = set()
        self.refused: dict[int, ValidationError] = {}

    def put(self, place: Place) -> None:
        key = place.external_id
        try:
            person, entry = self._person(place), self._entry(place)
        except ValidationError as error:
            self.refused[place.row] = error
            return
        self.people.put(key, person)
        self.entries.put(key, entry)
        self.seen.add(key)

    def _person(self, place: Place) -> EndUser:
        known_one = self.people.now.get(place.external_id)
        fresh = EndUser(customer_id=self.engagement.customer_id, external_id=place.external_id)
        given = {"name": place.name, "email": place.email}
        person: EndUser = _with(
            known_one, fresh, {name: text for name, text in given.items() if text}
        )
        return person

    def _entry(self, place: Place) -> RosterEntry:
        known_one = self.entries.now.get(place.external_id)
        fresh = RosterEntry(
            customer_id=self.engagement.customer_id, engagement_id=self.engagement.pk
        )
        values = known(place.fields, ENTRY_FIELDS)
        if group := values.pop("impact_group", None):
            values["impact_group_id"] = group.pk
        entry: RosterEntry = _with(known_one, fresh, values)
        if entry.proficient_since and not entry.proficient_by:
            raise ValidationError({"proficient_by": WITHOUT_PROOF or ""})
        return entry

    def save(self) -> None:
        people, entries = self.people, self.entries
        _upsert(people, ("customer", "external_id"), ("name", "email"))
        ids = self._ids(people.new)
        for key in entries.to_write:
            entries.now[key].end_user_id = ids.get(key, people.now[key].pk)
        _upsert(entries, ("engagement", "end_user"), PLACE_FIELDS)

    def _ids(self, external_ids: Iterable[str]) -> dict[str, UUID]:
        """As they are stored: an event may have brought the same person meanwhile."""
        rows = EndUser.objects.filter(
            customer_id=self.engagement.customer_id, external_id__in=set(external_ids)
        )
        return dict(rows.order_by().values_list("external_id", "pk"))

    def result(self) -> Placed:
        added = self.entries.new
        changed = (self.entries.changed | self.people.changed) - added
        return Placed(len(added), len(changed), len(self.seen - added - changed), self.refused)


PLACE_FIELDS = tuple(sorted(ENTRY_FIELDS))
# Set by this code and held by the database's own keys.
NOT_CHECKED = ("tenant", "customer", "engagement", "end_user", "impact_group")


def _with(row: Any, fresh: Any, values: Mapping[str, Any]) -> Any:
    """The row itself where nothing changes; else a copy, checked. Raises ValidationError."""
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    changed = copy(row) if row is not None else fresh
    for name, value in values.items():
        setattr(changed, name, value)
    changed.clean_fields(exclude=NOT_CHECKED)
    return changed


def _upsert(rows: _Rows, unique: tuple[str, ...], fields: tuple[str, ...]) -> None:
    written = [rows.now[key] for key in rows.to_write]
    if written:
        type(written[0]).objects.bulk_create(
            written,
            batch_size=ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["tenant", *unique],
            update_fields=fields,
        )
