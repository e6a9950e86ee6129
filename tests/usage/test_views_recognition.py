"""The page on which somebody says whom senders mean."""

import csv
import io

import pytest
from django.test import Client

from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer
from tests.pages import assert_same_queries, error_beside
from tests.usage.stage import make_event, make_source, receive
from usage.models import Domain, Event, Exclusion, GroupName


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


@pytest.fixture
def waiting(cast: Cast) -> Cast:
    """Three events of one unknown group and one of another."""
    with tenant_scope(cast.tenant.pk):
        events = [make_event(f"m{n}", f"p{n % 2}", group_id="hld-eu") for n in range(3)]
        receive(make_source(), [*events, make_event("x", group_id="=cmd()")])
    return cast


def test_what_waits_is_attached_and_comes_in(waiting: Cast, admin: Client) -> None:
    path = waiting.at("usage/recognition/")
    groups = admin.get(path).context["waiting"].groups
    assert [(g.said, g.events, g.people) for g in groups] == [("hld-eu", 3, 2), ("=cmd()", 1, 1)]
    posted = {"said": "hld-eu", "customer": "halden"}
    new = waiting.at("usage/recognition/groups/new/")
    assert 'value="hld-eu"' in admin.get(f"{new}?group=hld-eu").content.decode()
    page = admin.post(new, posted, follow=True)
    assert "3 events came in." in page.content.decode()
    assert "stands for a customer already" in error_beside(admin.post(new, posted), "said")
    with tenant_scope(waiting.tenant.pk):
        assert Event.objects.filter(customer=waiting.customer).count() == 3
        name = GroupName.objects.get()
    admin.post(waiting.at(f"usage/recognition/groups/{name.pk}/detach/"))
    with tenant_scope(waiting.tenant.pk):
        assert not GroupName.objects.exists()


def test_a_customer_is_named_by_its_id_or_its_whole_name(cast: Cast, admin: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        make_customer("twin-1", name="Twin")
        make_customer("twin-2", name="Twin")
    new = cast.at("usage/recognition/domains/new/")
    for customer, why in (("nobody", "No customer is called"), ("twin", "Several customers")):
        refused = admin.post(new, {"name": "halden.example", "customer": customer})
        assert why in error_beside(refused, "customer")
    refused = admin.post(new, {"name": "no domain", "customer": "Halden"})
    assert "such as halden.example" in error_beside(refused, "name")
    admin.post(new, {"name": "kim@Halden.Example", "customer": "hAlDeN"})
    with tenant_scope(cast.tenant.pk):
        row = Domain.objects.get()
        assert (row.name, row.customer_id) == ("halden.example", cast.customer.pk)
    admin.post(cast.at(f"usage/recognition/domains/{row.pk}/remove/"))
    with tenant_scope(cast.tenant.pk):
        assert not Domain.objects.exists()


def test_somebody_is_left_out_and_counted_again(cast: Cast, admin: Client) -> None:
    new = cast.at("usage/recognition/left-out/new/")
    posted = {"kind": "domain", "pattern": "vendor.example", "reason": "Our own"}
    admin.post(new, posted)
    assert "left out already" in error_beside(admin.post(new, posted), "pattern")
    with tenant_scope(cast.tenant.pk):
        row = Exclusion.objects.get()
    assert "@vendor.example" in admin.get(cast.at("usage/recognition/")).content.decode()
    admin.post(cast.at(f"usage/recognition/left-out/{row.pk}/count/"))
    with tenant_scope(cast.tenant.pk):
        assert not Exclusion.objects.exists()


def test_what_waits_leaves_as_csv_without_formulas(waiting: Cast, admin: Client) -> None:
    text = admin.get(waiting.at("usage/recognition/put-aside.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    assert {row["group"] for row in rows} == {"hld-eu", "'=cmd()"}


def test_many_groups_cost_no_more_queries(waiting: Cast, admin: Client) -> None:
    path = waiting.at("usage/recognition/")

    def more() -> None:
        with tenant_scope(waiting.tenant.pk):
            events = [make_event(f"g{n}", group_id=f"group {n}") for n in range(300)]
            receive(make_source("more"), events)

    assert_same_queries(admin, path, more)


def test_it_is_for_those_who_manage_sources(cast: Cast, csm: Client, stranger: Client) -> None:
    for path in ("", "groups/new/", "domains/new/", "left-out/new/", "put-aside.csv"):
        assert csm.get(cast.at(f"usage/recognition/{path}")).status_code == 403
        assert stranger.get(cast.at(f"usage/recognition/{path}")).status_code == 404
