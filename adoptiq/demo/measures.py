"""What the demo measures beside use: questions to the help desk, work still done the old way, and
checks of the customer's own. Invented, the same on every day they are told."""

from datetime import date, datetime, timedelta

from adoptiq.demo.foresight import tell_decisions
from adoptiq.demo.story import Company
from engagements.models import Engagement
from metrics import operations as metrics
from metrics.definitions import Baseline, Definition, Milestone, Prior, latest_definitions
from metrics.models import Measure
from metrics.models.readings import Way
from metrics.queries import Place, get_places
from people.models import User

TOLD_OF = "halden-energy"
WEEK = timedelta(days=7)
TICKETS = (31, 30, 32, 29, 27, 26, 24, 21, 19, 18, 15, 14, 13)
OLD_WAY = (88, 86, 81, 74, 70, 66, 61, 58, 55, 51, 50, 48)
REPORT = "Steering committee, monthly"


def tell_measures(*, company: Company, engagement: Engagement, csm: User, now: datetime) -> None:
    today = now.date()
    tell_decisions(company=company, engagement=engagement, by=csm, today=today)
    if company.external_id != TOLD_OF:
        return
    tickets = _measured(engagement, "how_to_tickets", now)
    _agree(tickets, _terms(company, today, 31, 10, "how-to calls"), csm)
    _read(tickets, TICKETS, WEEK, today, now, csm)
    metrics.change_measure(
        measure=tickets, fields={"cadence": "weekly", "reader": csm, "reported_in": REPORT}
    )
    old = _measured(engagement, "old_route_share", now)
    _agree(old, _terms(company, today, 88, 20, "of the work on paper or by telephone"), csm)
    _read(old, OLD_WAY, WEEK, today - timedelta(days=6), now, csm)
    metrics.change_measure(measure=old, fields={"reported_in": REPORT})
    group = next((one for one in get_places(engagement_id=engagement.pk) if one.about), Place())
    _measured(engagement, "passing_share", now, group)


def _measured(
    engagement: Engagement, key: str, now: datetime, place: Place | None = None
) -> Measure:
    return metrics.define_measure(
        engagement=engagement, definition=_definition(key), now=now, place=place or Place()
    )


def _definition(key: str) -> Definition:
    return next(item for item in latest_definitions() if item.key == key)


def _terms(
    company: Company, today: date, baseline: float, amount: float, quality: str
) -> metrics.Terms:
    began = today + timedelta(days=company.start or 0)
    deadline = today + timedelta(days=company.sign_off or 0)
    half = (baseline + amount) / 2
    return metrics.Terms(
        baseline=Baseline(baseline, began - WEEK, "counted in the old system"),
        prior=Prior(baseline * 1.1, "the system before"),
        quality=quality,
        amount=amount,
        deadline=deadline,
        milestones=(Milestone("Half way", half, began + (deadline - began) / 2),),
        agreed_date=began + timedelta(days=12),
        for_customer=company.lead,
    )


def _agree(measure: Measure, terms: metrics.Terms, csm: User) -> None:
    metrics.agree_target(measure=measure, terms=terms, agreed_by=csm)


def _read(
    measure: Measure,
    amounts: tuple[int, ...],
    step: timedelta,
    today: date,
    now: datetime,
    by: User,
) -> None:
    """One reading a step, the last one two days before."""
    last = today - timedelta(days=2)
    days = [last - step * ago for ago in reversed(range(len(amounts)))]
    metrics.record_readings(
        items=[
            metrics.NewReading(measure, day, amount)
            for day, amount in zip(days, amounts, strict=True)
        ],
        now=now,
        today=today,
        recorded_by=by,
        way=Way.FILE,
    )
