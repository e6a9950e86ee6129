"""Pages of adoption: every number opens the rows it counted, in words, tables and exports alike."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from engagements.models import Customer, EndUser
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import MOST_QUERIES, assert_same_queries, queries_of
from tests.usage.adopted import LAST, adopt
from usage.queries import Asked, get_adoption, get_adoption_days, get_subject

SECTIONS = ("", "licences/", "first-value/", "habit/", "features/", "cohorts/", "first-weeks/")
COUNTED = re.compile(r'<a class="counted" href="([^"]+)">([^<]+)</a>')
LISTED = re.compile(r'<b id="counted-people">(\w+)')


@pytest.fixture
def used(cast: Cast) -> Cast:
    adopt(cast)
    return cast


def tab(cast: Cast, section: str = "") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/usage/{section}")


def number_in(text: str) -> int:
    """The count in words such as `12`, `3 so far` or `One person`."""
    first = text.split()[0].replace("\u202f", "").replace(",", "")
    return 1 if first == "One" else int(first)


def linked(page: str) -> dict[str, str]:
    return {unescape(address): unescape(text) for address, text in COUNTED.findall(page)}


def one_of_each(page: str) -> list[tuple[str, str]]:
    """The first and the last link of each kind of number."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for address, text in linked(page).items():
        kind = re.split(r"%3A|&", address.partition("counted=")[2])[0]
        kinds.setdefault(kind, []).append((address, text))
    return [link for links in kinds.values() for link in {links[0]: 1, links[-1]: 1}]


def test_every_number_opens_as_many_people_as_it_says(used: Cast, csm: Client) -> None:
    for section in SECTIONS:
        links = one_of_each(csm.get(tab(used, section)).content.decode())
        assert links, section
        for address, text in links:
            people = csm.get(address)
            listed = LISTED.search(people.content.decode())
            assert listed is not None
            assert number_in(listed[1]) == number_in(text), address
            assert len(people.context["listed"].rows) == number_in(text), address


def test_user_days_are_the_active_days_of_the_list_behind_them(used: Cast, csm: Client) -> None:
    page = csm.get(tab(used), {"weekends": "on"}).content.decode()
    ((address, text),) = re.findall(r'<a class="summed" href="([^"]+)">(\d+)</a>', page)
    listed = csm.get(unescape(address)).context["listed"].rows
    assert sum(row.active_days for row in listed) == int(text) > 0
    assert 'class="summed"' not in csm.get(tab(used), {"weekends": "off"}).content.decode()


def test_the_numbers_of_every_customer_open_whom_they_counted(used: Cast, csm: Client) -> None:
    page = csm.get(used.at("usage/"))
    row = page.context["use"].rows[0]
    own = used.at(f"customers/{used.customer.pk}/usage/in-full/people/")
    said = {f"{own}?counted={key}": getattr(row, key) for key in ("mau", "wau", "dau")}
    said[f"{own}?counted=habitual"] = row.habitual
    said[f"{own}?counted=mau&last={row.peak_day}"] = row.peak
    links = {unescape(address) for address in re.findall(r'href="([^"]+)"', page.content.decode())}
    for address, count in said.items():
        assert address in links
        assert len(csm.get(address).context["listed"].rows) == count, address
    assert len(csm.get(used.at("usage/?only=seen")).context["use"].rows) == page.context["use"].seen


def test_days_of_adoption_say_the_breadth_the_page_says(used: Cast, csm: Client) -> None:
    with tenant_scope(used.tenant.pk):
        whose = get_subject(customer=used.customer, engagement=used.engagement)
        span = {"customer_id": used.customer.pk, "first": LAST - timedelta(days=20), "last": LAST}
        days = get_adoption_days(**span, breadth_of=whose)
        for one in (days[0], days[10], days[-1]):
            asked = Asked(one.day, one.day, with_weekends=True)
            page = get_adoption(subject=whose, asked=asked).breadth
            assert (one.broad, one.intended) == (len(page.adopted), len(page.intended))
        assert days[-1].intended
        assert {one.breadth for one in get_adoption_days(**span)} == {None}


