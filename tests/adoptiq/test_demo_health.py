from datetime import UTC, datetime, timedelta

from adoptiq.demo.health import tell_health
from metrics.definitions import NEW_ROUTE_SHARE, Baseline
from metrics.models import HealthScore
from metrics.operations import agree_target, define_measure, record_reading
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.metrics.terms import make_terms

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_the_demo_knows_how_it_was_from_the_first_reading_on(cast: Cast) -> None:
    began = TODAY - timedelta(days=60)
    with tenant_scope(cast.tenant.pk):
        measure = define_measure(engagement=cast.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
        terms = make_terms(
            baseline=Baseline(0, began),
            amount=80.0,
            deadline=TODAY + timedelta(days=20),
            milestones=(),
            agreed_date=began,
        )
        agree_target(measure=measure, terms=terms, agreed_by=cast.csm)
        for ago, amount in ((40, 10), (20, 50)):
            day = TODAY - timedelta(days=ago)
            record_reading(
                measure=measure, day=day, amount=amount, now=NOW, today=TODAY, recorded_by=cast.csm
            )
        tell_health(now=NOW)
        rows = list(HealthScore.objects.all())
    known = {(TODAY - row.day).days for row in rows}
    assert 2 in known
    assert 1 not in known
    assert max(known) == 40
    [first, *_, last] = [row.score for row in rows]
    assert first < last
