import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from engagements import operations, queries
from engagements.models import Task, TimelineEntry
from engagements.queries.tasks import group_of
from notifications.models import Notification
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries, error_beside

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 18)


def add(cast: Cast, title: str = "Call Eva", **fields: Any) -> Task:
    by = fields.pop("by", cast.csm)
    with tenant_scope(cast.tenant.pk):
        return operations.add_task(fields={"title": title, "owner": cast.csm} | fields, by=by)


def listed(browser: Client, cast: Cast, query: str = "") -> str:
    return browser.get(cast.at(f"tasks/{query}")).content.decode()


def stored(task: Task) -> Task:
    with tenant_scope(task.tenant_id):
        return Task.objects.select_related("owner", "customer").get(pk=task.pk)


def told(cast: Cast, kind: str) -> list[tuple[str, str]]:
    with tenant_scope(cast.tenant.pk):
        rows = Notification.objects.filter(kind=kind).select_related("user").order_by("pk")
        return [(row.user.name, row.text) for row in rows]


def test_a_line_becomes_a_task_of_whoever_writes_it(cast: Cast, csm: Client) -> None:
    about = f"engagement:{cast.engagement.pk}"
    posted = {"quick": "1", "title": "Call Eva", "due_date": "2026-11-20", "about": about}
    page = csm.post(cast.at("tasks/new/"), posted, follow=True).content.decode()
    assert "Added: Call Eva" in page
    with tenant_scope(cast.tenant.pk):
        task = Task.objects.get()
    assert (task.owner_id, task.customer_id, task.due_date, task.shared) == (
        cast.csm.pk,
        cast.customer.pk,
        date(2026, 11, 20),
        False,
    )
    assert error_beside(csm.post(cast.at("tasks/new/"), posted | {"title": ""}), "title")


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (date(2026, 11, 17), "overdue"),
        (WEDNESDAY, "today"),
        (date(2026, 11, 22), "week"),
        (date(2026, 11, 23), "later"),
        (None, "some_day"),
    ],
)
def test_a_week_ends_on_sunday(due: date | None, group: str) -> None:
    assert group_of(due, WEDNESDAY) == group


def test_what_is_due_first_stands_first(cast: Cast) -> None:
    for title, due, priority in (("C", None, 1), ("B", 3, 2), ("A", 3, 1), ("Late", -1, 3)):
        day = None if due is None else WEDNESDAY + timedelta(days=due)
        add(cast, title, due_date=day, priority=priority)
    with tenant_scope(cast.tenant.pk):
        found = queries.get_tasks(
            filters=queries.TaskFilters(), user_id=cast.csm.pk, now=NOW, today=WEDNESDAY
        )
    assert [(group.key, [row.title for row in group.rows]) for group in found.groups] == [
        ("overdue", ["Late"]),
        ("week", ["A", "B"]),
        ("some_day", ["C"]),
    ]
    assert (found.open_count, found.overdue_count, found.today_count) == (4, 1, 0)


def test_one_click_is_done_and_one_takes_it_back(cast: Cast, csm: Client) -> None:
    task = add(cast, engagement=cast.engagement)
    page = csm.post(cast.at(f"tasks/{task.pk}/done/"), follow=True).content.decode()
    undo = cast.at(f"tasks/{task.pk}/reopen/")
    assert "Done: Call Eva" in page and f'action="{undo}"' in page
    with tenant_scope(cast.tenant.pk):
        entry = TimelineEntry.objects.get(kind="task.done")
    assert (entry.text, stored(task).done_by_id) == ("Done: Call Eva", cast.csm.pk)
    csm.post(undo)
    with tenant_scope(cast.tenant.pk):
        assert not TimelineEntry.objects.filter(kind="task.done").exists()
    assert stored(task).done_at is None


def test_a_fragment_answers_with_the_list_as_it_was(cast: Cast, csm: Client) -> None:
    add(cast, "Mine", due_date=WEDNESDAY)
    task = add(cast, "Theirs", owner=cast.manager)
    answer = csm.post(
        cast.at(f"tasks/{task.pk}/done/?show=given"), headers={"HX-Request": "true"}
    ).content.decode()
    assert answer.lstrip().startswith('<div id="tasks"')
    assert "Open again: Theirs" in answer and "Done: Mine" not in answer


def test_a_task_put_off_takes_its_reminder_along(cast: Cast, csm: Client) -> None:
    at_nine = datetime(2026, 11, 18, 8, tzinfo=UTC)
    task = add(cast, due_date=WEDNESDAY, remind_at=at_nine)
    page = csm.post(cast.at(f"tasks/{task.pk}/snooze/"), {"until": "2026-11-23"}, follow=True)
    assert "Put off: Call Eva" in page.content.decode()
    moved = stored(task)
    oslo = ZoneInfo("Europe/Oslo")
    assert (moved.due_date, moved.remind_at) == (
        date(2026, 11, 23),
        datetime(2026, 11, 23, 9, tzinfo=oslo),
    )
    csm.post(cast.at(f"tasks/{task.pk}/snooze/?until=2026-11-18"))
    assert stored(task).due_date == WEDNESDAY
    csm.post(cast.at(f"tasks/{task.pk}/snooze/"), {"until": "never"})
    assert stored(task).due_date == WEDNESDAY


def test_a_deleted_task_is_gone_and_can_be_brought_back(cast: Cast, csm: Client) -> None:
    task = add(cast)
    csm.post(cast.at(f"tasks/{task.pk}/delete/"))
    assert csm.get(cast.at(f"tasks/{task.pk}/")).status_code == 404
    csm.post(cast.at(f"tasks/{task.pk}/restore/"))
    assert csm.get(cast.at(f"tasks/{task.pk}/")).status_code == 200