def test_a_group_narrows_page_and_list_alike(used: Cast, csm: Client) -> None:
    page = csm.get(tab(used)).context["groups"]
    office = next(key for key, name in page if name == "Office")
    for section in ("", "habit/", "features/"):
        shown = csm.get(tab(used, section), {"group": office, "weekends": "off"})
        for address, text in one_of_each(shown.content.decode()):
            assert f"group={office}" in address
            listed = csm.get(address).context["listed"].rows
            assert len(listed) == number_in(text), address
            assert {row.group for row in listed} <= {"Office"}


def test_an_earlier_day_is_shown_as_it_stood(used: Cast, csm: Client) -> None:
    earlier = "2026-10-25"
    response = csm.get(tab(used), {"last": earlier})
    assert str(response.context["story"].day) == earlier
    assert "As it stood on" in response.content.decode()
    people = csm.get(tab(used, "people/"), {"last": earlier, "counted": "mau"})
    assert len(people.context["listed"].rows) == response.context["story"].mau


def test_events_are_those_the_day_was_counted_from(used: Cast, csm: Client) -> None:
    page = csm.get(tab(used)).content.decode()
    address, text = re.findall(r'<a class="happened" href="([^"]+)">(\d+)</a>', page)[0]
    found = csm.get(unescape(address)).context["events"]
    assert found.count == len(found.rows) == int(text) > 0
    person = next(row for row in found.rows if row.person == "Ann")
    own = csm.get(tab(used, f"people/{person.end_user_id}/"))
    day = own.context["person"].days[0]
    one = csm.get(tab(used, "events/"), {"day": str(day.day), "who": person.end_user_id})
    assert one.context["events"].count == day.events == 2
    assert dict(day.features) == {"Orders": 1, "Reports": 1}


def test_people_are_found_sorted_and_exported(used: Cast, csm: Client) -> None:
    listed = csm.get(tab(used, "people/"), {"sort": "-active"}).context["listed"].rows
    assert listed[0].label == "Ann"
    assert {row.label for row in listed} >= {"gus", "Off", "New"}
    found = csm.get(tab(used, "people/"), {"q": "an", "standing": "active"})
    assert [row.label for row in found.context["listed"].rows] == ["Ann", "Dan"]
    text = csm.get(
        tab(used).rstrip("/") + ".csv", {"of": "people", "counted": "idle"}
    ).content.decode("utf-8-sig")
    idle = csm.get(tab(used, "people/"), {"counted": "idle"}).context["listed"].rows
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["external_id"] for row in rows) == sorted(row.external_id for row in idle)


def test_each_table_leaves_as_a_spreadsheet(used: Cast, csm: Client) -> None:
    whole = tab(used).rstrip("/") + ".csv"
    for section in SECTIONS:
        for part in csm.get(tab(used, section)).context.get("parts", []):
            response = csm.get(whole, {"of": part.table})
            rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
            assert len(rows) > 1, part.table
    assert csm.get(whole, {"of": "nothing"}).status_code == 404
    licences = csm.get(whole, {"of": "licences"}).content.decode("utf-8-sig").splitlines()
    assert licences[-1] == f"{LAST},100,11,6"


def test_a_number_nobody_knows_is_not_found(used: Cast, csm: Client) -> None:
    for key in ("nonsense", "tried:Nothing", "on-days:x", "classic:week/2026-01-05/3"):
        assert csm.get(tab(used, "people/"), {"counted": key}).status_code == 404, key


def test_the_customer_has_the_same_pages_by_itself(used: Cast, csm: Client) -> None:
    for section in ("", "licences/", "habit/", "people/"):
        of_engagement = csm.get(tab(used, section))
        by_itself = csm.get(used.at(f"customers/{used.customer.pk}/usage/in-full/{section}"))
        assert by_itself.status_code == 200
        for key in ("tiles", "parts"):
            if key in of_engagement.context:
                own, other = (r.context[key] for r in (of_engagement, by_itself))
                assert repr(own) == repr(other)


def test_without_a_roster_pages_say_whom_they_count_among(cast: Cast, csm: Client) -> None:
    adopt(cast)
    bare = cast.at(f"customers/{cast.second_customer.pk}/usage/in-full/habit/")
    assert "Nobody has been seen here yet" in csm.get(bare).content.decode()


def test_pages_ask_few_questions(used: Cast, csm: Client) -> None:
    for section in (*SECTIONS, "people/", "events/"):
        queries_of(csm, tab(used, section))
        assert queries_of(csm, tab(used, section)) <= MOST_QUERIES, section


