"""Whom an event counts for: its customer and end user, or the reason why there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from engagements.models import EndUser
from engagements.operations import ensure_end_users
from usage.adapters.canonical import Event
from usage.models import Belonging, Domain
from usage.operations.aliases import learn_aliases
from usage.operations.directory import Directory
from usage.operations.recording import Attributed
from usage.operations.remembering import Keys, Memory


@dataclass(frozen=True, slots=True)
class Attribution:
    """What could be attributed, and what could not with the reason in words."""

    known: list[Attributed]
    unknown: list[tuple[Event, str]]


def attribute(
    *,
    events: Sequence[Event],
    creates_customers: bool,
    received_at: datetime,
    memory: Memory,
) -> Attribution:
    """Find whom each event is for, and remember what the events say of people and groups.

    The group an event names comes first; then the customer its person was last said to belong to;
    then the only customer where the person is known; then the one that has the domain of the
    person's e-mail address. An event that leaves two customers possible is put aside.
    """
    persons = learn_aliases(events=events, now=received_at, memory=memory)
    named = [
        (event, persons.get(event.user_id or event.anonymous_id or "", "")) for event in events
    ]
    directory = Directory(creates_customers, memory)
    directory.learn({(e.group_id, who) for e, who in named if e.group_id and who})
    _remember_groups(named, directory)
    alone = {who: e for e, who in named if who and not e.group_id}
    homes = _Homes.of(alone) if alone else _Homes({}, {}, {})
    found = Attribution([], [])
    for event, who in named:
        group = event.group_id
        ids = directory.get(group, who) if group else homes.at(event, who)
        if ids is not None:
            found.known.append(Attributed(event, *ids))
        elif event.is_use:
            found.unknown.append((event, _why(event, homes.count(who))))
    return found


def _why(event: Event, customers: int) -> str:
    if event.group_id:
        return _("No customer has the external id “%(group)s”.") % {"group": event.group_id}
    if customers:
        return _("The user belongs to several customers and the event names no group.")
    return _("The event names no group, and its user is not known yet.")


# --- who belongs where ----------------------------------------------------------------------


def _remember_groups(named: Iterable[tuple[Event, str]], directory: Directory) -> None:
    """A group call holds for what its person does later; saying the same again changes nothing."""
    said = [
        (event.occurred_at, who, UUID(bytes=ids[0]))
        for event, who in named
        if event.kind == "group" and (ids := directory.get(event.group_id, who))
    ]
    if not said:
        return
    last = _last_homes({who for _at, who, _customer in said})
    rows = []
    for at, who, customer_id in sorted(said, key=lambda one: one[0]):
        before = last.get(who)
        if before is None or before.until_at or before.customer_id != customer_id:
            last[who] = Belonging(person=who, customer_id=customer_id, since_at=at)
            rows.append(last[who])
    Belonging.objects.bulk_create(rows)


def _last_homes(persons: Iterable[str]) -> dict[str, Belonging]:
    rows = Belonging.objects.filter(person__in=set(persons)).order_by("person", "since_at", "id")
    return {row.person: row for row in rows}


@dataclass(frozen=True, slots=True)
class _Homes:
    """Where people without a group in their event are at home."""

    spells: Mapping[str, Sequence[Belonging]]
    users: Mapping[str, Mapping[UUID, Keys]]
    domains: Mapping[str, Keys]

    @classmethod
    def of(cls, alone: Mapping[str, Event]) -> _Homes:
        spells: dict[str, list[Belonging]] = defaultdict(list)
        for row in Belonging.objects.filter(person__in=alone).order_by("-since_at", "-id"):
            spells[row.person].append(row)
        users: dict[str, dict[UUID, Keys]] = defaultdict(dict)
        rows = EndUser.objects.filter(external_id__in=alone)
        for who, customer_id, pk in rows.values_list("external_id", "customer_id", "pk"):
            users[who][customer_id] = customer_id.bytes, pk.bytes
        strangers = {who: event for who, event in alone.items() if who not in users}
        return cls(spells, users, _by_domain(strangers) if strangers else {})

    def at(self, event: Event, who: str) -> Keys | None:
        users = self.users.get(who, {})
        for spell in self.spells.get(who, ()):
            ended = spell.until_at is not None and spell.until_at <= event.occurred_at
            if spell.since_at <= event.occurred_at and not ended:
                return users.get(spell.customer_id)
        if len(users) == 1:
            return next(iter(users.values()))
        return self.domains.get(who)

    def count(self, who: str) -> int:
        return len(self.users.get(who, {}))


def _by_domain(strangers: Mapping[str, Event]) -> dict[str, Keys]:
    """People nobody knows whose e-mail address says whose they are; they are known from now on."""
    domains = {who: domain for who, event in strangers.items() if (domain := domain_of(event))}
    if not domains:
        return {}
    rows = Domain.objects.filter(name__in=set(domains.values()))
    owners = dict(rows.values_list("name", "customer_id"))
    wanted: dict[UUID, set[str]] = {}
    for who, domain in domains.items():
        if domain in owners:
            wanted.setdefault(owners[domain], set()).add(who)
    made = ensure_end_users(external_ids=wanted)
    return {
        who: (customer_id.bytes, made[customer_id, who].bytes)
        for customer_id, people in wanted.items()
        for who in people
    }


def domain_of(event: Event) -> str:
    """The domain of the person's e-mail address in small letters; empty without an address."""
    for text in (event.email, event.user_id or ""):
        if "@" in text:
            return text.rpartition("@")[2].strip().lower()
    return ""
