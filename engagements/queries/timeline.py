"""The timeline of an engagement as people read it, day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.mentions import Piece, pieces
from engagements.models import Engagement, Interaction, InteractionPerson, Note, TimelineEntry

PAGE_SIZE = 40
# What each filter is called, the icon beside its entries, and which nouns it takes in. What no
# filter takes in is found under the last.
GROUPS: dict[str, tuple[Promise | str, str, tuple[str, ...]]] = {
    "interactions": (_("Talks"), "message", ("interaction",)),
    "notes": (_("Notes"), "note", ("note",)),
    "questions": (_("Questions"), "help", ("question", "answer")),
    "plan": (
        _("Plan"),
        "calendar-event",
        ("phase", "date", "engagement", "plan", "task", "risk", "barrier", "hypercare"),
    ),
    "measures": (
        _("Promise and measures"),
        "chart-line",
        (
            "criterion",
            "quick_win",
            "measure",
            "reading",
            "target",
            "route",
            "support",
            "assessment",
        ),
    ),
    "people": (
        _("People"),
        "users",
        (
            *("team", "lead", "csm", "offering", "stakeholder", "roster", "impact_group"),
            *("survey", "feedback", "interview", "concern", "portfolio", "cover"),
        ),
    ),
    "money": (_("Money"), "coin", ("budget", "cost", "outcome")),
    "system": (_("Everything else"), "info-circle", ()),
}
NOUNS = {noun: group for group, (_label, _icon, nouns) in GROUPS.items() for noun in nouns}
OTHER = "system"


@dataclass(frozen=True, slots=True)
class Talk:
    """What is known of a talk beyond its line."""

    kind_label: str
    minutes: int | None
    mood: str
    mood_label: str
    features: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline. `noun` and `row_id` name the note, talk or question it shows."""

    id: UUID
    kind: str
    group: str
    group_label: str
    icon: str
    text: tuple[Piece, ...]
    details: tuple[Piece, ...]
    url: str
    by_id: UUID | None
    by_name: str
    happened_at: datetime
    has_time: bool
    shared: bool
    noun: str = ""
    row_id: UUID | None = None
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day of the customer's, newest first."""

    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class GroupCount:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of a timeline. `older` is where the next page begins, empty on the last."""

    days: tuple[Day, ...]
    groups: tuple[GroupCount, ...]
    everything: int
    older: str

    @property
    def shown(self) -> int:
        return sum(len(day.entries) for day in self.days)


@dataclass(frozen=True, slots=True)
class PinnedNote:
    id: UUID
    text: tuple[Piece, ...]
    by_id: UUID | None
    by_name: str
    created_at: datetime
    shared: bool


def get_timeline(
    *, engagement: Engagement, group: str = "", text: str = "", before: str = ""
) -> Timeline:
    """A page of what happened, newest first, in days of the customer's time zone.

    `group` is a key of GROUPS, `text` is searched for, `before` continues below an earlier page.
    """
    rows = TimelineEntry.objects.filter(engagement=engagement)
    counts = _counts(rows)
    found = list(_below(_narrowed(rows, group, text), before)[: PAGE_SIZE + 1])
    shown = _with_talks([_entry(row, engagement) for row in found[:PAGE_SIZE]])
    return Timeline(
        days=_days(shown, engagement),
        groups=tuple(
            GroupCount(key, str(label), counts[key])
            for key, (label, _icon, _nouns) in GROUPS.items()
            if counts.get(key)
        ),
        everything=sum(counts.values()),
        older=_cursor(found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else "",
    )


def get_timeline_entries(
    *, engagement: Engagement, group: str = "", text: str = ""
) -> Iterable[Entry]:
    """All of it, for a spreadsheet, newest first."""
    rows = _narrowed(TimelineEntry.objects.filter(engagement=engagement), group, text)
    return _with_talks([_entry(row, engagement) for row in rows.order_by("-happened_at", "-id")])


def get_notes(*, engagement_id: UUID | None = None) -> QuerySet[Note]:
    """Notes that were not deleted, newest first, of one engagement or of all."""
    rows = Note.objects.filter(deleted_at=None).select_related("by")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_pinned_notes(*, engagement_id: UUID) -> tuple[PinnedNote, ...]:
    rows = get_notes(engagement_id=engagement_id).filter(pinned=True)
    return tuple(
        PinnedNote(
            id=row.pk,
            text=pieces(row.text, row.mentions),
            by_id=row.by_id,
            by_name=str(row.by or ""),
            created_at=row.created_at,
            shared=row.shared,
        )
        for row in rows[:20]
    )


def _counts(rows: QuerySet[TimelineEntry]) -> dict[str, int]:
    counted: dict[str, int] = {}
    found = rows.order_by().values("kind").annotate(number=Count("id"))
    for kind, number in found.values_list("kind", "number"):
        group = NOUNS.get(kind.partition(".")[0], OTHER)
        counted[group] = counted.get(group, 0) + number
    return counted


def _narrowed(rows: QuerySet[TimelineEntry], group: str, text: str) -> QuerySet[TimelineEntry]:
    if group == OTHER:
        rows = rows.exclude(_of_nouns(NOUNS))
    elif group in GROUPS:
        rows = rows.filter(_of_nouns(GROUPS[group][2]))
    if text:
        rows = rows.filter(
            Q(text__icontains=text) | Q(details__icontains=text) | Q(by_name__icontains=text)
        )
    return rows


def _of_nouns(nouns: Iterable[str]) -> Q:
    named = Q()
    for noun in nouns:
        named |= Q(kind__startswith=f"{noun}.")
    return named


def _below(rows: QuerySet[TimelineEntry], before: str) -> QuerySet[TimelineEntry]:
    rows = rows.order_by("-happened_at", "-id")
    at, _space, row_id = before.partition(" ")
    try:
        moment, last = datetime.fromisoformat(at), UUID(row_id)
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    return rows.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, id__lt=last))


def _cursor(row: TimelineEntry) -> str:
    return f"{row.happened_at.isoformat()} {row.pk}"


def _entry(row: TimelineEntry, engagement: Engagement) -> Entry:
    group = NOUNS.get(row.kind.partition(".")[0], OTHER)
    label, icon, _nouns = GROUPS[group]
    noun, row_id = _row_of(row.key)
    return Entry(
        id=row.pk,
        kind=row.kind,
        group=group,
        group_label=str(label),
        icon=icon,
        text=pieces(row.text, row.mentions),
        details=pieces(row.details, row.mentions),
        url=row.url,
        by_id=row.by_id,
        by_name=row.by_name,
        happened_at=row.happened_at,
        has_time=row.happened_at.astimezone(engagement.customer.zone).time() != time.max,
        shared=row.shared,
        noun=noun,
        row_id=row_id,
    )


def _row_of(key: str) -> tuple[str, UUID | None]:
    noun, _colon, text = key.partition(":")
    try:
        return noun, UUID(text)
    except ValueError:
        return "", None


def _with_talks(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries; those of talks with who took part, in two queries for all of them."""
    ids = [entry.row_id for entry in entries if entry.noun == "interaction" and entry.row_id]
    if not ids:
        return list(entries)
    seats = InteractionPerson.objects.filter(interaction_id__in=ids)
    people: dict[UUID, list[str]] = {}
    for seat in seats.select_related("stakeholder", "user"):
        people.setdefault(seat.interaction_id, []).append(str(seat))
    rows = {row.pk: row for row in Interaction.objects.filter(pk__in=ids)}
    return [
        replace(entry, talk=_talk(rows[entry.row_id], people), details=_notes(rows[entry.row_id]))
        if entry.noun == "interaction" and entry.row_id in rows
        else entry
        for entry in entries
    ]


def _talk(row: Interaction, people: dict[UUID, list[str]]) -> Talk:
    return Talk(
        kind_label=row.get_kind_display(),
        minutes=row.minutes,
        mood=row.sentiment,
        mood_label=row.get_sentiment_display() if row.sentiment else "",
        features=tuple(row.features),
        people=tuple(people.get(row.pk, ())),
    )


def _notes(row: Interaction) -> tuple[Piece, ...]:
    return pieces(row.notes, row.mentions)


def _days(entries: Sequence[Entry], engagement: Engagement) -> tuple[Day, ...]:
    zone = engagement.customer.zone

    def day_of(entry: Entry) -> date:
        return entry.happened_at.astimezone(zone).date()

    return tuple(Day(day, tuple(group)) for day, group in groupby(entries, key=day_of))
