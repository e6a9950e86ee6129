"""Changes to the register of contacts with the help desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Engagement, ImpactGroup, SupportContact
from engagements.models.routes import Way
from engagements.operations.routes import EARLIEST, Counted
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit

CONTACT_FIELDS = frozenset(
    {"day", "outcome", "count", "channel", "topic", "impact_group", "end_user", "ticket"}
)
POINTERS = {"tenant", "customer", "engagement", "impact_group", "end_user", "recorded_by"}
ROWS_AT_ONCE = 2000
# Contacts of these ways come again in the next file or call; what somebody typed does not.
SENT = (Way.FILE, Way.API)

# By what a contact is known when it is sent again.
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact on its way in; `row` is the number by which a refusal names it."""

    row: int
    fields: Mapping[str, Any]


class ContactsRefused(Exception):
    """Some of many contacts cannot be right, so none came in; `faults` by the number of the row."""

    def __init__(self, faults: Mapping[int, ValidationError]) -> None:
        super().__init__("Some contacts cannot come in.")
        self.faults = faults


@transaction.atomic
def record_contact(
    *, engagement: Engagement, fields: Mapping[str, Any], today: date, by: User | None
) -> SupportContact:
    """A contact that somebody wrote down. Raises ValidationError, keyed by field."""
    contact = _made(engagement, fields, by, Way.HAND)
    _refuse_day(contact.day, today)
    save(contact, named_by="ticket")
    _record("contact.recorded", contact, {"outcome": contact.outcome, "count": contact.count})
    return contact


@transaction.atomic
def change_contact(
    *, contact: SupportContact, fields: Mapping[str, Any], today: date
) -> SupportContact:
    """Raises ValidationError, keyed by field."""
    _refuse_day(fields.get("day"), today)
    _refuse_other_group(contact.engagement_id, fields.get("impact_group"))
    changed = change(contact, known(fields, CONTACT_FIELDS), named_by="ticket")
    if changed:
        _record("contact.changed", contact, changed)
    return contact


@transaction.atomic
def remove_contact(*, contact: SupportContact) -> None:
    """It was no contact after all."""
    facts = {"day": contact.day, "outcome": contact.outcome, "count": contact.count}
    _record("contact.removed", contact, facts)
    contact.delete()


@transaction.atomic
def record_contacts(
    *,
    engagement: Engagement,
    items: Sequence[NewContact],
    today: date,
    by: User | None,
    way: Way,
) -> Counted:
    """Many contacts at once, all or none, so that what is sent again changes nothing.

    A ticket is known by its id. A row without one is the day's sum of contacts alike in outcome,
    channel, topic, group and end user, and replaces the sum that was sent before.
    Raises ContactsRefused.
    """
    held = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    rows = _checked(held, items, today, by, way)
    stored = _stored(held, rows.values())
    fresh = [row for key, row in rows.items() if key not in stored]
    other = [
        _brought_to(stored[key], row)
        for key, row in rows.items()
        if key in stored and _said(stored[key]) != _said(row)
    ]
    SupportContact.objects.bulk_create(fresh, batch_size=ROWS_AT_ONCE)
    SupportContact.objects.bulk_update(other, [*CONTACT_FIELDS, "way"], batch_size=ROWS_AT_ONCE)
    counted = Counted(len(fresh), len(other), len(rows) - len(fresh) - len(other))
    if counted.something:
        _tell_of_contacts(held, counted, by)
    return counted


@transaction.atomic
def send_contact(
    *, engagement: Engagement, fields: Mapping[str, Any], today: date, by: User | None
) -> SupportContact:
    """One contact from another system; sent again, it is the same.

    Raises ValidationError, keyed by field.
    """
    items = [NewContact(0, fields)]
    try:
        record_contacts(engagement=engagement, items=items, today=today, by=by, way=Way.API)
    except ContactsRefused as refusal:
        raise refusal.faults[0] from refusal
    row = _made(engagement, fields, by, Way.API)
    return _stored(engagement, [row])[_key(row)]


