"""What the night's tables must hold, worked out from the events with sets and nothing of the night."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engagements.models import Customer
from usage.activity import ordinal
from usage.models import DailyUse, Event, FeatureUserDay, UserDay, UserSpan
from usage.numbers.daily import day_of
from usage.numbers.rules import Rules
from usage.numbers.use import FeatureUse
from usage.operations.computing import COUNTED as NAMES
from usage.queries import get_rules


@dataclass
class Zones:
    """A customer's zones as a calendar on the wall would be marked: (first day, zone)."""

    marks: list[tuple[date, str]] = field(default_factory=list)

    def move(self, zone: str, closed: date | None) -> None:
        """The zone in force when a night begins with days up to `closed` closed."""
        if not self.marks or closed is None:
            self.marks[-1:] = [(self.marks[-1][0] if self.marks else date.min, zone)]
        elif zone != self.marks[-1][1]:
            first = closed + timedelta(days=1)
            kept = [mark for mark in self.marks if mark[0] < first]
            same = len(kept) < len(self.marks)
            self.marks = [*kept, (self.marks[-1][0] if same else first, zone)]

    def day_of(self, moment: datetime) -> date:
        _first, zone = self.marks[0]
        found, begins = moment.astimezone(ZoneInfo(zone)).date(), datetime.min.replace(tzinfo=UTC)
        for first, after in self.marks[1:]:
            midnight = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
            begins, zone = max(midnight.astimezone(UTC), begins), after
            if moment >= begins:
                found = max(moment.astimezone(ZoneInfo(zone)).date(), first)
        return found


Rows = dict[str, dict[Any, Any]]


def recounted(zones: dict[UUID, Zones], last: date, excluded: Iterable[str] = ()) -> Rows:
    """Every row of every table of the night, from the events as they are."""
    rules, out = get_rules(), set(excluded)
    found: Rows = {"days": {}, "features": {}, "spans": {}, "closed": {}}
    for customer in Customer.objects.all():
        uses: dict[tuple[date, UUID, str], int] = {}
        rows = Event.objects.filter(customer=customer).exclude(end_user__external_id__in=out)
        for moment, user, name, feature in rows.values_list(
            "occurred_at", "end_user_id", "name", "feature"
        ):
            key = zones[customer.pk].day_of(moment), user, feature or name
            uses[key] = uses.get(key, 0) + 1
        _add(found, customer.pk, uses, rules, last)
    return found


def _add(
    found: Rows, owner: UUID, uses: dict[tuple[date, UUID, str], int], rules: Rules, last: date
) -> None:
    days: dict[tuple[date, UUID], int] = {}
    for (day, user, feature), count in uses.items():
        found["features"][owner, day, user, feature] = count
        days[day, user] = days.get((day, user), 0) + count
    found["days"] |= {(owner, *key): count for key, count in days.items()}
    for user in {user for _day, user in days}:
        own = [day for day, who in days if who == user]
        found["spans"][owner, user] = min(own), max(own)
    people = sorted({user for _day, user in days})
    features = sorted({feature for _day, _user, feature in uses})
    use = FeatureUse.of(
        [people.index(user) for _day, user, _feature in uses],
        [features.index(feature) for _day, _user, feature in uses],
        [ordinal(day) for day, _user, _feature in uses],
        uses.values(),
    )
    first = min((day for day, _user in days), default=last + timedelta(days=1))
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        wanted = day_of(use, rules, ordinal(day))
        found["closed"][owner, day] = (*(wanted[name] for name in NAMES), rules.version)


def stored() -> Rows:
    """The same from the tables."""
    days = UserDay.objects.values_list("customer_id", "day", "end_user_id", "events")
    features = FeatureUserDay.objects.values_list(
        "customer_id", "day", "end_user_id", "feature", "events"
    )
    spans = UserSpan.objects.values_list("customer_id", "end_user_id", "first_day", "last_day")
    # Days of a customer nothing is left of hold nobody.
    active = set(UserDay.objects.values_list("customer_id", flat=True))
    others = DailyUse.objects.exclude(customer_id__in=active)
    assert not others.exclude(mau=0, events=0).exists()
    closed = DailyUse.objects.filter(customer_id__in=active).values_list(
        "customer_id", "day", *NAMES, "rules_version"
    )
    return {
        "days": {tuple(key): count for *key, count in days},
        "features": {tuple(key): count for *key, count in features},
        "spans": {(owner, user): (first, last) for owner, user, first, last in spans},
        "closed": {(owner, day): tuple(values) for owner, day, *values in closed},
    }
