"""What is measured beyond use, corrected, judged and watched, for the isolation crawl."""

from datetime import UTC, date, datetime
from uuid import UUID

from engagements.models import Engagement
from metrics import operations
from metrics.models import Alert
from people.models import User

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
DAY = date(2026, 10, 1)


def tell_measures(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    own = operations.write_definition(
        fields={"label": f"{word} checks", "unit": "checks", "counting": f"{word} list"}, by=by
    )
    measure = operations.define_measure(engagement=engagement, definition=own.value, now=NOW)
    operations.change_measure(
        measure=measure, fields={"cadence": "weekly", "reported_in": f"{word} report"}
    )
    for amount in (4, 5):
        operations.record_reading(
            measure=measure,
            day=DAY,
            amount=amount,
            now=NOW,
            today=NOW.date(),
            recorded_by=by,
            note=f"{word} note",
            reason=f"{word} mistake",
        )
    operations.judge_engagements(business_date=DAY, now=NOW)
    alert = Alert.objects.create(
        customer=engagement.customer,
        engagement=engagement,
        kind=Alert.Kind.SLIP,
        key=f"{word} work",
        said=f"{word} work ends late.",
        parts=[[f"{word} 1", f"{word} first"], [f"{word} 2", f"{word} second"]],
        url=f"engagements/{engagement.pk}/plan/",
        owner=by,
        opened_at=NOW,
        opened_date=DAY,
        seen_date=DAY,
    )
    return {"own_definition_id": own.pk, "alert_id": alert.pk}
