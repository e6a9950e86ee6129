"""The numbers of adoption of one customer, each from the rows it needs and no others.

Whatever asks for a number (page, table, list of people, CSV, API) asks it here, so that a tile and
the list behind it cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Max, Min, QuerySet

from usage.activity import MAU_DAYS, ordinal
from usage.adapters.canonical import EARLIEST
from usage.models import FeatureUserDay, UserDay
from usage.numbers import activation as first_values
from usage.numbers import active as actives
from usage.numbers import depth as depths
from usage.numbers import early as first_weeks
from usage.numbers import features as uses
from usage.numbers import habits, retention
from usage.numbers import licences as licences_of
from usage.numbers.licences import Seats
from usage.numbers.periods import Period
from usage.numbers.roster import FAR, NO_GROUP, Roster, everybody
from usage.numbers.rules import AgreedFirstValue, Rules
from usage.numbers.sustain import TRAILING_DAYS, Sustain, sustain
from usage.numbers.use import FeatureUse, Use
from usage.queries.arrays import read_days, read_features, read_periods
from usage.queries.ground import Asked, Ground, Subject, get_ground, get_seat_steps
from usage.queries.rules import get_first_value, get_rules

HALF_YEAR = timedelta(days=TRAILING_DAYS + MAU_DAYS)
STREAK_WEEKS = 12


@dataclass(frozen=True, slots=True, eq=False)
class FeatureRows:
    """Use of features in the window, with a name for each number and what each group is meant to
    use."""

    names: tuple[str, ...]
    use: FeatureUse
    intended: Mapping[int, tuple[int, ...]]

    @property
    def name_of(self) -> dict[int, str]:
        return dict(enumerate(self.names))


@dataclass(frozen=True, eq=False)
class Adoption:
    """Numbers of a customer on the last day asked for; each is computed when it is first asked."""

    ground: Ground
    rules: Rules

    @property
    def day(self) -> int:
        return self.ground.day

    @cached_property
    def window(self) -> int:
        return self.rules.window

    @cached_property
    def active(self) -> tuple[int, ...]:
        """Whoever came in the window."""
        return self.ground.use.active(self.day, self.window)

    @cached_property
    def ratio(self) -> actives.DauMau:
        own = self.ground
        return actives.dau_mau(own.use, day=self.day, window=self.window, pattern=own.pattern)

    @cached_property
    def active_days(self) -> actives.ActiveDays:
        among, window = self.with_access, self.window
        return actives.active_days(self.ground.use, day=self.day, window=window, among=among)

    @cached_property
    def sustained(self) -> Sustain:
        return sustain(self.ground.use, day=self.day, alarm=self.rules.alarm)

    @cached_property
    def with_access(self) -> tuple[int, ...]:
        return self.ground.roster.with_access(self.day)

    @cached_property
    def seats(self) -> Seats:
        return get_seat_steps(customer_id=self.ground.subject.customer.pk)

    @cached_property
    def spans(self) -> dict[int, tuple[int, int]]:
        """First and last day of everybody who ever came, up to the day asked for."""
        own = self.ground
        rows = UserDay.objects.filter(
            customer_id=own.subject.customer.pk, day__lte=own.asked.last
        ).order_by()
        found = rows.values_list("end_user_id").annotate(Min("day"), Max("day"))
        # Days point at nobody the database would hold them to.
        return {
            own.numbers[key]: (ordinal(first), ordinal(last))
            for key, first, last in found
            if key in own.numbers
        }

    @cached_property
    def licences(self) -> licences_of.LicenceUse:
        own = self.ground
        return licences_of.licence_use(
            own.use, own.roster, self.seats, first=own.first, last=self.day, window=self.window
        )

    @cached_property
    def idle(self) -> tuple[int, ...]:
        return licences_of.idle(self.ground.use, self.ground.roster, self.day, self.window)

    @cached_property
    def beyond(self) -> tuple[int, ...]:
        return licences_of.beyond(self.ground.use, self.ground.roster, self.day, self.window)

    @cached_property
    def depth(self) -> depths.Depth:
        return depths.depth(
            self.ground.use,
            self.with_access,
            day=self.day,
            window=self.window,
            least=self.rules.deep_days,
        )

    @cached_property
    def frequency(self) -> depths.Frequency:
        own = self.ground
        return depths.frequency(
            own.use, own.roster, day=self.day, window=self.window, patterns=own.patterns
        )

    @cached_property
    def habit(self) -> habits.Habit:
        own = self.ground
        return habits.habit(
            own.use, own.roster, day=self.day, patterns=own.patterns, rule=self.rules.habit
        )

    @cached_property
    def habitual(self) -> tuple[int, ...]:
        """Of whoever came in four weeks those with the habit, whether on the roster or not: what
        the night stores, for all customers alike."""
        near = self.ground.use.between(self.day - self.rules.reach + 1, self.day)
        patterns = {NO_GROUP: self.rules.pattern}
        found = habits.habit(
            near, everybody(near.users), day=self.day, patterns=patterns, rule=self.rules.habit
        )
        return tuple(sorted({*found.share.users}.intersection(near.active(self.day, MAU_DAYS))))

    @cached_property
    def streaks(self) -> tuple[habits.Streak, ...]:
        own = self.ground
        first = self.day - STREAK_WEEKS * 7 + 1
        return habits.streaks(
            own.use, own.roster, first=first, last=self.day, patterns=own.patterns
        )

    @cached_property
    def features(self) -> FeatureRows:
        return _feature_rows(self.ground, self.window)

    @cached_property
    def matrix(self) -> uses.FeatureMatrix:
        rows = self.features
        return uses.feature_matrix(
            rows.use,
            self.ground.roster,
            rows.intended,
            day=self.day,
            window=self.window,
            rule=self.rules.adopted,
        )

    @cached_property
    def breadth(self) -> uses.Breadth:
        found = self.matrix.overall
        return uses.breadth(found, [one.feature for one in found if one.is_intended])

    @cached_property
    def agreed(self) -> AgreedFirstValue:
        engagement = self.ground.subject.engagement
        return get_first_value(engagement_id=engagement.pk) if engagement else AgreedFirstValue()

    @cached_property
    def reached(self) -> dict[int, int]:
        """The day each reached first value."""
        if not self.agreed.feature and self.agreed.uses == 1:
            return {user: first for user, (first, _last) in self.spans.items()}
        return _reached(self.ground, self.agreed)

    @cached_property
    def activation(self) -> first_values.Activation:
        # Without a roster nobody is known to have been given access.
        known = self.ground.roster if self.ground.has_roster else Roster.of(())
        return first_values.activation(
            self.reached, known, within=self.agreed.within, closed=self.day
        )

    @cached_property
    def time_to_value(self) -> first_values.TimeToValue:
        roster = self.ground.roster
        return first_values.time_to_value(
            self.reached,
            self._starts(),
            start=self.agreed.start,
            closed=self.day,
            ends=first_values.ends_of_access(roster),
        )

    def _starts(self) -> dict[int, int]:
        """Everybody's day from which time to first value runs."""
        own, start = self.ground, self.agreed.start
        if start is first_values.Start.ACCESS:
            known = first_values.starts_with_access(own.roster)
            return {user: day for user, day in known.items() if day > -FAR}
        begun = own.subject.engagement.start_date if own.subject.engagement else None
        if start is first_values.Start.CONTRACT and len(self.seats.days):
            return dict.fromkeys(own.roster.users.tolist(), int(self.seats.days[0]))
        return dict.fromkeys(own.roster.users.tolist(), ordinal(begun)) if begun else {}

    def retained(self, period: Period) -> retention.Retention:
        return retention.retention(_history(self.ground, period), closed=self.day, period=period)

    @cached_property
    def early(self) -> first_weeks.EarlyUse | None:
        """None without a go-live."""
        go_live = early_start_of(self.ground.subject)
        if go_live is None:
            return None
        own = self.ground
        return first_weeks.early_use(own.use, own.roster, go_live=ordinal(go_live), closed=self.day)


