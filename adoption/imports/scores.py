"""Scores of a test out of a table: each row a person or a group, all of them or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adoption.models import Assessment, Stage
from adoption.operations.assessments import (
    NewScore,
    refuse_impossible,
    says_the_same,
    standing_results,
)
from engagements.imports.reading import (
    RowError,
    check_columns,
    errors_of,
    read_amount,
    read_day,
    read_whole_number,
    refuse_sheet_error,
)
from engagements.models import EndUser, ImpactGroup, RosterEntry
from rendering.spreadsheets import Row, Table, UnreadableTable

SCORE_COLUMNS = ("external_id", "name", "impact_group", "people", "stage", "score", "day")
NEEDED = ("stage", "score", "day")
STAGES = {
    **dict.fromkeys(("before", "pre", "start"), Stage.BEFORE),
    **dict.fromkeys(("after", "post", "end"), Stage.AFTER),
}
MOST_SCORES = 5000
SALT = "adoption.imports.scores"


@dataclass(frozen=True, slots=True)
class ScoresPreview:
    """What a table would bring. With an error it brings nothing."""

    items: tuple[NewScore, ...]
    errors: tuple[RowError, ...]
    new: int = 0
    replaced: int = 0
    same: int = 0


def read_scores(*, assessment: Assessment, table: Table, today: date) -> ScoresPreview:
    """The results of a table for one test. Raises UnreadableTable where columns are not right."""
    check_columns(table, known=SCORE_COLUMNS)
    for name in NEEDED:
        if name not in table.columns:
            raise UnreadableTable(_("The column “%(name)s” is missing.") % {"name": name})
    if len(table.rows) > MOST_SCORES:
        words = _("The table has more than %(most)s rows.")
        raise UnreadableTable(words % {"most": MOST_SCORES})
    if not table.rows:
        raise UnreadableTable(_("The table has no row with a result."))
    reading = _Reading(assessment, today)
    for row in table.rows:
        reading.read(row)
    return _compared(assessment, tuple(reading.items.values()), tuple(reading.errors))


class _Reading:
    """Rows as results, with everybody who may be named read once."""

    def __init__(self, assessment: Assessment, today: date) -> None:
        self.assessment, self.today = assessment, today
        roster = RosterEntry.objects.filter(engagement=assessment.engagement_id)
        entries = list(roster.select_related("end_user", "impact_group"))
        self.people: Mapping[str, RosterEntry] = {one.end_user.external_id: one for one in entries}
        groups = ImpactGroup.objects.filter(engagement=assessment.engagement_id)
        self.groups = {group.name.casefold(): group for group in groups}
        self.items: dict[Any, NewScore] = {}
        self.errors: list[RowError] = []

    def read(self, row: Row) -> None:
        found: dict[str, Any] = {}
        for name in SCORE_COLUMNS:
            try:
                found[name] = self._cell(name, row.cells.get(name, "").strip())
            except ValueError as error:
                self.errors.append(RowError(row.number, name, str(error)))
        if len(found) == len(SCORE_COLUMNS):
            self._keep(row, found)

    def _cell(self, name: str, text: str) -> Any:
        refuse_sheet_error(text)
        if name in NEEDED and not text:
            raise ValueError(_("This is missing."))
        readers = {
            "external_id": self._person,
            "impact_group": self._group,
            "people": read_whole_number,
            "stage": _stage,
            "score": _score,
            "day": read_day,
        }
        return readers[name](text) if name in readers else text

    def _person(self, text: str) -> RosterEntry | None:
        if text and text not in self.people:
            words = _("Nobody on the roster of this engagement has the id “%(id)s”.")
            raise ValueError(words % {"id": text})
        return self.people.get(text)

    def _group(self, text: str) -> ImpactGroup | None:
        if text and text.casefold() not in self.groups:
            raise ValueError(_("No impact group is called “%(name)s”.") % {"name": text})
        return self.groups.get(text.casefold())

    def _keep(self, row: Row, found: Mapping[str, Any]) -> None:
        entry, group = found["external_id"], found["impact_group"]
        if entry is None and group is None:
            words = _("Name a person by external_id, or a group.")
            self.errors.append(RowError(row.number, "external_id", words))
            return
        item = score_of(
            entry,
            group,
            stage=found["stage"],
            score=found["score"],
            day=found["day"],
            people=found["people"],
        )
        try:
            refuse_impossible(self.assessment, item, self.today)
        except ValidationError as error:
            self.errors += errors_of(row.number, error, {})
            return
        if item.key in self.items:
            words = _("A row above has this result already.")
            self.errors.append(RowError(row.number, "stage", words))
        self.items[item.key] = item


def score_of(
    entry: RosterEntry | None, group: ImpactGroup | None, *, people: int | None, **said: Any
) -> NewScore:
    """Of a person in the group they are in, unless another is named; else of a group."""
    if entry is None:
        return NewScore(group=group, people=people, **said)
    return NewScore(
        end_user=entry.end_user, group=group or entry.impact_group, people=people, **said
    )


def _stage(text: str) -> str:
    stage = STAGES.get(text.casefold())
    if stage is None:
        raise ValueError(_("“%(text)s” is no stage. Write before or after.") % {"text": text})
    return stage.value


def _score(text: str) -> Decimal:
    amount = read_amount(text.removesuffix("%").strip())
    if amount is None:
        raise ValueError(_("This is missing."))
    if -(amount.as_tuple().exponent) > 2:  # type: ignore[operator]
        raise ValueError(_("Write at most two decimals."))
    return amount


def _compared(
    assessment: Assessment, items: tuple[NewScore, ...], errors: tuple[RowError, ...]
) -> ScoresPreview:
    standing = standing_results(assessment, items)
    before = [(standing.get(item.key), item) for item in items]
    new = sum(row is None for row, _item in before)
    same = sum(says_the_same(row, item) for row, item in before)
    return ScoresPreview(items, errors, new, len(items) - new - same, same)


def sealed(items: Iterable[NewScore], *, assessment: Assessment) -> str:
    """The results of a checked table, to come back with the decision to bring them in."""
    rows = [
        [
            str(item.end_user.pk) if item.end_user else "",
            str(item.group.pk) if item.group else "",
            item.people,
            item.stage,
            str(item.score),
            item.day.isoformat(),
        ]
        for item in items
    ]
    return signing.dumps(rows, salt=_salt(assessment), compress=True)


def _salt(assessment: Assessment) -> str:
    """What was looked through for one test comes into no other."""
    return f"{SALT}.{assessment.pk}"


def unsealed(text: str, *, assessment: Assessment) -> tuple[NewScore, ...]:
    """Raises signing.BadSignature, and KeyError where somebody is gone since."""
    rows: list[Any] = signing.loads(text, salt=_salt(assessment))
    ids = [UUID(row[0]) for row in rows if row[0]]
    users: dict[str, EndUser | None] = {
        str(one.pk): one
        for one in EndUser.objects.filter(customer_id=assessment.customer_id, pk__in=ids)
    }
    groups: dict[str, ImpactGroup | None] = {
        str(one.pk): one for one in ImpactGroup.objects.filter(engagement=assessment.engagement_id)
    }
    users[""] = groups[""] = None
    return tuple(
        NewScore(
            end_user=users[user],
            group=groups[group],
            people=people,
            stage=stage,
            score=Decimal(score),
            day=date.fromisoformat(day),
        )
        for user, group, people, stage, score, day in rows
    )
