"""What the demo measures beside use: questions to the help desk and work still done the old way, read
out of the registers, and checks of the customer's own."""

from datetime import date, datetime, timedelta

from adoptiq.demo.foresight import tell_decisions
from adoptiq.demo.learning import tell_learning
from adoptiq.demo.registers import tell_performance, tell_registers
from adoptiq.demo.story import Company
from engagements.models import Engagement
from metrics import operations as metrics
from metrics.definitions import Baseline, Definition, Milestone, Prior, latest_definitions
from metrics.models import Measure
from metrics.queries import Place, get_places
from people.models import User

TOLD_OF = "halden-energy"
WEEK = timedelta(days=7)
REPORT = "Steering committee, monthly"


def tell_measures(*, company: Company, engagement: Engagement, csm: User, now: datetime) -> None:
    today = now.date()
    tell_learning(company=company, engagement=engagement, csm=csm, now=now)
    tell_decisions(company=company, engagement=engagement, by=csm, today=today)
    if company.external_id != TOLD_OF:
        return
    tell_registers(engagement=engagement, csm=csm, now=now)
    tickets = _measured(engagement, "how_to_tickets", now)
    _agree(tickets, _terms(company, today, 31, 10, "how-to calls", prior=34), csm)
    metrics.change_measure(
        measure=tickets, fields={"cadence": "weekly", "reader": csm, "reported_in": REPORT}
    )
    old = _measured(engagement, "old_route_share", now)
    _agree(
        old, _terms(company, today, 88, 20, "of the work on paper or by telephone", prior=98), csm
    )
    metrics.change_measure(measure=old, fields={"reported_in": REPORT})
    group = next((one for one in get_places(engagement_id=engagement.pk) if one.about), Place())
    _measured(engagement, "passing_share", now, group)
    tell_performance(engagement=engagement, now=now)


def _measured(
    engagement: Engagement, key: str, now: datetime, place: Place | None = None
) -> Measure:
    return metrics.define_measure(
        engagement=engagement, definition=_definition(key), now=now, place=place or Place()
    )


def _definition(key: str) -> Definition:
    return next(item for item in latest_definitions() if item.key == key)


def _terms(
    company: Company, today: date, baseline: float, amount: float, quality: str, *, prior: float
) -> metrics.Terms:
    began = today + timedelta(days=company.start or 0)
    deadline = today + timedelta(days=company.sign_off or 0)
    half = (baseline + amount) / 2
    return metrics.Terms(
        baseline=Baseline(baseline, began - WEEK, "counted in the old system"),
        prior=Prior(prior, "the portal before"),
        quality=quality,
        amount=amount,
        deadline=deadline,
        milestones=(Milestone("Half way", half, began + (deadline - began) / 2),),
        agreed_date=began + timedelta(days=12),
        for_customer=company.lead,
    )


def _agree(measure: Measure, terms: metrics.Terms, csm: User) -> None:
    metrics.agree_target(measure=measure, terms=terms, agreed_by=csm)
