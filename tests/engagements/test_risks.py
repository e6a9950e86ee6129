import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations, queries
from engagements.models import Risk
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside

FIELDS: dict[str, Any] = {
    "title": "Crews have no signal in the tunnels",
    "probability": 4,
    "impact": 5,
}
POSTED = {
    "title": "Crews have no signal in the tunnels",
    "probability": "4",
    "impact": "5",
    "person": "",
    "mitigation": "",
    "mitigation_due_date": "",
}


def at(cast: Cast, rest: str = "risks/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def risks(cast: Cast) -> list[Risk]:
    with tenant_scope(cast.tenant.pk):
        return list(queries.get_risks(engagement_id=cast.engagement.pk))


def make_risk(cast: Cast, **changes: Any) -> Risk:
    with tenant_scope(cast.tenant.pk):
        return operations.raise_risk(
            engagement=cast.engagement, fields=FIELDS | changes, by=cast.csm
        )


def bands(cast: Cast) -> list[tuple[int, str]]:
    with tenant_scope(cast.tenant.pk):
        register = queries.get_register(engagement_id=cast.engagement.pk, today=TODAY)
    return [(row.score, row.band) for row in register.rows]


def test_the_register_has_the_worst_first(cast: Cast) -> None:
    for probability, impact in ((1, 2), (5, 5), (2, 4), (3, 5)):
        make_risk(cast, probability=probability, impact=impact)
    assert bands(cast) == [(25, "act"), (15, "act"), (8, "watch"), (2, "good")]


@pytest.mark.parametrize(
    ("state", "band"), [("open", "good"), ("occurred", "act"), ("mitigated", "good")]
)
def test_what_happened_needs_somebody_whatever_its_score(cast: Cast, state: str, band: str) -> None:
    make_risk(cast, probability=1, impact=1, state=state)
    assert bands(cast) == [(1, band)]


def test_each_change_of_size_or_state_is_kept(cast: Cast) -> None:
    risk = make_risk(cast)
    with tenant_scope(cast.tenant.pk):
        operations.change_risk(risk=risk, fields={"mitigation": "Offline mode"}, by=cast.csm)
        operations.change_risk(
            risk=risk, fields={"probability": 2}, by=cast.csm, note="Offline mode works"
        )
        kept = [(row.probability, row.note) for row in risk.changes.all()]
    assert kept == [(2, "Offline mode works"), (4, "")]


def test_a_risk_is_closed_with_a_word_on_why(cast: Cast) -> None:
    risk = make_risk(cast)
    with tenant_scope(cast.tenant.pk):
        with pytest.raises(ValidationError) as refusal:
            operations.change_risk(risk=risk, fields={"state": "closed"}, by=cast.csm)
        assert list(refusal.value.message_dict) == ["note"]
        operations.change_risk(risk=risk, fields={"state": "closed"}, by=cast.csm, note="Masts up")
        register = queries.get_register(engagement_id=cast.engagement.pk, today=TODAY)
    assert (len(register.rows), [row.state for row in register.closed]) == (0, ["closed"])


def test_a_gate_raises_one_risk_for_one_finding(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        made = [
            operations.raise_risk(
                engagement=cast.engagement, fields=FIELDS, by=None, raised_by="gate:training"
            )
            for _time in range(2)
        ]
    assert made[0].pk == made[1].pk
    assert [risk.source for risk in risks(cast)] == ["gate"]


def test_a_mitigation_is_overdue_the_day_after_it_was_due(cast: Cast) -> None:
    make_risk(cast, mitigation="Masts", mitigation_due_date=TODAY)
    make_risk(cast, title="Late", mitigation="Masts", mitigation_due_date=date(2026, 11, 17))
    with tenant_scope(cast.tenant.pk):
        register = queries.get_register(engagement_id=cast.engagement.pk, today=TODAY)
    assert {row.title: row.overdue for row in register.rows} == {
        FIELDS["title"]: False,
        "Late": True,
    }
    assert (register.overdue, register.unattended) == (1, 2)


def test_an_owner_is_one_of_us_or_one_of_them(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        theirs = operations.name_stakeholder(customer=cast.customer, name="Jonas Eide")
        elsewhere = operations.name_stakeholder(customer=cast.second_customer, name="Else")
    csm.post(at(cast, "risks/new/"), POSTED | {"person": f"stakeholder:{theirs.pk}"})
    csm.post(at(cast, "risks/new/"), POSTED | {"person": f"user:{cast.csm.pk}"})
    assert sorted(risk.owner_name for risk in risks(cast)) == ["Csm", "Jonas Eide"]
    refused = csm.post(at(cast, "risks/new/"), POSTED | {"person": f"stakeholder:{elsewhere.pk}"})
    assert "valid choice" in error_beside(refused, "person")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title": ""}, "title", "required"),
        ({"probability": "6"}, "probability", "valid choice"),
        ({"impact": ""}, "impact", "required"),
        ({"mitigation_due_date": "x"}, "mitigation_due_date", "valid date"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    assert words in error_beside(csm.post(at(cast, "risks/new/"), POSTED | change), field)
    assert risks(cast) == []


def test_a_risk_is_edited_on_its_page_with_its_history(cast: Cast, csm: Client) -> None:
    risk = make_risk(cast)
    path = cast.at(f"risks/{risk.pk}/")
    page = csm.post(
        path, POSTED | {"state": "mitigated", "note": "Masts up", "impact": "2"}, follow=True
    )
    assert "Under control" in page.content.decode()
    text = csm.get(path).content.decode()
    assert "Masts up" in text and "How it stood" in text


def test_the_csv_is_the_register(cast: Cast, csm: Client) -> None:
    make_risk(cast, title="@cmd")
    response = csm.get(at(cast, "risks.csv"))
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["risk"], row["score"], row["overdue"]) == ("'@cmd", "20", "no")


def test_the_customers_side_reads_and_does_not_write(cast: Cast, lead: Client) -> None:
    risk = make_risk(cast)
    assert FIELDS["title"] in lead.get(at(cast)).content.decode()
    assert lead.post(at(cast, "risks/new/"), POSTED).status_code == 403
    assert lead.post(cast.at(f"risks/{risk.pk}/"), POSTED).status_code == 403


def test_the_register_costs_the_same_for_many_risks(cast: Cast, csm: Client) -> None:
    make_risk(cast)
    assert_same_queries(csm, at(cast), lambda: [make_risk(cast, title=str(n)) for n in range(9)])  # type: ignore[arg-type,return-value]
