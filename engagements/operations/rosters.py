"""Changes to impact groups, rosters, teams and what the customer was offered."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import (
    CustomerModel,
    EndUser,
    Engagement,
    ImpactGroup,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from rendering.formats import current
from tenancy import audit

Row = TypeVar("Row", bound=CustomerModel)

GROUP_FIELDS = frozenset({"name", "size", "features", "working_pattern", "what_changes"})
ENTRY_FIELDS = frozenset({"impact_group", "access_since", "proficient_since", "proficient_by"})
MEMBER_FIELDS = frozenset(
    {"profile", "side", "role", "name", "user", "time", "start_date", "end_date"}
)
OFFERING_FIELDS = frozenset(
    {"kind", "name", "impact_group", "offered_date", "offered_to", "taken_by"}
)
STAKEHOLDER_FIELDS = frozenset(
    {"name", "email", "title", "influence", "attitude", "is_sponsor", "in_committee"}
)


@transaction.atomic
def add_impact_group(*, engagement: Engagement, fields: Mapping[str, Any]) -> ImpactGroup:
    """Raises ValidationError, keyed by field."""
    return _add(ImpactGroup, engagement, known(fields, GROUP_FIELDS), "impact_group.added", "name")


@transaction.atomic
def change_impact_group(*, group: ImpactGroup, fields: Mapping[str, Any]) -> ImpactGroup:
    """Raises ValidationError, keyed by field."""
    return _alter(group, known(fields, GROUP_FIELDS), "impact_group.changed")


@transaction.atomic
def put_on_roster(
    *,
    engagement: Engagement,
    external_id: str,
    name: str = "",
    email: str = "",
    fields: Mapping[str, Any],
) -> RosterEntry:
    """The end user's place in the engagement, made or changed. Raises ValidationError."""
    person = _end_user(engagement, external_id.strip(), name.strip(), email.strip())
    entry = RosterEntry.objects.filter(engagement=engagement, end_user=person).first()
    if entry is None:
        entry = RosterEntry(
            customer_id=engagement.customer_id, engagement=engagement, end_user=person
        )
    for field, value in known(fields, ENTRY_FIELDS).items():
        setattr(entry, field, value)
    save(entry, named_by="end_user")
    return entry


def _end_user(engagement: Engagement, external_id: str, name: str, email: str) -> EndUser:
    same = EndUser.objects.filter(customer_id=engagement.customer_id, external_id=external_id)
    person = same.first() or EndUser(customer_id=engagement.customer_id, external_id=external_id)
    person.name, person.email = name or person.name, email or person.email
    save(person, named_by="external_id")
    return person


@transaction.atomic
def change_entry(*, entry: RosterEntry, fields: Mapping[str, Any]) -> RosterEntry:
    """Raises ValidationError, keyed by field."""
    return _alter(entry, known(fields, ENTRY_FIELDS), "roster.changed")


@transaction.atomic
def take_off_roster(*, entry: RosterEntry) -> None:
    """The end user stays known, with what they did; only the place in the engagement goes."""
    audit.record(action="roster.left", subject=entry, about_customer_id=entry.customer_id)
    entry.delete()


@transaction.atomic
def note_access(*, engagement: Engagement, since: date) -> int:
    """Everybody on the roster without access has it from that day on. Returns how many those are."""
    without = RosterEntry.objects.filter(engagement=engagement, access_since=None)
    count = without.update(access_since=since)
    facts = {"people": count, "since": since}
    audit.record(
        action="roster.access_given",
        subject=engagement,
        facts=facts,
        about_customer_id=engagement.customer_id,
    )
    return count


@transaction.atomic
def change_stakeholder(*, person: Stakeholder, fields: Mapping[str, Any]) -> Stakeholder:
    """Raises ValidationError, keyed by field."""
    return _alter(person, known(fields, STAKEHOLDER_FIELDS), "stakeholder.changed")


@transaction.atomic
def add_team_member(*, engagement: Engagement, fields: Mapping[str, Any]) -> TeamMember:
    """Raises ValidationError, keyed by field."""
    member = _add(TeamMember, engagement, known(fields, MEMBER_FIELDS), "team.joined", "name")
    words = {"name": member.name, "role": member.get_role_display()}
    text = _("%(name)s joined the team: %(role)s.") % words
    _put(engagement, "team.joined", text, "team", member.start_date)
    return member


@transaction.atomic
def change_team_member(*, member: TeamMember, fields: Mapping[str, Any]) -> TeamMember:
    """Raises ValidationError, keyed by field."""
    until = member.end_date
    changed = _alter(member, known(fields, MEMBER_FIELDS), "team.changed")
    if changed.end_date is not None and changed.end_date != until:
        words = {"name": changed.name, "day": current().day_and_year(changed.end_date)}
        text = _("%(name)s is in the team until %(day)s.") % words
        _put(changed.engagement, "team.left", text, "team")
    return changed


@transaction.atomic
def record_offering(*, engagement: Engagement, fields: Mapping[str, Any]) -> Offering:
    """Raises ValidationError, keyed by field."""
    row = _add(Offering, engagement, known(fields, OFFERING_FIELDS), "offering.recorded", "name")
    words = {"kind": row.get_kind_display(), "name": row.name}
    text = _("Offered: %(name)s (%(kind)s).") % words
    _put(engagement, "offering.recorded", text, "offerings", row.offered_date)
    return row


def _put(engagement: Engagement, kind: str, text: str, part: str, day: date | None = None) -> None:
    url = f"{inside('engagements:people', engagement.pk)}#{part}"
    put_on_timeline(engagement=engagement, kind=kind, text=text, url=url, on=day, shared=True)


def _add(
    model: type[Row], engagement: Engagement, fields: Mapping[str, Any], action: str, named_by: str
) -> Row:
    row = model(customer_id=engagement.customer_id, engagement=engagement, **fields)
    save(row, named_by=named_by)
    audit.record(action=action, subject=row, about_customer_id=row.customer_id)
    return row


def _alter(row: Row, fields: Mapping[str, Any], action: str) -> Row:
    changed = change(row, fields, named_by="name")
    if changed:
        audit.record(action=action, subject=row, facts=changed, about_customer_id=row.customer_id)
    return row
