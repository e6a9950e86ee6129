"""The inbox: one's own, as the address says, read and taken back."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from notifications.models import Notification
from notifications.operations import notify
from notifications.queries import PAGE_SIZE
from people.models import User
from tenancy.models import Tenant
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
        ("", ["A."]),
        ("?show=all", ["B.", "A."]),
        ("?kind=plan.late", []),
        ("?show=all&kind=plan.late", ["B."]),
        ("?kind=nonsense&before=nonsense", []),
    ):
        assert texts(csm.get(cast.at(f"inbox/{query}"))) == found
    chips = csm.get(cast.at("inbox/?show=all")).context["chips"]
    assert [(chip["label"], chip["count"]) for chip in chips] == [
        ("Unread", 1),
        ("All", 2),
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
    response = csm.post(cast.at(f"inbox/{row.pk}/read/"), headers=FRAGMENT)
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
    response = csm.post(cast.at("inbox/read/?show=all"), follow=True)
    assert response.redirect_chain == [(cast.at("inbox/?show=all"), 302)]
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
