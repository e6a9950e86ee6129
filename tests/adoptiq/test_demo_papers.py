from datetime import UTC, datetime
from decimal import Decimal

from adoptiq.demo.papers import tell_papers
from engagements.operations import add_budget_line
from metrics import queries
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_the_demo_has_a_decision_that_waits_and_one_that_was_made(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        line = {"name": "Coaching", "category": "training", "amount": Decimal(90_000)}
        add_budget_line(engagement=cast.engagement, fields=line)
        tell_papers(now=NOW)
        rows = [queries.paper_row(row, TODAY) for row in queries.get_papers()]
        waiting = queries.get_papers().get(outcome="", shared=True)
        view = queries.get_paper_view(paper=waiting, today=TODAY)
    assert sorted(row.state for row in rows) == ["decided", "draft", "open"]
    assert [bool(one.answer) for one in view.questions] == [True]
    with tenant_scope(cast.other_tenant.pk):
        tell_papers(now=NOW)
        assert not queries.get_papers().exists()
