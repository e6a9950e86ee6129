from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from engagements import operations
from engagements.models import TimelineEntry
from engagements.operations import put_on_timeline
from engagements.operations.timeline import inside
from tenancy import audit
from tenancy.models import ActorKind
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries
from tests.told import tell_everything

NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)


def put(cast: Cast, **changes: Any) -> None:
    words: dict[str, Any] = {"kind": "risk.raised", "text": "A risk was raised"} | changes
    with tenant_scope(cast.tenant.pk):
        put_on_timeline(engagement=cast.engagement, **words)


def entries(cast: Cast, **side: Any) -> list[TimelineEntry]:
    with tenant_scope(cast.tenant.pk, **side):
        rows = TimelineEntry.objects.filter(engagement=cast.engagement)
        return list(rows.filter(kind="risk.raised").order_by("happened_at", "id"))


def test_what_happened_stands_there_once_for_each_key(cast: Cast) -> None:
    for _time in range(2):
        put(cast, key="risk:1", text="Once")
        put(cast, text="Each time")
    assert sorted(row.text for row in entries(cast)) == ["Each time", "Each time", "Once"]


def test_an_entry_keeps_its_address_below_that_of_the_workspace(cast: Cast) -> None:
    put(cast, url=cast.at("risks/"), at=NOON)
    put(cast, url=inside("engagements:risks", cast.engagement.pk))
    first, second = entries(cast)
    assert (first.url, first.happened_at) == ("risks/", NOON)
    assert second.url == f"engagements/{cast.engagement.pk}/risks/"


@pytest.mark.parametrize(("kind", "named"), [("person", True), ("key", False)])
def test_it_was_whoever_the_audit_log_would_name(cast: Cast, kind: str, named: bool) -> None:
    actor = audit.Actor(ActorKind(kind), "Somebody", cast.csm.pk)
    with audit.acting(actor):
        put(cast)
    (row,) = entries(cast)
    assert (row.by_name, row.by_id) == ("Somebody", cast.csm.pk if named else None)


def test_what_happened_by_itself_names_nobody(cast: Cast) -> None:
    put(cast)
    put(cast, by=cast.csm)
    assert [(row.by_name, row.by_id) for row in entries(cast)] == [("", None), ("Csm", cast.csm.pk)]


def test_the_customers_side_is_shown_what_is_shared(cast: Cast) -> None:
    put(cast, text="Ours")
    put(cast, text="For both", shared=True)
    side = {"realm": Realm.CUSTOMER, "customer_id": cast.customer.pk}
    assert [row.text for row in entries(cast, **side)] == ["For both"]
    with tenant_scope(cast.tenant.pk, **side):
        put_on_timeline(engagement=cast.engagement, kind="risk.raised", text="Theirs")
    assert [row.text for row in entries(cast, **side)] == ["For both", "Theirs"]


def told(cast: Cast, kind: str) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        rows = TimelineEntry.objects.filter(engagement=cast.engagement, kind=kind)
        return list(rows.order_by("happened_at", "id").values_list("text", flat=True))


def change(cast: Cast, **fields: Any) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.change_engagement(engagement=cast.engagement, fields=fields)


def test_each_change_of_phase_dates_and_people_is_on_it(cast: Cast) -> None:
    change(cast, phase="signed_off", go_live_date=date(2026, 10, 12), csm=None)
    change(cast, go_live_date=None, hypercare_end_date=None, csm=cast.csm)
    assert told(cast, "phase.changed") == ["The phase is now Signed off; it was Adopt."]
    assert told(cast, "date.moved") == [
        "Go-live: moved from 5 Oct 2026 to 12 Oct 2026.",
        "Go-live: no date for now; it was 12 Oct 2026.",
        "Hypercare ends: no date for now; it was 27 Nov 2026.",
    ]
    assert told(cast, "csm.changed") == ["CSM: nobody for now; it was Csm.", "CSM: Csm."]


def test_what_is_no_milestone_is_not_on_it(cast: Cast) -> None:
    change(cast, problem="Paper", name="Another name")
    assert told(cast, "engagement.created") == ["The engagement was set up: Halden roll-out."]
    with tenant_scope(cast.tenant.pk):
        assert cast.engagement.timeline.count() == 1


def test_what_happened_on_a_day_that_is_over_stands_at_its_end(cast: Cast) -> None:
    put(cast, on=date(2026, 1, 15))
    put(cast, on=date(2999, 1, 1))
    past, now = entries(cast)
    assert past.happened_at == datetime(2026, 1, 15, 22, 59, 59, 999999, tzinfo=UTC)
    assert now.happened_at <= timezone.now()


def test_risks_money_and_offerings_are_on_it(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        tell_everything(cast.engagement, word="Halden", by=cast.csm)
        risk = cast.engagement.risks.get()
        operations.change_risk(risk=risk, fields={"state": "closed"}, by=cast.csm, note="Masts up")
        line = cast.engagement.budget_lines.get()
        operations.change_budget_line(line=line, fields={"deviation_reason": "More trainers"})
        kinds = set(cast.engagement.timeline.values_list("kind", flat=True))
    assert kinds >= {"quick_win.recorded", "outcome.recorded", "team.joined", "offering.recorded"}
    assert told(cast, "risk.closed") == ["Risk Halden risk: Closed. Masts up"]
    assert told(cast, "budget.explained") == [
        "Why the budget line Halden line deviates: More trainers"
    ]


def test_the_page_costs_the_same_for_ten_entries_and_a_thousand(cast: Cast) -> None:
    def tell(first: int, last: int) -> None:
        with tenant_scope(cast.tenant.pk):
            TimelineEntry.objects.bulk_create(
                TimelineEntry(
                    customer_id=cast.customer.pk,
                    engagement=cast.engagement,
                    kind="note.written",
                    text=f"Entry {number}",
                    key=f"entry:{number}",
                    happened_at=NOON,
                )
                for number in range(first, last)
            )

    tell(0, 10)
    path = cast.at(f"engagements/{cast.engagement.pk}/timeline/")
    assert_same_queries(cast.browser(cast.csm), path, lambda: tell(10, 1000))