def get_adoption(
    *, subject: Subject, asked: Asked, since: date | None = None, rules: Rules | None = None
) -> Adoption:
    """Numbers up to the last day asked for, from rows since a day: those of the window at least.

    Courses want the window before their first day, sustain a half year.
    """
    known = rules or get_rules()
    first = min(since or asked.last, asked.last - timedelta(days=known.reach - 1))
    return Adoption(get_ground(subject=subject, asked=asked, since=first), known)


def early_start_of(subject: Subject) -> date | None:
    """The day the first weeks begin: go-live of the engagement."""
    return subject.engagement.go_live_date if subject.engagement else None


def _feature_rows(ground: Ground, window: int) -> FeatureRows:
    last, customer_id = ground.asked.last, ground.subject.customer.pk
    first = last - timedelta(days=window - 1)
    found = read_features(customer_id=customer_id, people=ground.people, first=first, last=last)
    meant = {name for group in ground.groups for name in group.features}
    names = tuple(sorted({*found.names, *meant}))
    order = {name: number for number, name in enumerate(names)}
    use = found.use.renamed([order[name] for name in found.names])
    if ground.group is not None:
        use = use.by(ground.roster.users)
    intended = {
        number: tuple(order[name] for name in group.features)
        for number, group in enumerate(ground.groups)
        if group.features and ground.group in (None, number)
    }
    return FeatureRows(names, use, intended)


def _reached(ground: Ground, agreed: AgreedFirstValue) -> dict[int, int]:
    """From whole histories, since first value may lie long back."""
    if agreed.feature:
        days: QuerySet[Any] = FeatureUserDay.objects.filter(feature=agreed.feature)
    else:
        days = UserDay.objects.all()
    rows = days.filter(customer_id=ground.subject.customer.pk, day__lte=ground.asked.last)
    if agreed.uses > 1:
        return first_values.reached_days(
            _whole(ground, agreed.feature), first_values.FirstValue(0, agreed.uses)
        )
    firsts = rows.order_by().values_list("end_user_id").annotate(Min("day"))
    # Days point at nobody the database would hold them to.
    return {ground.numbers[key]: ordinal(day) for key, day in firsts if key in ground.numbers}


def _whole(ground: Ground, feature: str) -> FeatureUse:
    """All days of one feature, as number 0, or all of them."""
    span: dict[str, Any] = {
        "customer_id": ground.subject.customer.pk,
        "people": ground.people,
        "first": EARLIEST.date(),
        "last": ground.asked.last,
    }
    if feature:
        return read_features(features=[feature], **span).use
    use = read_days(**span)
    return FeatureUse.of(use.users, np.zeros_like(use.users), use.days, use.counts)


def _history(ground: Ground, period: Period) -> Use:
    """Whole histories by the period's first day: cohorts ask for no more than that."""
    use = read_periods(
        customer_id=ground.subject.customer.pk,
        people=ground.people,
        cut=period.value,
        last=ground.asked.last,
    )
    return use if ground.group is None else use.by(ground.roster.users)
