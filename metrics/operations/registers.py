"""The night computes what comes from the registers of an engagement: routes, and contacts with the
help desk. The figures are those of their pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from metrics.definitions import (
    COACHED_SHARE,
    HOW_TO_TICKETS,
    NEW_ROUTE_SHARE,
    OLD_ROUTE_SHARE,
    Source,
)
from metrics.deflection import Contacts
from metrics.models import Measure, Reading
from metrics.models.readings import Way
from metrics.operations.copying import Figures, copy_figures
from metrics.queries.routes import get_routes_view
from metrics.queries.support import coached_percent, get_contacts_by_day, percent_of

FROM_ROUTES: MappingProxyType[str, Callable[[float], float]] = MappingProxyType(
    {
        NEW_ROUTE_SHARE.key: lambda share: share,
        OLD_ROUTE_SHARE.key: lambda share: 1 - share,
    }
)
FROM_SUPPORT: MappingProxyType[str, Callable[[Contacts], float | None]] = MappingProxyType(
    {
        HOW_TO_TICKETS.key: lambda contacts: contacts.per_hundred,
        COACHED_SHARE.key: coached_percent,
    }
)
COMPUTED = frozenset({*FROM_ROUTES, *FROM_SUPPORT})
REGISTERS = (Source.ROUTES, Source.SUPPORT)


def copy_registers(measures: Iterable[Measure], *, last: date | None, now: datetime) -> int:
    """Compute the readings of those of the measures that come from a register; how many are new or
    other. A register that holds nothing leaves what people read by hand."""
    by_engagement: dict[UUID, list[Measure]] = defaultdict(list)
    for measure in measures:
        if measure.definition_key in COMPUTED and measure.definition.source in REGISTERS:
            by_engagement[measure.engagement_id].append(measure)
    return sum(_copy(rows, last, now) for rows in by_engagement.values())


def _copy(measures: list[Measure], last: date | None, now: datetime) -> int:
    shares = _shares(measures, last)
    count = 0
    for measure in measures:
        is_route = measure.definition_key in FROM_ROUTES
        figures = _of_routes(shares, measure) if is_route else _of_support(measure, last)
        count += copy_figures(measure, figures, now) + _withdraw(measure, figures)
    return count


def _shares(measures: list[Measure], last: date | None) -> Mapping[date, float]:
    """The share of the new route by the last day of each period up to a date."""
    if not any(one.definition_key in FROM_ROUTES for one in measures):
        return {}
    view = get_routes_view(engagement_id=measures[0].engagement_id, today=last or date.max)
    if not view.has_new:
        return {}
    return {
        period.day: period.share
        for period in view.periods
        if period.share is not None and (last is None or period.day <= last)
    }


def _of_routes(shares: Mapping[date, float], measure: Measure) -> Figures:
    """Routes are counted for the whole engagement."""
    if measure.about:
        return {}
    wanted = FROM_ROUTES[measure.definition_key]
    return {day: percent_of(wanted(share)) for day, share in shares.items()}


def _of_support(measure: Measure, last: date | None) -> Figures:
    if measure.about not in (Measure.About.ENGAGEMENT, Measure.About.GROUP):
        return {}
    points = get_contacts_by_day(
        engagement_id=measure.engagement_id,
        customer_id=measure.customer_id,
        last=last,
        group_id=UUID(measure.about_key) if measure.about else None,
    )
    found = ((one.day, FROM_SUPPORT[measure.definition_key](one)) for one in points)
    return {day: amount for day, amount in found if amount is not None}


def _withdraw(measure: Measure, figures: Figures) -> int:
    """What the night computed once and the register does not say any more goes."""
    rows = Reading.objects.filter(measure=measure, way=Way.NIGHT).exclude(day__in=list(figures))
    gone, _by_model = rows.delete()
    return gone
