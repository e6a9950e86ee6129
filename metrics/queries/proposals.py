"""What an agreement starts from when it is written down."""

from dataclasses import dataclass, replace
from datetime import date

from metrics import definitions
from metrics.models import Measure
from metrics.queries.details import ONE_DAY, get_details


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an agreement form starts with: what is in force, or what the engagement suggests."""

    baseline_amount: float | None
    baseline_date: date
    agreed_date: date
    for_customer: str
    baseline_note: str = ""
    quality: str = ""
    amount: float | None = None
    deadline: date | None = None
    prior_amount: float | None = None
    prior_note: str = ""
    milestones: tuple[definitions.Milestone, ...] = ()


def get_proposal(*, measure: Measure, today: date) -> Proposal:
    """The terms to start from when baseline and target of a measure are agreed, or agreed anew.

    Without an agreement the baseline is the last reading before the engagement began.
    """
    told = get_details(rows=[measure], today=today)[0].told.measure
    engagement = measure.engagement
    begun = engagement.start_date or engagement.go_live_date or today
    before = [reading for reading in told.readings if reading.day < begun]
    first = Proposal(
        baseline_amount=before[-1].amount if before else None,
        baseline_date=before[-1].day if before else min(begun, today) - ONE_DAY,
        agreed_date=today,
        for_customer=str(engagement.lead or ""),
        deadline=engagement.sign_off_date,
    )
    if told.baseline is None or told.target is None:
        return first
    return replace(
        first,
        baseline_amount=told.baseline.amount,
        baseline_date=told.baseline.day,
        baseline_note=told.baseline.note,
        quality=told.target.quality,
        amount=told.target.amount,
        deadline=told.target.deadline,
        prior_amount=told.prior.amount if told.prior else None,
        prior_note=told.prior.note if told.prior else "",
        milestones=told.milestones,
    )
