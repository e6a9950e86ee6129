"""Volumes of routes and contacts with the help desk from a file or a call: all of it or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from engagements.imports.reading import (
    RowError,
    check_columns,
    errors_of,
    missing_column,
    read_day,
    read_whole_number,
    refuse_sheet_error,
)
from engagements.models import EndUser, Engagement, ImpactGroup, SupportContact, WorkRoute
from engagements.models.routes import Way
from engagements.operations.routes import (
    Counted,
    NewVolume,
    record_volumes,
    refuse_impossible_volume,
)
from engagements.operations.support import ContactsRefused, NewContact, record_contacts
from engagements.periods import Period, last_day
from engagements.queries.routes import get_route_period, get_routes
from engagements.queries.support import CONTACT_COLUMNS
from people.models import User
from rendering.spreadsheets import Row, Table

VOLUME_COLUMNS = ("route", "day", "amount", "period")
NO_ROWS = Counted(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file did; with an error it did nothing."""

    counted: Counted
    errors: tuple[RowError, ...]


def import_volumes(
    *, engagement: Engagement, table: Table, today: date, by: User | None
) -> Brought:
    """Volumes with the columns route, day and amount; `period` says week or month where nothing was
    counted before. Raises UnreadableTable for columns that are unknown or missing."""
    _check(table, known=VOLUME_COLUMNS, needed=VOLUME_COLUMNS[:3])
    reading = _Volumes(engagement, table, today)
    items = [item for item in map(reading.item, table.rows) if item is not None]
    if reading.errors or not items:
        return Brought(NO_ROWS, tuple(reading.errors) or _nothing())
    try:
        counted = record_volumes(
            engagement=engagement,
            items=items,
            period=reading.period,
            today=today,
            by=by,
            way=Way.FILE,
        )
    except ValidationError as error:
        return Brought(NO_ROWS, tuple(errors_of(0, error, {})))
    return Brought(counted, ())


def import_contacts(
    *, engagement: Engagement, table: Table, today: date, by: User | None
) -> Brought:
    """Contacts with the columns day and outcome, and what else is known. Raises UnreadableTable."""
    _check(table, known=CONTACT_COLUMNS, needed=CONTACT_COLUMNS[:2])
    reading = _Contacts(engagement, table)
    items = [item for item in map(reading.item, table.rows) if item is not None]
    if reading.errors or not items:
        return Brought(NO_ROWS, tuple(reading.errors) or _nothing())
    try:
        counted = record_contacts(
            engagement=engagement, items=items, today=today, by=by, way=Way.FILE
        )
    except ContactsRefused as refusal:
        errors = [one for row, fault in refusal.faults.items() for one in errors_of(row, fault, {})]
        return Brought(NO_ROWS, tuple(errors))
    return Brought(counted, ())


def _check(table: Table, *, known: Sequence[str], needed: Iterable[str]) -> None:
    check_columns(table, known=known)
    for name in needed:
        if name not in table.columns:
            raise missing_column(name)


def _nothing() -> tuple[RowError, ...]:
    return (RowError(0, "", _("The file has no row.")),)


