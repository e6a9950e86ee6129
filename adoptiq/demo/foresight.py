"""What customers of the demo decided at the end of a term, and how they scored before. Invented,
the same on every day they are told."""

from datetime import date, timedelta
from decimal import Decimal

from adoptiq.demo.story import Company
from engagements import operations
from engagements.models import Engagement
from metrics.models import HealthScore
from people.models import User

WEEK = timedelta(weeks=1)
WEEKS = 30
A_SEAT = 420
# Who decided what how many days ago, and why; two that renewed are told with their engagement.
DECIDED = {
    "kestrel-insurance": (60, "expansion", "The second claims team asked for it by itself."),
    "delmar-port": (30, "reduction", "The night desk never came back to it."),
    "solberg-shipping": (20, "reduction", "One of three routes was sold."),
    "vantage-bank": (15, "renewal", "Approvals on paper are not allowed any more."),
    "tanaka-precision": (12, "renewal", "Both shifts log every machine in it."),
}
# The score of health thirty weeks before a decision, and on its day.
SCORED = {
    "kestrel-insurance": (66, 88),
    "delmar-port": (58, 35),
    "solberg-shipping": (81, 55),
    "vantage-bank": (35, 60),
    "tanaka-precision": (72, 90),
    "ostro-foods": (80, 86),
    "nordlys-kommune": (84, 82),
}
RENEWED_AGO = 40


def tell_decisions(*, company: Company, engagement: Engagement, by: User, today: date) -> None:
    ago, kind, reason = DECIDED.get(company.external_id, (RENEWED_AGO, "", ""))
    if kind:
        operations.record_outcome(
            customer=engagement.customer,
            fields={
                "engagement": engagement,
                "kind": kind,
                "decided_date": today - timedelta(days=ago),
                "yearly_amount": Decimal(company.seats * A_SEAT),
                "currency": engagement.currency,
                "reason": reason,
            },
            by=by,
        )
    if company.external_id in SCORED:
        _score(engagement, today - timedelta(days=ago), *SCORED[company.external_id])


def _score(engagement: Engagement, last: date, first_score: int, last_score: int) -> None:
    """One score a week, straight from the first to the last."""
    step = (last_score - first_score) / WEEKS
    HealthScore.objects.bulk_create(
        HealthScore(
            customer_id=engagement.customer_id,
            engagement=engagement,
            day=last - WEEK * ago,
            score=last_score - step * ago,
            coverage=1.0,
            model_version=0,
        )
        for ago in range(WEEKS + 1)
    )
