"""One of everything that is told about an engagement, for the isolation crawl."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from engagements import operations
from engagements.models import Engagement
from people.models import User
from tests.told_api import tell_api
from tests.told_feedback import tell_feedback
from tests.told_files import tell_files
from tests.told_imports import tell_imports
from tests.told_learning import tell_learning
from tests.told_log import tell_the_log
from tests.told_measures import tell_measures
from tests.told_papers import tell_papers
from tests.told_plan import tell_plan
from tests.told_plan_files import tell_plan_files
from tests.told_portfolio import tell_of_portfolio
from tests.told_registers import tell_registers
from tests.told_resources import tell_resources
from tests.told_usage import tell_usage
from tests.told_usage_files import tell_usage_files
from tests.told_versions import tell_versions

DAY = date(2026, 10, 1)


def tell_everything(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    promised = _promise(engagement, word, by)
    group = operations.add_impact_group(
        engagement=engagement,
        fields={"name": f"{word} crews", "size": 4, "features": [f"{word} orders"]},
    )
    entry = operations.put_on_roster(
        engagement=engagement,
        external_id=f"{word}-1",
        name=f"{word} person",
        fields={"impact_group": group, "access_since": DAY},
    )
    person = operations.name_stakeholder(customer=engagement.customer, name=f"{word} sponsor")
    return {
        **promised,
        **_work(engagement, word, by),
        **tell_the_log(engagement, word=word, by=by),
        "group_id": group.pk,
        "entry_id": entry.pk,
        "stakeholder_id": person.pk,
        **tell_api(engagement),
        **tell_files(engagement, word, by),
        **tell_imports(engagement, word=word, by=by),
        **tell_plan_files(engagement, word=word, by=by),
        **tell_of_portfolio(engagement, word=word, by=by),
        **tell_feedback(engagement, word=word, by=by),
        **tell_versions(engagement, word=word, by=by),
        **tell_registers(engagement, word=word, by=by),
        **tell_resources(engagement, word=word),
        **tell_usage(engagement, word=word, by=by),
        **tell_usage_files(engagement, word=word, by=by),
        **tell_plan(engagement, word=word, by=by),
        **tell_measures(engagement, word=word, by=by),
        **tell_papers(engagement, word=word, by=by),
        **tell_learning(engagement, word=word, by=by),
    }


def _promise(engagement: Engagement, word: str, by: User) -> dict[str, UUID]:
    operations.change_engagement(engagement=engagement, fields={"problem": f"{word} problem"})
    service = operations.add_service(
        engagement=engagement, fields={"name": f"{word} service", "monthly_volume": 9, "stage": 1}
    )
    version = operations.write_criterion(
        engagement=engagement,
        fields={"statement": f"{word} criterion", "quality": f"{word} quality"},
        by=by,
    )
    operations.record_quick_win(
        engagement=engagement,
        fields={"result": f"{word} result", "evidence": f"{word} log", "reached_date": DAY},
        by=by,
    )
    operations.record_outcome(
        customer=engagement.customer,
        fields={
            "engagement": engagement,
            "kind": "renewal",
            "decided_date": DAY,
            "yearly_amount": Decimal(1),
            "currency": "EUR",
            "reason": f"{word} reason",
        },
        by=by,
    )
    return {"service_id": service.pk, "criterion_id": version.criterion_id}


def _work(engagement: Engagement, word: str, by: User) -> dict[str, UUID]:
    risk = operations.raise_risk(
        engagement=engagement,
        fields={"title": f"{word} risk", "probability": 4, "impact": 4},
        by=by,
    )
    member = operations.add_team_member(
        engagement=engagement, fields={"name": f"{word} worker", "role": "trainer"}
    )
    operations.record_offering(
        engagement=engagement,
        fields={"kind": "training", "name": f"{word} course", "offered_date": DAY, "offered_to": 4},
    )
    line = operations.add_budget_line(
        engagement=engagement,
        fields={"name": f"{word} line", "category": "training", "amount": Decimal(100)},
    )
    cost = operations.enter_cost(
        line=line,
        fields={"kind": "actual", "day": DAY, "amount": Decimal(50), "note": f"{word} bill"},
        by=by,
    )
    return {
        "risk_id": risk.pk,
        "member_id": member.pk,
        "line_id": line.pk,
        "cost_id": cost.pk,
    }
