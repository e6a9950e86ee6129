"""What figures said before customers decided, held against what they decided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from django.db.models import DateField, DurationField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.expressions import Value

from engagements.models import Outcome
from metrics.foresight import BackTest, Case, Decision, Signal, back_test
from metrics.models import HealthScore
from metrics.queries.health import get_weights
from metrics.scoring import BANDS, Band, band_of
from usage.queries import AdoptionDay, get_adoption_on

PERCENT = 100
# A score this much older still tells of the day asked for: nights may have been missed.
STILL_TRUE = timedelta(days=14)

OF_DAY: Mapping[Signal, Callable[[AdoptionDay], float | None]] = MappingProxyType(
    {
        Signal.SEATS_USED: lambda day: day.utilisation,
        Signal.ADOPTERS: lambda day: day.adoption,
        Signal.HABIT: lambda day: day.habit,
    }
)


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """One decision with the figure of the day that many days before; `amount` is of 0 to 100."""

    case: Case
    label: str
    customer_id: UUID
    customer_name: str
    decided_date: date
    asked_date: date
    yearly_amount: Decimal
    currency: str
    band: Band | None

    @property
    def is_missed(self) -> bool:
        """Lost although the figure did not warn, or could not."""
        return self.case.decision.is_lost and (self.band is None or self.band.floor > 0)


@dataclass(frozen=True, slots=True)
class Foresight:
    """The back-test of one figure over every decision on record, the newest first."""

    signal: Signal
    test: BackTest
    cases: tuple[DecidedCase, ...]


def get_foresight(*, signal: Signal, days: int) -> Foresight:
    """What `signal` said `days` days before each decision.

    Scores are those the nights kept, so that nothing known only later is in them; usage is counted
    of the day itself, with its seats.
    """
    back = timedelta(days=days)
    rows = list(Outcome.objects.select_related("customer"))
    bands = get_weights().bands if signal is Signal.HEALTH else BANDS
    amounts = _scores(back) if signal is Signal.HEALTH else _shares(rows, back, OF_DAY[signal])
    cases = tuple(_case(row, amounts.get(row.pk), back, bands) for row in rows)
    return Foresight(signal, back_test([one.case for one in cases], days=days, bands=bands), cases)


def _scores(back: timedelta) -> dict[UUID, float | None]:
    """The score of each decision's customer on the newest night up to the day asked for; the lowest
    where several engagements have one."""
    asked = ExpressionWrapper(F("decided_date") - _span(back), output_field=DateField())
    kept = HealthScore.objects.filter(
        customer_id=OuterRef("customer_id"),
        day__lte=OuterRef("asked"),
        day__gt=ExpressionWrapper(OuterRef("asked") - _span(STILL_TRUE), output_field=DateField()),
        score__isnull=False,
    )
    score = kept.order_by("-day", "score").values("score")[:1]
    rows = Outcome.objects.order_by().annotate(asked=asked).annotate(was=Subquery(score))
    return dict(rows.values_list("pk", "was"))


def _span(days: timedelta) -> Value:
    return Value(days, output_field=DurationField())


def _shares(
    rows: Iterable[Outcome], back: timedelta, share: Callable[[AdoptionDay], float | None]
) -> dict[UUID, float | None]:
    asked = {row.pk: (row.customer_id, row.decided_date - back) for row in rows}
    days = get_adoption_on(days=set(asked.values()))
    found = ((key, share(days[pair])) for key, pair in asked.items() if pair in days)
    return {key: None if part is None else part * PERCENT for key, part in found}


def _case(
    row: Outcome, amount: float | None, back: timedelta, bands: Sequence[Band]
) -> DecidedCase:
    return DecidedCase(
        case=Case(str(row.pk), Decision(row.kind), amount),
        label=row.get_kind_display(),
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        decided_date=row.decided_date,
        asked_date=row.decided_date - back,
        yearly_amount=row.yearly_amount,
        currency=row.currency,
        band=None if amount is None else band_of(amount, bands),
    )
