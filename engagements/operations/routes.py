"""Changes to the routes by which requests are made, and to what was counted on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Engagement, RouteVolume, WorkRoute
from engagements.models.routes import Way
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from engagements.periods import Period, last_day
from people.models import User
from rendering.formats import current
from tenancy import audit

ROUTE_FIELDS = frozenset(
    {"name", "kind", "shut_off_date", "shut_date", "owner", "owner_at_customer", "note"}
)
EARLIEST = date(1990, 1, 1)
LARGEST = 1_000_000_000
ROWS_AT_ONCE = 2000


@transaction.atomic
def add_route(*, engagement: Engagement, fields: Mapping[str, Any], by: User | None) -> WorkRoute:
    """Raises ValidationError, keyed by field."""
    route = WorkRoute(
        customer_id=engagement.customer_id, engagement=engagement, **known(fields, ROUTE_FIELDS)
    )
    save(route, named_by="name")
    _put(route, "route.added", _("Route written down: %(name)s"), by)
    _record("route.added", route, {"kind": route.kind, "planned": route.shut_off_date})
    return route


@transaction.atomic
def change_route(*, route: WorkRoute, fields: Mapping[str, Any], by: User | None) -> WorkRoute:
    """Raises ValidationError, keyed by field."""
    changed = change(route, known(fields, ROUTE_FIELDS), named_by="name")
    if "shut_date" in changed:
        _put_shut(route, by)
    elif "shut_off_date" in changed:
        _put(route, "route.planned", _planned(route), by)
    if changed:
        _record("route.changed", route, changed)
    return route


def shut_route(*, route: WorkRoute, day: date, by: User | None) -> WorkRoute:
    """The route takes no more requests since a day. Raises ValidationError, keyed by field."""
    return change_route(route=route, fields={"shut_date": day}, by=by)


def reopen_route(*, route: WorkRoute, by: User | None) -> WorkRoute:
    """It was not shut off after all."""
    return change_route(route=route, fields={"shut_date": None}, by=by)


@transaction.atomic
def delete_route(*, route: WorkRoute, now: datetime) -> None:
    """Take a route and its volumes out of every figure; it can be brought back for a while."""
    route.deleted_at = now
    route.save(update_fields=["deleted_at"])
    _record("route.deleted", route, {})


@transaction.atomic
def restore_route(*, route: WorkRoute) -> None:
    """Raises ValidationError, keyed by field, where another route has its name by now."""
    route.deleted_at = None
    save(route, named_by="name")
    _record("route.restored", route, {})


@dataclass(frozen=True, slots=True)
class NewVolume:
    """What was counted on a route in the period that a day belongs to; None: it was not counted."""

    route: WorkRoute
    day: date
    amount: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of figures on their way in: how many are new, correct another, said nothing new,
    or took one away."""

    new: int
    corrected: int
    same: int
    removed: int = 0

    @property
    def something(self) -> int:
        return self.new + self.corrected + self.removed


@transaction.atomic
def record_volumes(
    *,
    engagement: Engagement,
    items: Sequence[NewVolume],
    period: Period,
    today: date,
    by: User | None,
    way: Way = Way.HAND,
) -> Counted:
    """Record volumes of an engagement's routes, all or none; a second one of a period replaces it.

    Every route of an engagement is counted by the same period. Raises ValidationError.
    """
    held = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    refuse_other_period(held, period)
    wanted = {}
    for item in items:
        refuse_impossible_volume(item.day, item.amount, period, today)
        wanted[item.route.pk, last_day(period, item.day)] = item
    stored = _stored(wanted)
    counted = _keep_volumes(wanted, stored, period, by, way)
    if counted.something:
        _tell_of_volumes(held, counted, by, way)
    return counted


Place = tuple[UUID, date]


def _stored(wanted: Mapping[Place, NewVolume]) -> dict[Place, RouteVolume]:
    routes, days = {route for route, _day in wanted}, {day for _route, day in wanted}
    rows = RouteVolume.objects.filter(route_id__in=routes, day__in=days)
    return {(row.route_id, row.day): row for row in rows}


