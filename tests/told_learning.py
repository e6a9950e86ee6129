"""A test with results and a barrier, for the isolation crawl."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from adoption import operations
from adoption.models import AssessmentResult
from adoption.operations import NewScore
from engagements.models import EndUser, Engagement, ImpactGroup
from people.models import User

DAY = date(2026, 10, 1)
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_learning(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    group = ImpactGroup.objects.filter(engagement=engagement).get(name=f"{word} crews")
    person = EndUser.objects.get(customer=engagement.customer, external_id=f"{word}-1")
    test = operations.add_assessment(engagement=engagement, fields={"name": f"{word} test"})
    for score in (40, 45):
        item = NewScore("after", Decimal(score), DAY, end_user=person, group=group)
        operations.record_scores(assessment=test, items=[item], by=by, now=NOW, today=NOW.date())
    barrier = operations.note_barrier(
        engagement=engagement,
        groups=[group],
        fields={"kind": "data", "effect": f"{word} lists are wrong", "since_date": DAY},
        by=by,
    )
    result = AssessmentResult.objects.get(assessment=test, replaced_at=None)
    return {"assessment_id": test.pk, "barrier_id": barrier.pk, "result_id": result.pk}
