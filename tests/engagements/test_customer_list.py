import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from engagements import operations, queries
from engagements.custom_fields import Field, Type
from engagements.models import Customer, SavedView, TimelineEntry
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.pages import assert_same_queries, error_beside, statuses

TIER = Field("tier", "Tier", Type.CHOICE, ("Gold", "Silver"))


def shape(query: str) -> queries.Shape:
    return queries.shape_of(QueryDict(query), (TIER,))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", ""),
        ("all=1&q=&csm=&page=3", ""),
        ("q=%20halden%20", "q=halden"),
        ("csm=me&kept=all&own%3Atier=Gold", "csm=me&kept=all&own%3Atier=Gold"),
        ("csm=Robert'); --", ""),
        ("renewal=31&phase=dance&sort=password&kept=x", ""),
        ("sort=-arr", "sort=-arr"),
        ("sort=-own:tier", "sort=-own%3Atier"),
        ("sort=own:secret", ""),
        ("own%3Asecret=1&unknown=2", ""),
        ("col=renewal&col=csm&col=own:tier&col=nothing", "col=csm&col=renewal&col=own%3Atier"),
        ("col=", "col="),
        ("q=a%00b", "q=ab"),
    ],
)
def test_an_address_keeps_what_makes_sense(asked: str, kept: str) -> None:
    assert shape(asked).query == kept
    assert shape(kept).query == kept


def test_a_heading_asked_again_sorts_the_other_way_round() -> None:
    assert shape("sort=seats").sorted_by("seats").query == "sort=-seats"
    assert shape("sort=-seats").sorted_by("seats").query == "sort=seats"
    assert shape("").at(3) == "page=3"
    assert shape("q=a").at(1) == "q=a"


def add(cast: Cast, name: str, **fields: Any) -> Customer:
    with tenant_scope(cast.tenant.pk):
        return make_customer(name.lower(), name=name, **fields)


def names(browser: Client, cast: Cast, query: str = "all=1") -> list[str]:
    page = browser.get(cast.at(f"customers/?{query}"))
    assert page.status_code == 200
    return [row.name for row in page.context["list"].rows]