def _keep_volumes(
    wanted: Mapping[Place, NewVolume],
    stored: Mapping[Place, RouteVolume],
    period: Period,
    by: User | None,
    way: Way,
) -> Counted:
    gone = [stored[at].pk for at, item in wanted.items() if item.amount is None and at in stored]
    said = {at: item.amount for at, item in wanted.items() if item.amount is not None}
    other = [at for at, amount in said.items() if at in stored and stored[at].amount != amount]
    fresh = [at for at in said if at not in stored]
    RouteVolume.objects.filter(pk__in=gone).delete()
    RouteVolume.objects.bulk_create(
        (
            RouteVolume(
                customer_id=wanted[at].route.customer_id,
                route_id=at[0],
                day=at[1],
                period=period,
                amount=said[at],
                way=way,
                recorded_by=by,
            )
            for at in (*fresh, *other)
        ),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "route", "day"],
        update_fields=["amount", "way", "recorded_by", "recorded_at"],
    )
    return Counted(len(fresh), len(other), len(said) - len(fresh) - len(other), len(gone))


def refuse_other_period(engagement: Engagement, period: Period) -> None:
    """Raise ValidationError where the engagement's routes are counted by the other period."""
    rows = RouteVolume.objects.filter(
        route__engagement_id=engagement.pk, route__deleted_at=None
    ).exclude(period=period)
    if rows.exists():
        words = (
            _("The routes of this engagement are counted by month.")
            if period is Period.WEEK
            else _("The routes of this engagement are counted by week.")
        )
        raise ValidationError({"period": words})


def refuse_impossible_volume(day: date, amount: int | None, period: Period, today: date) -> None:
    """Raise ValidationError, keyed by field, for a volume that cannot be right."""
    if day < EARLIEST:
        raise ValidationError({"day": _("This lies before %(year)s.") % {"year": EARLIEST.year}})
    if last_day(period, day) >= today:
        words = (
            _("This week is not over yet.")
            if period is Period.WEEK
            else _("This month is not over yet.")
        )
        raise ValidationError({"day": words})
    if amount is not None and not 0 <= amount <= LARGEST:
        raise ValidationError({"amount": _("This is no number of requests.")})


def _tell_of_volumes(engagement: Engagement, counted: Counted, by: User | None, way: Way) -> None:
    facts = {"new": counted.new, "corrected": counted.corrected, "removed": counted.removed}
    if way is not Way.HAND:
        words = ngettext(
            "One volume of a route came in.", "%(n)s volumes of routes came in.", counted.something
        )
        put_on_timeline(
            engagement=engagement,
            kind="route.counted",
            text=words % {"n": counted.something},
            url=inside("engagements:routes", engagement.pk),
            by=by,
            shared=True,
        )
    audit.record(
        action="routes.counted",
        subject=engagement,
        facts=facts,
        about_customer_id=engagement.customer_id,
    )


@transaction.atomic
def remove_volume(*, volume: RouteVolume) -> None:
    """The period was not counted on this route after all."""
    _record("route.volume_removed", volume.route, {"day": volume.day, "amount": volume.amount})
    volume.delete()


def _planned(route: WorkRoute) -> str:
    if route.shut_off_date is None:
        return _("%(name)s has no day any more on which it is shut off")
    return _("%(name)s is to be shut off on %(day)s")


def _put_shut(route: WorkRoute, by: User | None) -> None:
    if route.shut_date is None:
        _put(route, "route.reopened", _("%(name)s is open again"), by)
    else:
        _put(route, "route.shut", _("%(name)s is shut off since %(day)s"), by)


def _put(route: WorkRoute, kind: str, text: str, by: User | None) -> None:
    day = route.shut_date or route.shut_off_date
    said = {"name": route.name, "day": "" if day is None else current().day_and_year(day)}
    put_on_timeline(
        engagement=route.engagement,
        kind=kind,
        text=text % said,
        url=inside("engagements:routes", route.engagement_id),
        by=by,
        shared=True,
    )


def _record(action: str, route: WorkRoute, facts: Mapping[str, Any]) -> None:
    audit.record(action=action, subject=route, facts=facts, about_customer_id=route.customer_id)
