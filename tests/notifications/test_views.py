"""The inbox: one's own, as the address says, read and taken back."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from notifications.models import Notification
from notifications.operations import choose_mail, notify, prune
from notifications.queries import PAGE_SIZE
from people.models import User
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries

FRAGMENT = {"HX-Request": "true", "HX-Target": "inbox"}


def tell(cast: Cast, *people: User, **changed: Any) -> Notification:
    values = {"kind": "import.finished", "text": "It is read.", "url": "/w/acme/usage/", "key": "k"}
    with tenant_scope(cast.tenant.pk):
        notify(recipients=people, **(values | changed))
        return Notification.objects.filter(user=people[0]).latest("pk")


def tell_many(cast: Cast, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        tell(cast, cast.csm, key=f"n{number}", text=f"Number {number}.")


def texts(response: Any) -> list[str]:
    return [row.text for row in response.context["inbox"].rows]


def unread(cast: Cast, user: User) -> int:
    with tenant_scope(cast.tenant.pk):
        return Notification.objects.filter(user=user, read_at=None).count()


def test_everybody_reads_their_own(cast: Cast) -> None:
    tell(cast, cast.csm, text="For the CSM.")
    tell(cast, cast.lead, text="For the lead.", customer_id=cast.customer.pk)
    path = cast.at("inbox/")
    assert texts(cast.browser(cast.csm).get(path)) == ["For the CSM."]
    assert texts(cast.browser(cast.lead).get(path)) == ["For the lead."]
    assert texts(cast.browser(cast.admin).get(path)) == []
    assert "stand here" in cast.browser(cast.admin).get(path).content.decode()


def test_the_bell_counts_on_every_page(cast: Cast, csm: Client) -> None:
    assert "Inbox, nothing unread" in csm.get(cast.at("")).content.decode()
    tell_many(cast, 3)
    page = csm.get(cast.at("")).content.decode()
    assert "Inbox, 3 unread" in page
    assert re.search(r'id="bell".*?<b aria-hidden="true">3</b>', page, re.S)


def test_newest_first_a_page_at_a_time(cast: Cast, csm: Client) -> None:
    tell_many(cast, PAGE_SIZE + 5)
    first = csm.get(cast.at("inbox/"))
    assert texts(first) == [f"Number {n}." for n in range(PAGE_SIZE + 4, 4, -1)]
    second = csm.get(cast.at("inbox/") + "?" + first.context["older"])
    assert texts(second) == [f"Number {n}." for n in range(4, -1, -1)]
    assert second.context["older"] == ""


def test_filters_stand_in_the_address(cast: Cast, csm: Client) -> None:
    tell(cast, cast.csm, key="a", text="A.")
    late = tell(cast, cast.csm, key="b", text="B.", kind="plan.late")
    csm.post(cast.at(f"inbox/{late.pk}/read/"))
    for query, found in (
        ("?show=unread", ["A."]),
        ("", ["B.", "A."]),
        ("?show=unread&kind=plan.late", []),
        ("?kind=plan.late", ["B."]),
        ("?kind=nonsense&before=nonsense&tab=nonsense&kind=%00", ["B.", "A."]),
    ):
        assert texts(csm.get(cast.at(f"inbox/{query}"))) == found
    chips = csm.get(cast.at("inbox/")).context["chips"]
    assert [(chip["label"], chip["count"]) for chip in chips] == [
        ("All", 2),
        ("Unread", 1),
        ("Files read", 1),
        ("Plans running late", 1),
    ]


def test_following_one_reads_it_and_leads_there(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm, url="/w/acme/usage/?x=1")
    response = csm.get(cast.at(f"inbox/{row.pk}/"))
    assert (response.status_code, response["Location"]) == (302, "/w/acme/usage/?x=1")
    assert unread(cast, cast.csm) == 0


def test_it_leads_there_under_a_new_short_name_too(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm)
    Tenant.objects.filter(pk=cast.tenant.pk).update(slug="renamed")
    response = csm.get(f"/w/renamed/inbox/{row.pk}/")
    assert response["Location"] == "/w/renamed/usage/"


def test_marking_answers_with_the_list_and_the_bell(cast: Cast, csm: Client) -> None:
    tell_many(cast, 2)
    row = tell(cast, cast.csm, key="one", text="The one.")
    response = csm.post(cast.at(f"inbox/{row.pk}/read/?show=unread"), headers=FRAGMENT)
    page = response.content.decode()
    assert "<html" not in page and "The one." not in page
    assert re.search(r'id="bell".*?hx-swap-oob="true".*?Inbox, 2 unread', page, re.S)
    undo = cast.at(f"inbox/{row.pk}/unread/")
    assert undo in response["HX-Trigger"]
    csm.post(undo)
    assert unread(cast, cast.csm) == 3


def test_marking_all_is_taken_back_exactly(cast: Cast, csm: Client) -> None:
    tell_many(cast, 3)
    early = tell(cast, cast.csm, key="early")
    csm.post(cast.at(f"inbox/{early.pk}/read/"))
    response = csm.post(cast.at("inbox/read/?show=unread"), follow=True)
    assert response.redirect_chain == [(cast.at("inbox/?show=unread"), 302)]
    assert unread(cast, cast.csm) == 0
    (undo,) = re.findall(r'action="(/w/acme/inbox/unread/[^"]+)"', response.content.decode())
    csm.post(undo.replace("&amp;", "&"))
    assert unread(cast, cast.csm) == 3


@pytest.mark.parametrize("at", ["", "x", "2026-11-18", "2026-99-18T10:00:00Z", "2026-11-18T10:00"])
def test_a_moment_that_is_none_takes_nothing_back(cast: Cast, csm: Client, at: str) -> None:
    tell_many(cast, 1)
    csm.post(cast.at("inbox/read/"))
    assert csm.post(cast.at(f"inbox/unread/?at={quote(at)}")).status_code == 302
    assert unread(cast, cast.csm) == 0


def test_somebody_elses_is_not_there(cast: Cast) -> None:
    row = tell(cast, cast.csm)
    admin = cast.browser(cast.admin)
    assert admin.get(cast.at(f"inbox/{row.pk}/")).status_code == 404
    for act in ("read", "unread"):
        assert admin.post(cast.at(f"inbox/{row.pk}/{act}/")).status_code == 404
    admin.post(cast.at("inbox/read/"))
    assert unread(cast, cast.csm) == 1


def test_the_file_holds_the_same_rows(cast: Cast, csm: Client) -> None:
    tell(cast, cast.csm, key="a", text="=A1")
    tell(cast, cast.csm, key="b", text="B.", kind="plan.late")
    response = csm.get(cast.at("inbox/export.csv?kind=import.finished"))
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["text"], row["kind"], row["read_at"]) == ("'=A1", "import.finished", "")


def test_more_of_them_cost_no_more_queries(cast: Cast, csm: Client) -> None:
    tell_many(cast, 1)
    assert_same_queries(csm, cast.at("inbox/"), lambda: tell_many(cast, 6, start=10))


def test_done_leaves_the_list_and_can_be_put_back(cast: Cast, csm: Client) -> None:
    tell_many(cast, 2)
    row = tell(cast, cast.csm, key="one", text="The one.")
    response = csm.post(cast.at(f"inbox/{row.pk}/done/"), headers=FRAGMENT)
    assert "The one." not in response.content.decode()
    assert re.search(r'id="bell".*?Inbox, 2 unread', response.content.decode(), re.S)
    assert texts(csm.get(cast.at("inbox/?tab=done"))) == ["The one."]
    undo = cast.at(f"inbox/{row.pk}/back/")
    assert undo in response["HX-Trigger"]
    csm.post(undo)
    assert unread(cast, cast.csm) == 3
    assert texts(csm.get(cast.at("inbox/"))) == ["The one.", "Number 1.", "Number 0."]


def test_what_was_read_before_is_read_when_it_is_back(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm)
    csm.post(cast.at(f"inbox/{row.pk}/read/"))
    csm.post(cast.at(f"inbox/{row.pk}/done/"))
    csm.post(cast.at(f"inbox/{row.pk}/back/"))
    assert unread(cast, cast.csm) == 0


def test_all_done_is_taken_back_exactly(cast: Cast, csm: Client) -> None:
    tell_many(cast, 3)
    early, read = tell(cast, cast.csm, key="early"), tell(cast, cast.csm, key="read")
    csm.post(cast.at(f"inbox/{early.pk}/done/"))
    csm.post(cast.at(f"inbox/{read.pk}/read/"))
    response = csm.post(cast.at("inbox/done/"), follow=True)
    assert texts(csm.get(cast.at("inbox/"))) == []
    assert "4 are done." in response.content.decode()
    (undo,) = re.findall(r'action="(/w/acme/inbox/back/[^"]+)"', response.content.decode())
    csm.post(undo.replace("&amp;", "&"))
    assert unread(cast, cast.csm) == 3
    assert len(texts(csm.get(cast.at("inbox/")))) == 4
    assert len(texts(csm.get(cast.at("inbox/?tab=done")))) == 1


def later(cast: Cast, row: Notification, moment: datetime) -> None:
    """Lets time pass, by moving the moment instead."""
    with tenant_scope(cast.tenant.pk):
        Notification.objects.filter(pk=row.pk).update(snoozed_until=moment)


def test_put_off_it_comes_back_unread_and_first_by_itself(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm, key="one", text="The one.")
    tell_many(cast, 2)
    csm.post(cast.at(f"inbox/{row.pk}/read/"))
    response = csm.post(cast.at(f"inbox/{row.pk}/snooze/"), {"until": "tomorrow"}, headers=FRAGMENT)
    assert texts(response) == ["Number 1.", "Number 0."]
    assert "Inbox, 2 unread" in response.content.decode()
    assert texts(csm.get(cast.at("inbox/?tab=snoozed"))) == ["The one."]
    later(cast, row, datetime.now(UTC))
    page = csm.get(cast.at("inbox/"))
    assert texts(page) == ["The one.", "Number 1.", "Number 0."]
    assert "back since" in page.content.decode() and "Inbox, 3 unread" in page.content.decode()


def test_taking_a_snooze_back_leaves_it_as_it_was(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm)
    csm.post(cast.at(f"inbox/{row.pk}/read/"))
    response = csm.post(cast.at(f"inbox/{row.pk}/snooze/"), {"until": "monday"}, follow=True)
    (undo,) = re.findall(r'action="(/w/acme/inbox/[^"]+/wake/[^"]*)"', response.content.decode())
    csm.post(undo.replace("&amp;", "&"))
    with tenant_scope(cast.tenant.pk):
        again = Notification.objects.get()
    assert again.read_at is not None and again.snoozed_until is None


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"until": "never"},
        {"until": "chosen"},
        {"until": "chosen", "at": "yesterday"},
        {"until": "chosen", "at": "2001-01-01T10:00"},
        {"until": "chosen", "at": "\x00"},
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_words(
    cast: Cast, csm: Client, asked: dict[str, str]
) -> None:
    row = tell(cast, cast.csm)
    response = csm.post(cast.at(f"inbox/{row.pk}/snooze/"), asked, follow=True)
    assert "Choose a moment ahead" in response.content.decode()
    assert texts(response) == ["It is read."]


def test_a_chosen_moment_is_one_of_the_persons_clock(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm)
    choose_mail(user=cast.csm, fields={"time_zone": "America/New_York"})
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    csm.post(cast.at(f"inbox/{row.pk}/snooze/"), {"until": "chosen", "at": f"{day}T09:30"})
    with tenant_scope(cast.tenant.pk):
        until = Notification.objects.get().snoozed_until
    assert until is not None
    assert until.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None) == datetime.fromisoformat(f"{day}T09:30")  # fmt: skip
    assert "9:30" in csm.get(cast.at("inbox/?tab=snoozed")).content.decode()


def test_by_customer(cast: Cast, csm: Client) -> None:
    for number, customer in enumerate((cast.second_customer, cast.customer, None)):
        tell(
            cast,
            cast.csm,
            key=f"n{number}",
            text=f"Number {number}.",
            customer_id=customer.pk if customer else None,
        )
    page = csm.get(cast.at("inbox/?by=customer"))
    found = [(each.name, len(each.rows)) for each in page.context["inbox"].chapters]
    assert found == [("Halden", 1), ("Solberg", 1), ("", 1)]
    assert "About no customer" in page.content.decode()


def test_somebody_elses_can_neither_be_done_nor_put_off(cast: Cast) -> None:
    row = tell(cast, cast.csm)
    admin = cast.browser(cast.admin)
    for act in ("done", "back", "snooze", "wake"):
        assert admin.post(cast.at(f"inbox/{row.pk}/{act}/"), {"until": "week"}).status_code == 404
    admin.post(cast.at("inbox/done/"))
    assert unread(cast, cast.csm) == 1


@pytest.mark.parametrize("tab", ["open", "snoozed", "done"])
def test_each_tab_pages_to_its_end(cast: Cast, csm: Client, tab: str) -> None:
    tell_many(cast, PAGE_SIZE + 3)
    now = datetime.now(UTC)
    fields = {"snoozed": {"snoozed_until": now + timedelta(days=1)}, "done": {"done_at": now, "read_at": now}}  # fmt: skip
    with tenant_scope(cast.tenant.pk):
        Notification.objects.update(**fields.get(tab, {}))
    first = csm.get(cast.at(f"inbox/?tab={tab}"))
    second = csm.get(cast.at("inbox/") + "?" + first.context["older"])
    seen = texts(first) + texts(second)
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 3


@pytest.mark.parametrize("query", ["", "?by=customer", "?tab=done"])
def test_a_thousand_cost_what_ten_cost(cast: Cast, csm: Client, query: str) -> None:
    def add(count: int, start: int) -> None:
        now = datetime.now(UTC) if "done" in query else None
        with tenant_scope(cast.tenant.pk):
            Notification.objects.bulk_create(
                Notification(
                    user=cast.csm,
                    kind="plan.late",
                    text=f"Number {n}.",
                    url="/w/acme/",
                    key=f"n{n}",
                    customer_id=cast.customer.pk,
                    read_at=now,
                    done_at=now,
                )
                for n in range(start, start + count)
            )

    add(10, 0)
    assert_same_queries(csm, cast.at(f"inbox/{query}"), lambda: add(990, 10))


def test_the_file_says_what_became_of_them(cast: Cast, csm: Client) -> None:
    row = tell(cast, cast.csm, customer_id=cast.customer.pk)
    csm.post(cast.at(f"inbox/{row.pk}/done/"))
    response = csm.get(cast.at("inbox/export.csv?tab=done"))
    (found,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert found["customer"] == "Halden" and found["done_at"]
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.latest("seq").action == "inbox.exported"


def test_the_night_forgets_what_has_long_been_done(cast: Cast) -> None:
    now = datetime.now(UTC)
    old, young, unfinished = (tell(cast, cast.csm, key=key) for key in ("old", "young", "open"))
    with tenant_scope(cast.tenant.pk):
        for row, days in ((old, 91), (young, 89)):
            done = now - timedelta(days=days)
            Notification.objects.filter(pk=row.pk).update(done_at=done, read_at=done)
        Notification.objects.filter(pk=unfinished.pk).update(created_at=now - timedelta(days=500))
        prune(business_date=now.date(), now=now)
        assert set(Notification.objects.values_list("key", flat=True)) == {"young", "open"}