def add_tier(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.add_custom_field(
            kind="customer",
            fields={"label": "Tier", "type": "choice", "choices": ["Gold", "Silver"]},
        )
        operations.add_custom_field(kind="customer", fields={"label": "Range", "type": "number"})
        operations.add_custom_field(kind="customer", fields={"label": "Contains", "type": "text"})


def test_filters_narrow_the_list(cast: Cast, csm: Client) -> None:
    add_tier(cast)
    day = timezone.localdate() + timedelta(days=20)
    marlow = add(
        cast,
        "Marlow",
        segment="Health",
        industry="Hospitals",
        renewal_date=day,
        custom={"tier": "Gold", "range": 7, "contains": "100 % sure"},
    )
    assert names(csm, cast) == ["Halden", "Marlow", "Solberg"]
    for query, found in (
        ("q=MARL", ["Marlow"]),
        ("q=solberg", ["Solberg"]),
        ("csm=me", ["Halden"]),
        ("csm=none", ["Marlow", "Solberg"]),
        (f"csm={cast.csm.pk}", ["Halden"]),
        ("segment=Health", ["Marlow"]),
        ("industry=Hospitals&q=x", []),
        ("phase=adopt", ["Halden", "Solberg"]),
        ("renewal=30", ["Marlow"]),
        ("own:tier=gold", ["Marlow"]),
        ("own:tier=Silver", []),
        ("own:range=7", ["Marlow"]),
        ("own:range=seven", []),
        ("own:contains=100 %25", ["Marlow"]),
        ("own:contains=100_%25", []),
        ("kept=archived", []),
    ):
        assert names(csm, cast, query) == found, query
    with tenant_scope(cast.tenant.pk):
        operations.archive_customer(customer=marlow, now=timezone.now())
    assert names(csm, cast, "kept=archived") == ["Marlow"]
    assert len(names(csm, cast, "kept=all")) == 3


def test_headings_sort_with_blanks_last(cast: Cast, csm: Client) -> None:
    add_tier(cast)
    add(
        cast,
        "Zeta",
        seats=9,
        custom={"range": 10, "contains": "b"},
        currency="USD",
        yearly_amount=5,
    )
    add(cast, "Alfa", seats=1000, custom={"range": 9, "contains": "a"}, yearly_amount=50)
    for query, first, last in (
        ("sort=name", "Alfa", "Zeta"),
        ("sort=-name", "Zeta", "Alfa"),
        ("sort=seats", "Zeta", "Alfa"),
        ("sort=-seats", "Alfa", "Zeta"),
        ("sort=own:range", "Alfa", "Solberg"),
        ("sort=-own:range", "Zeta", "Solberg"),
        ("sort=own:contains", "Alfa", "Solberg"),
        ("sort=-arr", "Alfa", "Solberg"),
        ("sort=renewal&csm=none", "Alfa", "Zeta"),
        ("sort=-csm", "Halden", "Zeta"),
    ):
        found = names(csm, cast, query)
        assert (found[0], found[-1]) == (first, last), query


def test_amounts_are_never_added_across_currencies(cast: Cast, csm: Client) -> None:
    add(cast, "One", yearly_amount=Decimal("100.50"))
    add(cast, "Two", yearly_amount=Decimal("200"))
    add(cast, "Three", currency="USD", yearly_amount=Decimal("7"))
    totals = csm.get(cast.at("customers/?all=1")).context["list"].totals
    assert {total.currency: (total.customers, total.amount) for total in totals} == {
        "EUR": (4, Decimal("300.50")),
        "USD": (1, Decimal("7")),
    }


def test_the_spreadsheet_is_the_same_view(cast: Cast, csm: Client) -> None:
    add_tier(cast)
    add(cast, "=Evil", custom={"tier": "Gold", "range": 2.5}, yearly_amount=Decimal("10"))
    answer = csm.get(cast.at("customers.csv?q=evil&col=arr&col=own:tier&col=own:range"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["external_id", "name", "yearly_amount", "currency", "own:tier", "own:range"],
        ["'=evil", "'=Evil", "10.00", "EUR", "Gold", "2.5"],
    ]
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="customers.exported").exists()


def test_the_list_costs_the_same_for_many(cast: Cast, csm: Client) -> None:
    add_tier(cast)
    with tenant_scope(cast.tenant.pk):
        operations.save_view(owner=cast.csm, query="csm=me", fields={"name": "Mine"})

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            rows = [
                Customer(
                    external_id=f"many-{number}",
                    name=f"Many {number}",
                    segment=f"Segment {number % 9}",
                    custom={"tier": "Gold", "range": number},
                    csm=cast.manager,
                )
                for number in range(1000)
            ]
            Customer.objects.bulk_create(rows)

    path = cast.at("customers/?csm=me&sort=-own:range&col=own:tier&col=phases&kept=all")
    assert_same_queries(csm, path, grow)
    page = csm.get(cast.at("customers/?all=1&page=21"))
    found = page.context["list"]
    assert (found.page, found.pages, len(found.rows), found.count) == (21, 21, 2, 1002)
    assert csm.get(cast.at("customers/?page=999")).context["list"].page == 21


def test_a_view_is_a_name_for_an_address(cast: Cast, csm: Client) -> None:
    form = {"name": "Mine", "query": "csm=me&unknown=1&page=2"}
    answer = csm.post(cast.at("customers/views/new/"), form)
    assert answer["Location"].endswith("customers/?csm=me")
    page = csm.get(answer["Location"])
    assert page.context["view"].name == "Mine"
    assert 'aria-current="true">Mine' in page.content.decode()
    again = csm.post(cast.at("customers/views/new/"), form | {"name": "mine"})
    assert "already" in error_beside(again, "name")


def view_of(cast: Cast, **fields: Any) -> SavedView:
    with tenant_scope(cast.tenant.pk):
        return operations.save_view(
            owner=cast.csm, query="csm=me", fields={"name": "Mine", **fields}
        )


def test_the_list_opens_with_ones_own_first_view(cast: Cast, csm: Client) -> None:
    view = view_of(cast)
    path = cast.at(f"customers/views/{view.pk}/")
    csm.post(path, {"name": "First", "opens_first": "on"})
    opened = csm.get(cast.at("customers/"))
    assert urlsplit(opened["Location"]).query == "csm=me"
    assert csm.get(cast.at("customers/?all=1")).status_code == 200
    manager = cast.browser(cast.manager)
    assert manager.get(cast.at("customers/")).status_code == 200
    csm.post(path, {"name": "First"})
    assert csm.get(cast.at("customers/")).status_code == 200


def test_a_view_is_deleted_and_comes_back(cast: Cast, csm: Client) -> None:
    view = view_of(cast)
    csm.post(cast.at(f"customers/views/{view.pk}/delete/"))
    assert csm.get(cast.at("customers/?all=1")).context["views"] == ()
    csm.post(cast.at(f"customers/views/{view.pk}/restore/"))
    assert [v.name for v in csm.get(cast.at("customers/?all=1")).context["views"]] == ["Mine"]
    csm.post(cast.at(f"customers/views/{view.pk}/delete/"))
    view_of(cast)
    csm.post(cast.at(f"customers/views/{view.pk}/restore/"))
    assert len(csm.get(cast.at("customers/?all=1")).context["views"]) == 1


def test_a_view_is_its_owners_unless_it_is_shared(cast: Cast, csm: Client) -> None:
    own, shared = view_of(cast), view_of(cast, name="All of ours", is_shared=True)
    browsers = {name: cast.browser(getattr(cast, name)) for name in ("admin", "manager", "lead")}
    stranger = cast.browser(cast.stranger)
    for view, seen in ((own, (404, 404, 403)), (shared, (200, 403, 403))):
        found = statuses(browsers, "get", cast.at(f"customers/views/{view.pk}/"))
        assert tuple(found.values()) == seen
        assert stranger.get(cast.at(f"customers/views/{view.pk}/")).status_code == 404
    links = browsers["manager"].get(cast.at("customers/?all=1")).context["views"]
    assert [(link.name, link.is_own, link.owner_name) for link in links] == [
        ("All of ours", False, "Csm")
    ]


def test_the_customers_side_has_no_list(cast: Cast, lead: Client) -> None:
    for path in ("customers/", "customers.csv", "customers/views/new/", "customers/duplicates/"):
        assert lead.get(cast.at(path)).status_code == 403


def test_what_looks_alike_is_found(cast: Cast, csm: Client) -> None:
    add(cast, "Halden GmbH & Co. KG")
    other = add(cast, "Northern Lights")
    with tenant_scope(cast.tenant.pk):
        operations.name_stakeholder(
            customer=cast.second_customer, name="Ann", email="ann@Solberg.no"
        )
        operations.name_stakeholder(customer=other, name="Bo", email="bo@solberg.no")
        operations.name_stakeholder(customer=other, name="Di", email="di@gmail.com")
        operations.name_stakeholder(customer=cast.customer, name="Ed", email="ed@gmail.com")
    page = csm.get(cast.at("customers/duplicates/"))
    found = [(g.reason, g.what, [c.name for c in g.customers]) for g in page.context["groups"]]
    assert found == [
        ("name", "halden", ["Halden", "Halden GmbH & Co. KG"]),
        ("domain", "solberg.no", ["Northern Lights", "Solberg"]),
    ]
    assert "duplicates/" in csm.get(cast.at("customers/?all=1")).content.decode()
    assert csm.get(cast.at("customers/duplicates.csv")).content.count(b"\n") == 5


def test_two_are_compared_merged_and_taken_apart_on_pages(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/merge/")
    assert "Solberg" in csm.get(f"{path}?q=solb").content.decode()
    page = csm.get(f"{path}?with={cast.second_customer.pk}")
    assert page.context["preview"].moving == 3
    done = csm.post(path, {"with": str(cast.second_customer.pk)}, follow=True)
    assert "Solberg is part of Halden now" in done.content.decode()
    (row,) = done.context["merges"]
    gone = csm.get(cast.at(f"customers/{cast.second_customer.pk}/")).content.decode()
    assert "Merged into" in gone
    csm.post(cast.at(f"customers/{cast.second_customer.pk}/archive/"))
    assert csm.post(path, {"with": str(cast.second_customer.pk)}).status_code == 200
    back = csm.post(cast.at(f"merges/{row.id}/undo/"), follow=True)
    assert "stands by itself again" in back.content.decode()
    again = csm.post(cast.at(f"merges/{row.id}/undo/"), follow=True)
    assert "undone already" in again.content.decode()


def test_a_merge_reaches_no_customer_of_others(cast: Cast, csm: Client, lead: Client) -> None:
    own = cast.at(f"customers/{cast.customer.pk}/merge/")
    for other in (cast.other_customer.pk, "nonsense"):
        assert csm.post(own, {"with": str(other)}).status_code == 404
    assert csm.get(cast.at(f"customers/{cast.other_customer.pk}/merge/")).status_code == 404
    assert lead.get(own).status_code == 403


def test_an_archived_engagement_leaves_the_lists_and_comes_back(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        make_engagement(cast.customer, "HALDEN-2", phase="sell")
    path = cast.at(f"engagements/{cast.engagement.pk}/archive/")
    csm.post(path)
    row = next(
        r for r in csm.get(cast.at("customers/?all=1")).context["list"].rows if r.name == "Halden"
    )
    assert row.phases == ("Sell",)
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/"))
    assert [h.key for h in page.context["engagements"]] == ["HALDEN-2"]
    assert [h.key for h in page.context["archived_engagements"]] == ["HALDEN-1"]
    shown = csm.get(cast.at(f"engagements/{cast.engagement.pk}/risks/")).content.decode()
    assert "Archived" in shown
    csm.post(path)
    csm.post(f"{path}?undo=1")
    with tenant_scope(cast.tenant.pk):
        kinds = list(TimelineEntry.objects.values_list("kind", flat=True))
    assert kinds.count("engagement.archived") == 1
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/"))
    assert len(page.context["engagements"]) == 2


def test_fields_are_made_moved_and_put_away_in_the_settings(cast: Cast, csm: Client) -> None:
    admin = cast.browser(cast.admin)
    assert csm.get(cast.at("settings/fields/")).status_code == 403
    for label in ("Tier", "Sites"):
        admin.post(cast.at("settings/fields/new/customer/"), {"label": label, "type": "text"})
    refused = admin.post(
        cast.at("settings/fields/new/customer/"), {"label": "Bad", "type": "choice", "choices": "x"}
    )
    assert "two different" in error_beside(refused, "choices")
    tier, sites = admin.get(cast.at("settings/fields/")).context["groups"][0][2]
    admin.post(cast.at(f"settings/fields/{sites.id}/move/"), {"to": "up"})
    moved = admin.get(cast.at("settings/fields/")).context["groups"][0][2]
    assert [row.label for row in moved] == ["Sites", "Tier"]
    admin.post(cast.at(f"settings/fields/{tier.id}/archive/"))
    rows = admin.get(cast.at("settings/fields/")).context["groups"][0][2]
    assert [(row.label, row.archived) for row in rows] == [("Sites", False), ("Tier", True)]
    admin.post(
        cast.at(f"settings/fields/{sites.id}/"),
        {"label": "Places", "key": "sites", "type": "number"},
    )
    assert b"own:sites" in admin.get(cast.at("settings/fields.csv")).content
