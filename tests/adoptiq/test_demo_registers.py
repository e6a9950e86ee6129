from datetime import UTC, datetime, timedelta

from adoptiq.demo.registers import tell_performance, tell_registers
from metrics.queries.performance import get_performance
from metrics.queries.routes import get_routes_view
from metrics.queries.support import get_support_view
from metrics.routes import State
from tenancy.scope import tenant_scope
from tests.factories import Cast

NOW = datetime.now(UTC)
TODAY = NOW.date()


def test_the_mailbox_outlives_its_day_and_callers_are_coached(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        tell_registers(engagement=cast.engagement, csm=cast.csm, now=NOW)
        routes = get_routes_view(engagement_id=cast.engagement.pk, today=TODAY)
        support = get_support_view(
            engagement_id=cast.engagement.pk, customer_id=cast.customer.pk, today=TODAY
        )
    mailbox = routes.others[0]
    assert (mailbox.route.name, mailbox.state) == ("Mailbox orders@", State.OVERDUE)
    assert mailbox.route.shut_off_date == TODAY - timedelta(days=14)
    assert round(100 * (mailbox.share or 0)) == 31
    assert routes.last is not None and round(100 * (routes.last.share or 0)) == 52
    shares = [one.coached_share or 0 for one in support.points]
    assert shares[-1] > 0.7 > 0.5 > shares[0]


def test_the_system_had_a_rough_fortnight(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        tell_performance(engagement=cast.engagement, now=NOW)
        found = get_performance(
            engagement_id=cast.engagement.pk,
            customer_id=cast.customer.pk,
            go_live=None,
            today=TODAY,
        )
    lines = {line.key: line for line in found.lines}
    assert set(lines) == {"response_time_p95", "failed_share", "uptime"}
    uptime = [point for point in lines["uptime"].points if point is not None]
    assert len(uptime) == 42 and min(uptime) < 98 < uptime[-1]
