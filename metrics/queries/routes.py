"""How much work takes the new route, out of the register of routes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engagements.periods import Period
from engagements.queries.routes import RouteRow, get_route_register
from metrics.definitions import NEW_ROUTE_SHARE, OLD_ROUTE_SHARE, Prior
from metrics.models import Agreement
from metrics.routes import PeriodShare, Route, Standing, Volume, shares, standings

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class RoutesView:
    """The routes of an engagement, the share of the new one by period, and where the others stand.

    `prior` is the share of the work that the system before had, in percent.
    """

    period: Period | None
    routes: tuple[Route, ...]
    periods: tuple[PeriodShare, ...]
    others: tuple[Standing, ...]
    prior: Prior | None = None

    @property
    def last(self) -> PeriodShare | None:
        """The newest period with a share."""
        return next((one for one in reversed(self.periods) if one.share is not None), None)

    @property
    def names(self) -> dict[str, str]:
        return {route.key: route.name for route in self.routes}

    @property
    def has_new(self) -> bool:
        """Whether the new route was counted; without it no share says anything."""
        return any(route.is_new and route.volumes for route in self.routes)


def get_routes_view(*, engagement_id: UUID, today: date) -> RoutesView:
    register = get_route_register(engagement_id=engagement_id, today=today)
    routes = tuple(_route(row) for row in register.rows)
    return RoutesView(
        period=register.period,
        routes=routes,
        periods=shares(routes),
        others=standings(routes, today=today),
        prior=_prior(engagement_id),
    )


def _route(row: RouteRow) -> Route:
    return Route(
        key=str(row.id),
        name=row.name,
        is_new=row.is_new,
        shut_off_date=row.shut_off_date,
        shut_date=row.shut_date,
        volumes=tuple(Volume(day, amount) for day, amount in row.volumes),
    )


def _prior(engagement_id: UUID) -> Prior | None:
    """What was agreed to have held in the system before, of the share of the new route or, as its
    opposite, of what is still done the old way."""
    rows = Agreement.objects.filter(
        measure__engagement_id=engagement_id,
        measure__about="",
        measure__definition_key__in=(NEW_ROUTE_SHARE.key, OLD_ROUTE_SHARE.key),
    )
    newest: dict[str, Agreement] = {}
    for row in rows.select_related("measure").order_by("agreed_date", "id"):
        newest[row.measure.definition_key] = row
    if (new := newest.get(NEW_ROUTE_SHARE.key)) and new.prior_amount is not None:
        return Prior(new.prior_amount, new.prior_note)
    if (old := newest.get(OLD_ROUTE_SHARE.key)) and old.prior_amount is not None:
        return Prior(max(0.0, WHOLE - old.prior_amount), old.prior_note)
    return None