class _Rows:
    """Rows read one by one; what is wrong is noted by row and column."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []

    def value(self, row: Row, column: str, read: Callable[[str], Any]) -> Any:
        text = row.cells.get(column, "").strip()
        try:
            refuse_sheet_error(text)
            return read(text)
        except ValueError as error:
            self.errors.append(RowError(row.number, column, str(error)))
            return None


class _Volumes(_Rows):
    def __init__(self, engagement: Engagement, table: Table, today: date) -> None:
        super().__init__()
        self.today = today
        routes = get_routes(engagement_id=engagement.pk)
        self.routes = {route.name.casefold(): route for route in routes}
        self.period = get_route_period(engagement_id=engagement.pk) or _first_period(table)
        self.seen: set[tuple[Any, date]] = set()

    def item(self, row: Row) -> NewVolume | None:
        before = len(self.errors)
        route = self.value(row, "route", self._route)
        day = self.value(row, "day", _day)
        amount = self.value(row, "amount", _amount)
        self.value(row, "period", self._same_period)
        if len(self.errors) > before:
            return None
        return self._sound(row, NewVolume(route, day, amount))

    def _sound(self, row: Row, item: NewVolume) -> NewVolume | None:
        place = (item.route.pk, last_day(self.period, item.day))
        try:
            refuse_impossible_volume(item.day, item.amount, self.period, self.today)
            if place in self.seen:
                words = _("A row above counts this route in the same period.")
                raise ValidationError({"day": words})
        except ValidationError as error:
            self.errors += errors_of(row.number, error, {})
            return None
        self.seen.add(place)
        return item

    def _route(self, text: str) -> WorkRoute:
        route = self.routes.get(text.casefold())
        if route is None:
            names = ", ".join(route.name for route in self.routes.values()) or "–"
            words = _("There is no route “%(text)s” here. Use one of: %(names)s.")
            raise ValueError(words % {"text": text[:60], "names": names})
        return route

    def _same_period(self, text: str) -> None:
        if text and _period(text) is not self.period:
            raise ValueError(_("The routes of an engagement are all counted by one period."))


def _first_period(table: Table) -> Period:
    """What the first row says that says anything; else the week."""
    said = (row.cells.get("period", "").strip() for row in table.rows)
    text = next((text for text in said if text), Period.WEEK.value)
    return Period.MONTH if text.casefold() == Period.MONTH else Period.WEEK


def _period(text: str) -> Period:
    try:
        return Period(text.casefold())
    except ValueError:
        raise ValueError(_("“%(text)s” is neither week nor month.") % {"text": text[:20]}) from None


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError(_("Every row needs a day."))
    return day


def _amount(text: str) -> int:
    amount = read_whole_number(text)
    if amount is None:
        raise ValueError(_("Every row needs a number of requests."))
    return amount


class _Contacts(_Rows):
    def __init__(self, engagement: Engagement, table: Table) -> None:
        super().__init__()
        groups = ImpactGroup.objects.filter(engagement=engagement)
        self.groups = {group.name.casefold(): group for group in groups}
        said = {row.cells.get("end_user", "").strip() for row in table.rows} - {""}
        people = EndUser.objects.filter(customer_id=engagement.customer_id, external_id__in=said)
        self.people = {person.external_id: person for person in people}

    def item(self, row: Row) -> NewContact | None:
        before = len(self.errors)
        fields = {
            "day": self.value(row, "day", _day),
            "outcome": self.value(row, "outcome", _outcome),
            "count": self.value(row, "count", _count),
            "channel": self.value(row, "channel", _channel),
            "topic": self.value(row, "topic", str),
            "impact_group": self.value(row, "impact_group", self._group),
            "end_user": self.value(row, "end_user", self._person),
            "ticket": self.value(row, "ticket", str),
        }
        return None if len(self.errors) > before else NewContact(row.number, fields)

    def _group(self, text: str) -> ImpactGroup | None:
        if text and text.casefold() not in self.groups:
            raise ValueError(_("There is no impact group “%(text)s” here.") % {"text": text[:60]})
        return self.groups.get(text.casefold())

    def _person(self, text: str) -> EndUser | None:
        if text and text not in self.people:
            raise ValueError(_("Nobody at this customer has the id “%(text)s”.") % {"text": text})
        return self.people.get(text)


def _count(text: str) -> int:
    return 1 if not text else read_whole_number(text) or 0


def _outcome(text: str) -> str:
    found = _choice(text, SupportContact.Outcome)
    if not found:
        raise ValueError(_("Every row needs an outcome."))
    return found


def _channel(text: str) -> str:
    return _choice(text, SupportContact.Channel)


def _choice(text: str, choices: type[models.TextChoices]) -> str:
    """A choice by its key or by its words; empty for an empty cell."""
    named = {key.casefold(): key for key in choices.values}
    named |= {str(label).casefold(): key for key, label in choices.choices}
    words = _("“%(text)s” is none of: %(names)s.") % {
        "text": text[:40],
        "names": ", ".join(choices.values),
    }
    if text and text.casefold() not in named:
        raise ValueError(words)
    return named.get(text.casefold(), "")
