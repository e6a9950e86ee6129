"""One case for each resource of engagements: what a good call sends. A resource without one fails.

`Ids` are those of `tests.told` by the part of an address: "engagement_id", "risk_id" and so on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from engagements.models import (
    CriterionVersion,
    Customer,
    CustomerMerge,
    EndUser,
    RosterEntry,
    SuccessCriterion,
)
from tenancy.models import new_id

Ids = dict[str, UUID]
Body = dict[str, Any]
DAY = "2026-10-02"


def nothing(ids: Ids) -> Body:
    return {}


def no_difference(number: int) -> Body:
    return {}


@dataclass(frozen=True)
class Case:
    """How to ask for one more row, how to change one, and how to make many at once."""

    # The body of a POST that makes a row beside those that are told; ignored where none is made.
    body: Callable[[Ids], Body] = nothing
    # What a PATCH sends; ignored where nothing is changed.
    change: Body = field(default_factory=dict)
    # What tells copies of a told row apart, by model field.
    unlike: Callable[[int], Body] = no_difference
    # Makes that many copies where copying the row alone is not enough.
    many: Callable[[Any, int], None] | None = None


def of_engagement(ids: Ids, **values: Any) -> Body:
    return {"engagement": str(ids["engagement_id"])} | values


def named(number: int) -> Body:
    return {"name": f"Copy {number}"}


def many_merges(row: CustomerMerge, count: int) -> None:
    gone = [Customer(external_id=f"gone-{count}-{number}", name="Gone") for number in range(count)]
    Customer.objects.bulk_create(gone)
    CustomerMerge.objects.bulk_create(
        CustomerMerge(kept_id=row.kept_id, gone=other, merged_at=row.merged_at) for other in gone
    )


def many_places(row: RosterEntry, count: int) -> None:
    people = [
        EndUser(customer_id=row.customer_id, external_id=f"copy-{count}-{number}")
        for number in range(count)
    ]
    EndUser.objects.bulk_create(people)
    RosterEntry.objects.bulk_create(
        RosterEntry(
            customer_id=row.customer_id,
            engagement_id=row.engagement_id,
            end_user=person,
            impact_group_id=row.impact_group_id,
        )
        for person in people
    )


def many_criteria(row: SuccessCriterion, count: int) -> None:
    wording = row.versions.all()[0]
    rows = [
        SuccessCriterion(customer_id=row.customer_id, engagement_id=row.engagement_id)
        for _number in range(count)
    ]
    SuccessCriterion.objects.bulk_create(rows)
    CriterionVersion.objects.bulk_create(
        CriterionVersion(
            customer_id=row.customer_id,
            criterion=copy,
            number=1,
            statement=wording.statement,
            owner_id=wording.owner_id,
        )
        for copy in rows
    )


CASES: dict[str, Case] = {
    "custom-fields": Case(
        body=lambda ids: {
            "kind": "customer",
            "label": "New",
            "type": "choice",
            "choices": ["Gold", "Tin"],
        },
        change={"label": "Newer"},
        unlike=lambda number: {"key": f"copy_{number}"},
    ),
    "customer-views": Case(
        body=lambda ids: {"name": "New", "query": "segment=New", "owner": "csm@example.org"},
        change={"name": "Newer", "is_shared": False},
        unlike=named,
    ),
    "imports": Case(change={"mapping": {"external_id": "external_id", "name": "email"}}),
    "covers": Case(
        body=lambda ids: {
            "person": "admin@example.org",
            "stand_in": "manager@example.org",
            "from_date": DAY,
            "to_date": DAY,
        },
    ),
    "merges": Case(
        body=lambda ids: {"kept": str(ids["customer_id"]), "gone": str(ids["handed_over_id"])},
        many=many_merges,
    ),
    "hand-overs": Case(
        body=lambda ids: {
            "from_user": "csm@example.org",
            "to_user": "manager@example.org",
            "customers": [str(ids["customer_id"])],
        },
    ),
    "timeline-entries": Case(unlike=lambda number: {"key": f"copy:{number}"}),
    "notes": Case(body=lambda ids: of_engagement(ids, text="New note"), change={"text": "Another"}),
    "interactions": Case(
        body=lambda ids: of_engagement(
            ids,
            kind="call",
            summary="New call",
            features=["Orders"],
        ),
        change={"minutes": 20},
    ),
    "questions": Case(
        body=lambda ids: of_engagement(ids, text="New?", due_date=DAY),
        change={"text": "Newer?"},
    ),
    "tasks": Case(
        body=lambda ids: of_engagement(ids, title="New", due_date=DAY, priority=1),
        change={"title": "Newer"},
    ),
    "customers": Case(
        body=lambda ids: {
            "external_id": "new",
            "name": "New",
            "seats": 4,
            "segment": "S",
            "references": {"salesforce": "001-new"},
        },
        change={"segment": "Enterprise", "yearly_amount": "1200.00", "working_days": [1, 2]},
        unlike=lambda number: {"external_id": f"copy-{number}"},
    ),
    "seats": Case(
        body=lambda ids: {
            "customer": str(ids["customer_id"]),
            "from_date": "2026-01-01",
            "seats": 7,
        },
        unlike=lambda number: {"from_date": date(2010, 1, 1) + timedelta(days=number)},
    ),
    "engagements": Case(
        body=lambda ids: {"customer": str(ids["customer_id"]), "key": "NEW-1", "name": "New"},
        change={"problem": "Nobody knows who approves.", "mode": "customer_owned"},
        unlike=lambda number: {"key": f"COPY-{number}"},
    ),
    "services": Case(
        body=lambda ids: of_engagement(ids, name="Leave requests", monthly_volume=40, stage=2),
        change={"monthly_volume": 41},
        unlike=named,
    ),
    "quick-wins": Case(
        body=lambda ids: of_engagement(ids, result="1 day", evidence="Log", reached_date=DAY)
    ),
    "outcomes": Case(
        body=lambda ids: of_engagement(
            ids,
            kind="expansion",
            decided_date=DAY,
            yearly_amount="99.50",
            currency="EUR",
            reason="It works",
        )
    ),
    "criteria": Case(
        body=lambda ids: of_engagement(ids, statement="It is used", quality="daily"),
        change={"measured_by": "Count of orders", "target": "40"},
        many=many_criteria,
    ),
    "criterion-versions": Case(unlike=lambda number: {"number": number + 2}),
    "stakeholders": Case(
        body=lambda ids: {"customer": str(ids["customer_id"]), "name": "Berit Dahl"},
        change={"influence": "high", "is_sponsor": True},
        unlike=named,
    ),
    "impact-groups": Case(
        body=lambda ids: of_engagement(ids, name="Drivers", size=12, features=["Orders"]),
        change={"size": 13, "features": ["Orders", "Maps"]},
        unlike=named,
    ),
    "roster": Case(
        body=lambda ids: of_engagement(
            ids, external_id="u-9", name="Ola", impact_group=str(ids["group_id"])
        ),
        change={"name": "Ola Nordmann", "access_since": DAY},
        many=many_places,
    ),
    "team": Case(
        body=lambda ids: of_engagement(ids, name="Kari", role="project_manager", time="full"),
        change={"end_date": "2027-01-01"},
        unlike=named,
    ),
    "offerings": Case(
        body=lambda ids: of_engagement(
            ids, kind="support", name="Help line", offered_date=DAY, offered_to=40, taken_by=3
        )
    ),
    "budget-lines": Case(
        body=lambda ids: of_engagement(ids, name="Trainers", category="training", amount="900"),
        change={"percent_done": 30},
        unlike=named,
    ),
    "costs": Case(
        body=lambda ids: {"line": str(ids["line_id"]), "day": DAY, "amount": "12.30"},
    ),
    "risks": Case(
        body=lambda ids: of_engagement(ids, title="Late data", probability=2, impact=5),
        change={"impact": 3, "mitigation": "Ask weekly"},
    ),
    "risk-changes": Case(),
    "routes": Case(
        body=lambda ids: of_engagement(ids, name="Form 12", kind="paper", shut_off_date=DAY),
        change={"shut_date": DAY, "note": "Gone"},
        unlike=named,
    ),
    "route-volumes": Case(
        body=lambda ids: {
            "route": str(ids["work_route_id"]),
            "day": "2026-10-04",
            "amount": 12,
            "period": "week",
        },
        unlike=lambda number: {"day": date(2000, 1, 2) + timedelta(weeks=number)},
    ),
    "support-contacts": Case(
        body=lambda ids: of_engagement(
            ids, day=DAY, outcome="did_for", topic="Orders", ticket="T-9", channel="phone"
        ),
        change={"outcome": "fault"},
        unlike=lambda number: {"ticket": f"copy-{number}"},
    ),
    "surveys": Case(
        body=lambda ids: of_engagement(ids, title="How is it going?", instrument="csat"),
        change={"shared": False},
    ),
    "survey-questions": Case(
        body=lambda ids: {"survey": str(ids["draft_id"]), "kind": "text", "text": "What else?"},
        change={"text": "Other words"},
    ),
    "survey-people": Case(
        body=lambda ids: {"survey": str(ids["survey_id"]), "email": "new@example.org"},
        unlike=lambda number: {"email": f"copy-{number}@example.org"},
    ),
    "interviews": Case(),
    "concerns": Case(
        body=lambda ids: of_engagement(ids, text="It is slow"),
        change={"state": "doing", "due_at": "2026-12-01T17:00:00Z"},
    ),
    "files": Case(change={"shared": False}, unlike=lambda number: {"series": new_id()}),
    "attachments": Case(
        body=lambda ids: {
            "file": str(ids["file_id"]),
            "kind": "criterion",
            "row_id": str(ids["criterion_id"]),
        },
        unlike=lambda number: {"row_id": new_id()},
    ),
}


def make_many(prefix: str, row: Any, count: int) -> None:
    """Copies of a told row, straight into the table."""
    case = CASES[prefix]
    if case.many is not None:
        case.many(row, count)
        return
    columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    type(row).objects.bulk_create(
        type(row)(**(columns | case.unlike(number) | {"id": new_id()})) for number in range(count)
    )