def test_a_thousand_people_cost_as_many_questions_as_twelve(used: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(used.tenant.pk):
            EndUser.objects.bulk_create(
                EndUser(customer=used.customer, external_id=f"more-{n:04}") for n in range(1000)
            )

    assert_same_queries(csm, tab(used, "people/"), grow)
    assert len(csm.get(tab(used, "people/"), {"standing": "never"}).context["rows"]) == 50


def test_the_customer_side_sees_its_own_people_only(used: Cast, lead: Client) -> None:
    assert lead.get(tab(used, "people/")).status_code == 200
    happened = lead.get(tab(used, "events/")).context["events"]
    assert happened.count == len(happened.rows) == 5
    other = used.at(f"engagements/{used.second_engagement.pk}/usage/people/")
    assert lead.get(other).status_code == 404


def test_the_api_gives_the_figures_of_the_pages_and_their_people(used: Cast, csm: Client) -> None:
    whole = {"engagement": str(used.engagement.pk)}
    base = used.at(f"api/v1/customers/{used.customer.pk}/")
    answer = csm.get(f"{base}figures/", whole).json()
    figures = {one["name"]: one for one in answer["figures"]}
    assert answer["day"] == str(LAST)
    page = csm.get(tab(used)).context["story"]
    assert figures["active_in_window"]["count"] == page.mau
    for one in figures.values():
        for key, size in ((one["key"], one["count"]), (one["of_key"], one["of"])):
            if key:
                people = csm.get(f"{base}users/", whole | {"counted": key}).json()
                assert len(people) == size, one["name"]
    assert csm.get(f"{base}users/", {"counted": "nothing"}).status_code == 400
    assert csm.get(f"{base}figures/", {"last": "someday"}).status_code == 400


def test_first_value_is_agreed_and_counted_by(used: Cast, csm: Client, lead: Client) -> None:
    address = tab(used, "first-value/agreed/")
    assert lead.get(address).status_code == 403
    offered = csm.get(address).context["form"].fields["feature"].choices
    assert [value for value, _words in offered] == ["", "Chat", "Orders", "Photos", "Reports"]
    fields = {"feature": "Reports", "uses": 2, "within_days": 30, "start": "access"}
    assert csm.post(address, fields).status_code == 302
    page = csm.get(tab(used, "first-value/"))
    assert "First value is Reports used 2 times, within 30 days of access." in unescape(
        page.content.decode()
    )
    waiting = csm.get(tab(used, "people/"), {"counted": "waiting"}).context["listed"].rows
    assert {"Dan", "Bob"} <= {row.label for row in waiting}
    assert csm.post(address, fields | {"uses": 0}).status_code == 200


def test_rules_are_changed_by_those_who_may(cast: Cast, csm: Client) -> None:
    address = cast.at("usage/rules/")
    assert csm.get(address).status_code == 403
    admin = cast.browser(cast.admin)
    fields = dict(admin.get(address).context["form"].initial) | {"deep_days": 12}
    assert admin.post(address, fields).status_code == 302
    assert "Version 1" in admin.get(address).content.decode()
    refused = admin.post(address, fields | {"deep_days": 60})
    assert "The window has only 28 days." in refused.content.decode()


def test_every_customer_has_a_line_that_sorts_and_narrows(used: Cast, csm: Client) -> None:
    address = used.at("usage/")
    rows = csm.get(address).context["use"].rows
    assert [(row.name, row.mau, row.seats) for row in rows] == [
        ("Halden", 6, 100),
        ("Solberg", None, 100),
    ]
    assert [row.name for row in csm.get(address, {"only": "unseen"}).context["use"].rows] == [
        "Solberg"
    ]
    text = csm.get(used.at("usage/overview.csv")).content.decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(text)))
    assert (first["customer"], first["mau"], first["peak_26_weeks"]) == ("halden", "6", "6")


def test_the_list_of_customers_costs_the_same_for_many(used: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(used.tenant.pk):
            Customer.objects.bulk_create(
                Customer(external_id=f"c{n}", name=f"Customer {n}", time_zone="UTC")
                for n in range(300)
            )

    assert_same_queries(csm, used.at("usage/"), grow)