def test_whoever_is_given_a_task_is_told(cast: Cast, csm: Client) -> None:
    task = add(cast)
    posted = {"title": "Call Eva", "priority": "2", "person": f"user:{cast.manager.pk}"}
    csm.post(cast.at(f"tasks/{task.pk}/"), posted)
    assert stored(task).owner == cast.manager
    assert told(cast, "task.assigned") == [("Manager", "Csm gave you a task: Call Eva")]
    assert "Call Eva" in listed(csm, cast, "?show=given")
    assert "Call Eva" not in listed(csm, cast)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"owner": "lead"}, "owner", "belongs to another customer"),
        ({"owner": "lead", "customer": "customer"}, "owner", "could not read it"),
        ({"owner": "stranger"}, "owner", "not in the workspace"),
        ({"shared": True}, "shared", "which customer"),
        ({"customer": "second_customer", "engagement": "engagement"}, "engagement", "another"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    cast: Cast, fields: dict[str, Any], field: str, words: str
) -> None:
    meant = {
        name: getattr(cast, value) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    with pytest.raises(ValidationError) as refusal:
        add(cast, **meant)
    assert list(refusal.value.message_dict) == [field]
    assert words in refusal.value.message_dict[field][0]


def test_the_form_says_so_beside_its_field(cast: Cast, csm: Client) -> None:
    task = add(cast, customer=cast.customer)
    posted = {
        "title": "Call Eva",
        "priority": "2",
        "about": f"customer:{cast.customer.pk}",
        "person": f"user:{cast.lead.pk}",
    }
    assert "could not read it" in error_beside(
        csm.post(cast.at(f"tasks/{task.pk}/"), posted), "person"
    )
    csm.post(cast.at(f"tasks/{task.pk}/"), posted | {"shared": "on"})
    assert stored(task).owner == cast.lead


def test_the_database_keeps_a_task_with_its_customer(cast: Cast) -> None:
    task = add(cast, engagement=cast.engagement)
    with (
        tenant_scope(cast.tenant.pk),
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE engagements_task SET customer_id = %s WHERE id = %s",
            [cast.second_customer.pk, task.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_customers_side_has_its_own_shared_tasks(cast: Cast, lead: Client, csm: Client) -> None:
    add(cast, "Nobody’s customer")
    add(cast, "About them", customer=cast.customer)
    ours = add(cast, "For both", customer=cast.customer, shared=True)
    lead.post(cast.at("tasks/new/"), {"quick": "1", "title": "Theirs", "about": ""})
    text = listed(lead, cast, "?show=all")
    assert "For both" in text and "Theirs" in text
    assert "About them" not in text and "Nobody’s customer" not in text
    with tenant_scope(cast.tenant.pk):
        task = Task.objects.get(title="Theirs")
    assert (task.customer_id, task.shared) == (cast.customer.pk, True)
    assert "Theirs" in listed(csm, cast, "?show=all")
    assert lead.post(cast.at(f"tasks/{ours.pk}/done/")).status_code == 403
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.second_customer.pk):
        assert not Task.objects.exists()


def test_an_executive_changes_their_own_tasks_only(cast: Cast, executive: Client) -> None:
    own, other = add(cast, owner=cast.executive), add(cast)
    assert executive.post(cast.at(f"tasks/{own.pk}/done/")).status_code == 302
    assert executive.post(cast.at(f"tasks/{other.pk}/done/")).status_code == 403


def test_the_list_is_narrowed_by_customer_engagement_and_words(cast: Cast, csm: Client) -> None:
    add(cast, "For Halden", customer=cast.customer)
    add(cast, "For the roll-out", engagement=cast.engagement)
    add(cast, "For Solberg", customer=cast.second_customer)
    customer = listed(csm, cast, f"?customer={cast.customer.pk}")
    assert "For Halden" in customer and "For the roll-out" in customer
    assert "For Solberg</a>" not in customer
    assert "For Halden</a>" not in listed(csm, cast, f"?engagement={cast.engagement.pk}")
    assert "For Solberg</a>" in listed(csm, cast, "?q=solb")
    assert listed(csm, cast, "?customer=x&page=-1&show=zzz")


def test_the_csv_is_what_the_list_shows(cast: Cast, csm: Client) -> None:
    add(cast, "=cmd", customer=cast.customer, due_date=WEDNESDAY)
    add(cast, "Not mine", owner=cast.manager)
    file = csm.get(cast.at("tasks.csv"))
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["task"], row["customer"], row["due"]) == ("'=cmd", "Halden", "2026-11-18")


def test_the_navigation_counts_what_is_due(cast: Cast, csm: Client) -> None:
    today = timezone.localdate(timezone=ZoneInfo("Europe/Oslo"))
    add(cast, due_date=today - timedelta(days=1))
    add(cast, due_date=today)
    add(cast, due_date=today + timedelta(days=2))
    assert '<b class="count">2<' in listed(csm, cast)


def test_the_list_costs_the_same_for_many_tasks(cast: Cast, csm: Client) -> None:
    add(cast, engagement=cast.engagement, due_date=WEDNESDAY)

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            Task.objects.bulk_create(
                Task(
                    title=str(number),
                    owner=cast.csm,
                    customer=cast.customer,
                    engagement=cast.engagement,
                )
                for number in range(1000)
            )

    assert_same_queries(csm, cast.at("tasks/"), grow)


def test_the_form_starts_with_what_the_page_was_about(cast: Cast, csm: Client) -> None:
    text = csm.get(cast.at(f"tasks/new/?engagement={cast.engagement.pk}")).content.decode()
    assert f'value="engagement:{cast.engagement.pk}" selected' in text
