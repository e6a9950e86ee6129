import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from engagements.models import EndUser, ImpactGroup, SupportContact, TimelineEntry
from engagements.models.routes import Way
from engagements.operations import add_impact_group, ensure_end_users, erase_end_users
from engagements.operations.routes import Counted
from engagements.operations.support import ContactsRefused, NewContact, record_contacts
from engagements.queries.support import ContactDay, get_contact_days, get_contact_topics
from tenancy.scope import tenant_scope
from tests.engagements.test_api_facts import post, program_of
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside

DAY = date(2026, 11, 16)
CONTACT = {"day": "2026-11-16", "outcome": "coached", "count": "1", "topic": "Orders"}


def at(cast: Cast, rest: str = "support/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def take(cast: Cast, *contacts: dict[str, Any], way: Way = Way.FILE) -> Counted:
    items = [
        NewContact(row, {"day": DAY, "outcome": "coached"} | fields)
        for row, fields in enumerate(contacts, start=2)
    ]
    with tenant_scope(cast.tenant.pk):
        return record_contacts(
            engagement=cast.engagement, items=items, today=TODAY, by=cast.csm, way=way
        )


def days(cast: Cast) -> list[ContactDay]:
    with tenant_scope(cast.tenant.pk):
        return get_contact_days(engagement_id=cast.engagement.pk)


def send(client: Client, cast: Cast, lines: str) -> Any:
    file = SimpleUploadedFile("contacts.csv", lines.encode())
    return client.post(at(cast, "support/file/"), {"file": file}, follow=True)


def make_group(cast: Cast, engagement: Any = None) -> ImpactGroup:
    with tenant_scope(cast.tenant.pk):
        fields = {"name": "Crews", "size": 4}
        return add_impact_group(engagement=engagement or cast.engagement, fields=fields)


def make_person(cast: Cast, external_id: str = "p1") -> EndUser:
    with tenant_scope(cast.tenant.pk):
        ensure_end_users(external_ids={cast.customer.pk: {external_id}})
        return EndUser.objects.get(external_id=external_id)


def test_days_add_up_by_what_became_of_contacts(cast: Cast) -> None:
    take(
        cast,
        {"count": 4},
        {"outcome": "did_for", "count": 3},
        {"outcome": "fault", "count": 2},
        {"outcome": "other"},
        {"day": DAY - timedelta(days=1)},
    )
    assert days(cast) == [
        ContactDay(DAY - timedelta(days=1), 1, 0, 0),
        ContactDay(DAY, 4, 3, 3),
    ]


def test_what_is_sent_again_changes_nothing(cast: Cast) -> None:
    rows = ({"ticket": "T-1"}, {"count": 5, "topic": "Orders"})
    assert take(cast, *rows) == Counted(2, 0, 0)
    assert take(cast, *rows) == Counted(0, 0, 2)
    assert take(cast, *rows, way=Way.API) == Counted(0, 0, 2)
    changed = ({"ticket": "T-1", "outcome": "did_for"}, {"count": 6, "topic": "orders"})
    assert take(cast, *changed) == Counted(0, 2, 0)
    assert days(cast) == [ContactDay(DAY, 6, 1, 0)]


def test_what_somebody_typed_is_no_sum_that_a_file_replaces(cast: Cast, csm: Client) -> None:
    csm.post(at(cast, "support/new/"), CONTACT)
    csm.post(at(cast, "support/new/"), CONTACT)
    assert take(cast, {"count": 5, "topic": "Orders"}) == Counted(1, 0, 0)
    assert days(cast) == [ContactDay(DAY, 7, 0, 0)]


def test_a_bad_contact_keeps_all_of_them_out(cast: Cast) -> None:
    elsewhere = make_group(cast, cast.second_engagement)
    with pytest.raises(ContactsRefused) as refused:
        take(
            cast,
            {"ticket": "T-1"},
            {"ticket": "T-1"},
            {"ticket": "T-2", "count": 2},
            {"count": 0},
            {"outcome": "solved"},
            {"day": TODAY + timedelta(days=1)},
            {"topic": "x", "count": 2},
            {"topic": "X", "count": 3},
            {"impact_group": elsewhere, "ticket": "T-3"},
        )
    assert {row: [*fault.message_dict] for row, fault in refused.value.faults.items()} == {
        3: ["ticket"],
        4: ["count"],
        5: ["count"],
        6: ["outcome"],
        7: ["day"],
        9: ["count"],
        10: ["impact_group"],
    }
    assert days(cast) == []


def test_topics_come_by_how_often_they_are_asked(cast: Cast) -> None:
    take(
        cast,
        {"topic": "Orders", "count": 2},
        {"topic": "Orders", "outcome": "did_for", "count": 3},
        {"topic": "Photos", "count": 4},
        {"topic": "Photos", "outcome": "fault", "count": 9},
    )
    with tenant_scope(cast.tenant.pk):
        found = get_contact_topics(engagement_id=cast.engagement.pk, first=DAY, last=DAY)
    assert [(one.topic, one.coached, one.did_for) for one in found] == [
        ("Orders", 2, 3),
        ("Photos", 4, 0),
    ]


def test_whoever_is_erased_leaves_a_contact_of_nobody(cast: Cast) -> None:
    person = make_person(cast)
    take(cast, {"end_user": person, "ticket": "T-1"})
    with tenant_scope(cast.tenant.pk):
        erase_end_users(ids=[person.pk])
        assert SupportContact.objects.get().end_user is None
    assert days(cast) == [ContactDay(DAY, 1, 0, 0)]


def test_a_contact_is_written_down_changed_and_taken_back(cast: Cast, csm: Client) -> None:
    make_person(cast)
    answer = csm.post(at(cast, "support/new/"), CONTACT | {"person": "p1"}, follow=True)
    assert "The contact is on record." in text(answer)
    with tenant_scope(cast.tenant.pk):
        row = SupportContact.objects.select_related("end_user").get()
        assert str(row.end_user) == "p1"
    page = text(csm.get(cast.at(f"support-contacts/{row.pk}/")))
    assert 'value="p1"' in page
    changed = CONTACT | {"outcome": "did_for", "person": "p1"}
    assert csm.post(cast.at(f"support-contacts/{row.pk}/"), changed).status_code == 302
    assert days(cast) == [ContactDay(DAY, 0, 1, 0)]
    [undo] = [message.extra_tags for message in answer.context["messages"]]
    csm.post(undo)
    assert days(cast) == []


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"day": "2099-01-01"}, "day", "still to come"),
        ({"outcome": "solved"}, "outcome", "valid choice"),
        ({"count": "0"}, "count", "greater than or equal to 1"),
        ({"count": "2", "ticket": "T-9"}, "count", "A ticket is one contact"),
        ({"ticket": "T-1"}, "ticket", "has this ticket already"),
        ({"person": "nobody"}, "person", "Nobody at this customer"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    take(cast, {"ticket": "T-1"})
    assert words in error_beside(csm.post(at(cast, "support/new/"), CONTACT | change), field)
    assert len(days(cast)) == 1


def test_a_file_is_read_by_its_columns(cast: Cast, csm: Client) -> None:
    make_group(cast), make_person(cast)
    lines = (
        "day,outcome,count,channel,topic,impact_group,end_user,ticket\n"
        "2026-11-16,Coached,,Telephone,Orders,crews,p1,T-1\n"
        "2026-11-16,did_for,7,,Orders,,,\n"
    )
    assert "2 figures are in." in text(send(csm, cast, lines))
    assert "Nothing was new." in text(send(csm, cast, lines))
    with tenant_scope(cast.tenant.pk):
        ticket = SupportContact.objects.select_related("end_user", "impact_group").get(ticket="T-1")
        assert (ticket.channel, str(ticket.end_user), str(ticket.impact_group)) == (
            *("phone", "p1", "Crews"),
        )
        assert TimelineEntry.objects.filter(kind="support.imported").count() == 1
    assert days(cast) == [ContactDay(DAY, 1, 7, 0)]


def test_bad_rows_are_named_by_row_and_column(cast: Cast, csm: Client) -> None:
    lines = [
        "yesterday,coached,1,,,",
        "2026-11-16,solved,1,,,",
        "2026-11-16,coached,many,,,",
        "2026-11-16,coached,1,pigeon,,",
        "2026-11-16,coached,1,,Nobody’s,",
        "2026-11-16,coached,1,,,ghost",
    ]
    page = text(
        send(csm, cast, "day,outcome,count,channel,impact_group,end_user\n" + "\n".join(lines))
    )
    for words in (
        "6 rows cannot come in, so nothing did.",
        "“yesterday” is no date.",
        "“solved” is none of: coached, did_for, fault, other.",
        "“many” is no whole number.",
        "“pigeon” is none of: phone",
        "There is no impact group “Nobody’s” here.",
        "Nobody at this customer has the id “ghost”.",
    ):
        assert words in page, words
    bare = text(send(csm, cast, "day,outcome,count\n2026-11-16,coached,0\n"))
    assert "greater than or equal to 1" in bare
    assert days(cast) == []


def test_the_csv_can_be_read_back(cast: Cast, csm: Client) -> None:
    take(cast, {"ticket": "T-1", "topic": "Orders"}, {"outcome": "fault", "count": 3})
    csm_file = csm.get(at(cast, "support.csv")).content
    rows = list(csv.DictReader(io.StringIO(csm_file.decode("utf-8-sig"))))
    assert {(row["outcome"], row["count"], row["ticket"]) for row in rows} == {
        ("coached", "1", "T-1"),
        ("fault", "3", ""),
    }
    file = SimpleUploadedFile("contacts.csv", csm_file)
    again = csm.post(at(cast, "support/file/"), {"file": file}, follow=True)
    assert "Nothing was new." in text(again)
    [only] = csv.DictReader(
        io.StringIO(csm.get(at(cast, "support.csv?outcome=fault")).content.decode("utf-8-sig"))
    )
    assert only["count"] == "3"


def test_a_help_desk_sends_many_in_one_call(cast: Cast) -> None:
    make_person(cast)
    program = program_of(cast, "measures:write")
    body = {
        "engagement": str(cast.engagement.pk),
        "contacts": [
            {"day": "2026-11-16", "outcome": "coached", "ticket": "T-1", "end_user": "p1"},
            {"day": "2026-11-16", "outcome": "did_for", "count": 4, "topic": "Orders"},
        ],
    }
    assert post(program, "support-contacts/many", **body).json() == {
        "new": 2,
        "corrected": 0,
        "same": 0,
    }
    assert post(program, "support-contacts/many", **body).json()["same"] == 2
    body["contacts"][1]["outcome"] = "coached"
    body["contacts"][0]["count"] = 2
    refused = post(program, "support-contacts/many", **body)
    assert refused.status_code == 400
    assert refused.json()["errors"] == {"contacts.0.count": ["A ticket is one contact."]}
    body["contacts"] = [{"day": "2026-11-16", "outcome": "coached", "end_user": "ghost"}]
    assert "ghost" in post(program, "support-contacts/many", **body).json()["errors"]["end_user"][0]


def test_a_contact_sent_alone_is_known_by_its_ticket(cast: Cast) -> None:
    program = program_of(cast, "measures:write")
    body = {"engagement": str(cast.engagement.pk), "day": "2026-11-16", "ticket": "T-1"}
    first = post(program, "support-contacts", **body, outcome="coached")
    second = post(program, "support-contacts", **body, outcome="did_for")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert days(cast) == [ContactDay(DAY, 0, 1, 0)]
    reader = program_of(cast, "measures:read")
    assert post(reader, "support-contacts", **body, outcome="coached").status_code == 403


def test_volumes_come_in_one_call_for_all_routes(cast: Cast) -> None:
    program = program_of(cast, "measures:write")
    of = {"engagement": str(cast.engagement.pk)}
    made = post(program, "routes", **of, name="Mailbox", kind="email").json()
    volumes = [{"route": made["id"], "day": "2026-11-12", "amount": 7}]
    assert post(program, "route-volumes/many", **of, volumes=volumes).json()["new"] == 1
    again = post(program, "route-volumes", route=made["id"], day="2026-11-09", amount=8).json()
    assert (again["day"], again["period"], again["amount"]) == ("2026-11-15", "week", 8)
    wrong = post(program, "route-volumes/many", **of, volumes=volumes, period="month")
    assert "period" in wrong.json()["errors"]
    elsewhere = {"engagement": str(cast.second_engagement.pk)}
    strange = post(program, "route-volumes/many", **elsewhere, volumes=volumes)
    assert strange.status_code == 400
    assert "volumes.0.route" in strange.json()["errors"]


def test_everybody_sees_contacts_and_who_works_on_it_writes_them(cast: Cast) -> None:
    take(cast, {"ticket": "T-1"})
    with tenant_scope(cast.tenant.pk):
        row = SupportContact.objects.get()
    for user in (cast.executive, cast.lead, cast.member):
        browser = cast.browser(user)
        assert "T-1" in text(browser.get(at(cast)))
        for rest in ("support/new/", "support/file/"):
            assert browser.get(at(cast, rest)).status_code == 403
        assert browser.get(cast.at(f"support-contacts/{row.pk}/")).status_code == 403
        assert browser.post(cast.at(f"support-contacts/{row.pk}/remove/")).status_code == 403
    assert cast.browser(cast.stranger).get(at(cast)).status_code == 404
    foreign = cast.at(f"engagements/{cast.other_engagement.pk}/support/")
    assert cast.browser(cast.csm).get(foreign).status_code == 404


def test_the_page_costs_the_same_for_many_contacts(cast: Cast, csm: Client) -> None:
    group, person = make_group(cast), make_person(cast)
    take(cast, {"ticket": "T-1", "impact_group": group, "end_user": person})

    def grow() -> None:
        more = [{"ticket": f"T-{n}", "impact_group": group, "end_user": person} for n in range(9)]
        take(cast, *more)

    assert_same_queries(csm, at(cast), grow)


def test_today_is_a_day_for_contacts(cast: Cast, csm: Client) -> None:
    today = timezone.localdate()
    csm.post(at(cast, "support/new/"), CONTACT | {"day": today.isoformat()})
    assert days(cast) == [ContactDay(today, 1, 0, 0)]