def _checked(
    engagement: Engagement,
    items: Sequence[NewContact],
    today: date,
    by: User | None,
    way: Way,
) -> dict[Key, SupportContact]:
    rows: dict[Key, SupportContact] = {}
    faults: dict[int, ValidationError] = {}
    for item in items:
        try:
            row = _made(engagement, item.fields, by, way)
            row.clean_fields(exclude=POINTERS)
            row.clean()
            _refuse_day(row.day, today)
            _refuse_other_group(engagement.pk, row.impact_group)
            _refuse_twice(row, rows)
        except ValidationError as error:
            faults[item.row] = error
        else:
            rows[_key(row)] = row
    if faults:
        raise ContactsRefused(faults)
    return rows


def _refuse_other_group(engagement_id: UUID, group: ImpactGroup | None) -> None:
    if group is not None and group.engagement_id != engagement_id:
        words = _("This impact group belongs to another engagement.")
        raise ValidationError({"impact_group": words})


def _refuse_twice(row: SupportContact, rows: Mapping[Key, SupportContact]) -> None:
    if _key(row) not in rows:
        return
    if row.ticket:
        raise ValidationError({"ticket": _("A row above has this ticket already.")})
    words = _("A row above says the same. Add the two up, or name their tickets.")
    raise ValidationError({"count": words})


def _key(row: SupportContact) -> Key:
    if row.ticket:
        return (row.ticket,)
    return (
        row.day,
        row.outcome,
        row.channel,
        row.topic.casefold(),
        row.impact_group_id,
        row.end_user_id,
    )


def _stored(engagement: Engagement, rows: Iterable[SupportContact]) -> dict[Key, SupportContact]:
    """What is known already, by its key."""
    wanted = list(rows)
    tickets = {row.ticket for row in wanted if row.ticket}
    days = {row.day for row in wanted if not row.ticket}
    known = SupportContact.objects.filter(engagement=engagement).filter(
        Q(ticket__in=tickets) | Q(ticket="", day__in=days, way__in=SENT)
    )
    return {_key(row): row for row in known}


def _said(row: SupportContact) -> list[Any]:
    names = ("day", "outcome", "count", "channel", "topic", "impact_group_id", "end_user_id")
    return [getattr(row, name) for name in names]


def _brought_to(row: SupportContact, said: SupportContact) -> SupportContact:
    for name in ("day", "outcome", "count", "channel", "topic", "way"):
        setattr(row, name, getattr(said, name))
    row.impact_group_id, row.end_user_id = said.impact_group_id, said.end_user_id
    return row


def _made(
    engagement: Engagement, fields: Mapping[str, Any], by: User | None, way: Way
) -> SupportContact:
    return SupportContact(
        customer_id=engagement.customer_id,
        engagement=engagement,
        way=way,
        recorded_by=by,
        **known(fields, CONTACT_FIELDS),
    )


def _refuse_day(day: date | None, today: date) -> None:
    if day is None:
        return
    if day > today:
        raise ValidationError({"day": _("This day is still to come.")})
    if day < EARLIEST:
        raise ValidationError({"day": _("This lies before %(year)s.") % {"year": EARLIEST.year}})


def _tell_of_contacts(engagement: Engagement, counted: Counted, by: User | None) -> None:
    words = ngettext(
        "One row of contacts with the help desk came in.",
        "%(n)s rows of contacts with the help desk came in.",
        counted.something,
    )
    put_on_timeline(
        engagement=engagement,
        kind="support.imported",
        text=words % {"n": counted.something},
        url=inside("engagements:support", engagement.pk),
        by=by,
        shared=True,
    )
    audit.record(
        action="contacts.recorded",
        subject=engagement,
        facts={"new": counted.new, "corrected": counted.corrected},
        about_customer_id=engagement.customer_id,
    )


def _record(action: str, contact: SupportContact, facts: Mapping[str, Any]) -> None:
    audit.record(action=action, subject=contact, facts=facts, about_customer_id=contact.customer_id)
