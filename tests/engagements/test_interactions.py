import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations, queries
from engagements.models import Interaction, InteractionPerson, Task
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries, error_beside

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def at(cast: Cast, rest: str = "timeline/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def talk(cast: Cast, **changes: Any) -> Interaction:
    people = changes.pop("people", ())
    fields: dict[str, Any] = {"kind": "usage", "summary": "Night shift", "happened_at": NOW}
    with tenant_scope(cast.tenant.pk):
        return operations.record_interaction(
            engagement=changes.pop("engagement", cast.engagement),
            fields=fields | changes,
            people=people,
            by=cast.csm,
        )


def test_the_box_makes_a_talk_and_a_task(cast: Cast, csm: Client) -> None:
    csm.post(
        at(cast, "timeline/new/"),
        {
            "kind": "need",
            "text": "They need offline maps\nNo signal in the tunnels",
            "minutes": "25",
            "next_step": "Send the offline guide",
            "next_due": "2026-11-20",
        },
    )
    with tenant_scope(cast.tenant.pk):
        row, task = Interaction.objects.get(), Task.objects.get()
    assert (row.kind, row.summary, row.notes, row.minutes) == (
        "need",
        "They need offline maps",
        "No signal in the tunnels",
        25,
    )
    assert (task.title, task.due_date, task.owner_id, task.engagement_id) == (
        "Send the offline guide",
        date(2026, 11, 20),
        cast.csm.pk,
        cast.engagement.pk,
    )


def test_a_long_first_line_is_kept_whole(cast: Cast, csm: Client) -> None:
    csm.post(at(cast, "timeline/new/"), {"kind": "call", "text": "x" * 400})
    with tenant_scope(cast.tenant.pk):
        row = Interaction.objects.get()
    assert (len(row.summary), row.notes) == (300, "x" * 400)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"text": ""}, "text", "required"),
        ({"minutes": "0"}, "minutes", "greater than or equal to 1"),
        ({"next_due": "soon"}, "next_due", "valid date"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    posted = {"kind": "call", "text": "Typed already", "next_step": "Call"} | change
    answer = csm.post(at(cast, "timeline/new/"), posted)
    assert words in error_beside(answer, field)
    assert "Call" in answer.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert not Interaction.objects.exists() and not Task.objects.exists()


def test_the_form_names_who_took_part_on_either_side(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        host = operations.name_stakeholder(customer=cast.customer, name="Kari Lund")
    csm.post(
        at(cast, "interactions/new/"),
        {
            "kind": "education",
            "happened_at": "2026-11-18T14:30",
            "summary": "First lesson",
            "features": "maps, orders",
            "sentiment": "good",
            "people": [f"stakeholder:{host.pk}", f"user:{cast.manager.pk}"],
        },
    )
    text = csm.get(at(cast)).content.decode()
    assert all(word in text for word in ("First lesson", "with Kari Lund, Manager", "mood good"))
    with tenant_scope(cast.tenant.pk):
        row = Interaction.objects.get()
    assert (row.happened_at.astimezone(OSLO).hour, row.features) == (14, ["maps", "orders"])


def test_another_customers_people_did_not_take_part(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        stranger = operations.name_stakeholder(customer=cast.second_customer, name="Else")
    with pytest.raises(ValidationError) as refusal:
        talk(cast, people=[stranger])
    assert list(refusal.value.message_dict) == ["people"]


def test_who_took_part_is_shared_as_the_talk_is(cast: Cast) -> None:
    row = talk(cast, people=[cast.csm])
    side = {"realm": Realm.CUSTOMER, "customer_id": cast.customer.pk}

    def seen() -> tuple[int, int]:
        with tenant_scope(cast.tenant.pk, **side):  # type: ignore[arg-type]
            return Interaction.objects.count(), InteractionPerson.objects.count()

    assert seen() == (0, 0)
    with tenant_scope(cast.tenant.pk):
        operations.change_interaction(interaction=row, fields={"shared": True}, by=cast.csm)
    assert seen() == (1, 1)


def test_a_talk_is_changed_deleted_and_brought_back(cast: Cast, csm: Client) -> None:
    row = talk(cast, people=[cast.csm])
    path = cast.at(f"interactions/{row.pk}/")
    page = csm.get(path)
    opened = page.context["form"]["opened_with"].value()
    posted = {"kind": "call", "happened_at": "2026-11-18T10:00", "summary": "Day shift"}
    csm.post(path, posted | {"opened_with": opened, "people": f"user:{cast.csm.pk}"})
    assert "Day shift" in csm.get(at(cast)).content.decode()
    csm.post(f"{path}delete/")
    assert "Day shift" not in csm.get(at(cast)).content.decode()
    csm.post(f"{path}restore/")
    assert "Day shift" in csm.get(at(cast)).content.decode()


def test_the_last_touch_is_the_last_talk_that_was(cast: Cast) -> None:
    talk(cast, happened_at=datetime(2026, 11, 2, tzinfo=UTC))
    talk(cast, happened_at=datetime(2026, 11, 9, tzinfo=UTC))
    talk(cast, happened_at=datetime(2027, 1, 1, tzinfo=UTC))
    gone = talk(cast, happened_at=datetime(2026, 11, 17, tzinfo=UTC))
    with tenant_scope(cast.tenant.pk):
        operations.delete_interaction(interaction=gone, now=NOW)
        found = queries.get_last_touch(now=NOW)
        none = queries.get_last_touch(customer_ids=[cast.second_customer.pk], now=NOW)
    assert (found, none) == ({cast.customer.pk: datetime(2026, 11, 9, tzinfo=UTC)}, {})


def test_talks_are_counted_by_customer_month_and_kind(cast: Cast) -> None:
    # The last hour of October in Oslo is October's.
    talk(cast, minutes=10, happened_at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
    talk(cast, minutes=20, happened_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    talk(cast, happened_at=datetime(2026, 11, 2, tzinfo=UTC))
    talk(cast, engagement=cast.second_engagement, kind="call")
    with tenant_scope(cast.tenant.pk):
        counts = queries.get_talk_counts(
            first=date(2026, 10, 1), last=date(2026, 11, 18), zone=OSLO
        )
    assert {(one.customer_id, one.month, one.kind, one.number, one.minutes) for one in counts} == {
        (cast.customer.pk, date(2026, 10, 1), "usage", 1, 10),
        (cast.customer.pk, date(2026, 11, 1), "usage", 2, 20),
        (cast.second_customer.pk, date(2026, 11, 1), "call", 1, 0),
    }


def test_the_page_has_whoever_was_not_talked_with_first(cast: Cast, csm: Client) -> None:
    talk(cast)
    text = csm.get(cast.at("interactions/?first=2026-11-01&last=2026-11-30")).content.decode()
    assert text.index("Solberg") < text.index("Halden")
    assert "With one customer no talk was ever logged." in text
    file = csm.get(cast.at("interactions.csv?first=2026-11-01&last=2026-11-30"))
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert row == {
        "month": "2026-11",
        "customer": "Halden",
        "kind": "usage",
        "number": "1",
        "minutes": "0",
    }


@pytest.mark.parametrize("query", ["?first=x&last=9999-99-99", "?first=2026-12-01&last=2026-01-01"])
def test_a_range_that_cannot_be_is_set_right(cast: Cast, csm: Client, query: str) -> None:
    assert csm.get(cast.at(f"interactions/{query}")).status_code == 200


def test_the_page_costs_the_same_for_many_customers(cast: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(20):
                fields = {"external_id": f"c{number}", "name": f"C{number}"}
                operations.create_customer(fields=fields, today=NOW.date())

    assert_same_queries(csm, cast.at("interactions/"), grow)
