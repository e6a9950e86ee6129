from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements import operations
from engagements.models import Customer, Engagement, LicenceSeats
from people.models import User
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.incoming import bring_in
from tests.pages import assert_same_queries, error_beside, statuses

NEW_CUSTOMER = {
    "name": "Brightwater",
    "external_id": "brightwater",
    "time_zone": "Europe/Dublin",
    "segment": "Enterprise",
    "seats": "120",
    "renewal_date": "2027-05-01",
}
NEW_ENGAGEMENT = {
    "name": "Outage desk",
    "key": "bright-1",
    "phase": "implement",
    "lead_name": "Jonas Eide",
    "lead_email": "jonas@example.org",
    "start_date": "2026-06-01",
    "go_live_date": "2026-09-01",
    "hypercare_end_date": "2026-10-01",
    "sign_off_date": "2026-12-01",
}


def customers(cast: Cast) -> dict[str, Customer]:
    with tenant_scope(cast.tenant.pk):
        return {row.external_id: row for row in Customer.objects.select_related("csm")}


def engagements(cast: Cast) -> dict[str, Engagement]:
    with tenant_scope(cast.tenant.pk):
        return {row.key: row for row in Engagement.objects.select_related("lead", "customer")}


def seats(cast: Cast, customer: Customer) -> list[tuple[date, int]]:
    with tenant_scope(cast.tenant.pk):
        rows = LicenceSeats.objects.filter(customer=customer)
        return [(row.from_date, row.seats) for row in rows]


def editing(customer: Customer, **changes: str) -> dict[str, str]:
    return {
        "name": customer.name,
        "external_id": customer.external_id,
        "time_zone": customer.time_zone,
    } | changes


def test_a_customer_is_added_and_shown(cast: Cast, csm: Client) -> None:
    page = csm.post(cast.at("customers/new/"), NEW_CUSTOMER | {"csm": cast.csm.pk}, follow=True)
    text = page.content.decode()
    assert "Brightwater is in your book." in text
    made = customers(cast)["brightwater"]
    assert page.redirect_chain == [(cast.at(f"customers/{made.pk}/"), 302)]
    assert (made.csm, made.renewal_date) == (cast.csm, date(2027, 5, 1))
    there = timezone.localdate(timezone=made.zone)
    assert seats(cast, made) == [(there, 120)]
    for word in ("Brightwater", "Enterprise", "Europe/Dublin", "120", "No engagement yet"):
        assert word in text


def test_the_form_starts_with_what_is_likely(cast: Cast, csm: Client) -> None:
    form = csm.get(cast.at("customers/new/")).context["form"]
    likely = {"time_zone": "Europe/Oslo", "csm": cast.csm.pk, "currency": "EUR"}
    assert form.initial == likely | {"holidays": "", "week": []}
    assert {str(person) for _value, person in form.fields["csm"].choices} == {
        "---------", "Admin", "Manager", "Csm",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"external_id": "halden"}, "external_id", "has this external id already"),
        ({"name": ""}, "name", "required"),
        ({"name": "n" * 121}, "name", "at most 120"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "valid choice"),
        ({"seats": "-1"}, "seats", "greater than or equal to 0"),
        ({"seats": "many"}, "seats", "whole number"),
        ({"seats": "999999999999"}, "seats", "less than or equal"),
        ({"renewal_date": "01.02.2027"}, "renewal_date", "valid date"),
        ({"name": "a\0b"}, "name", "Null characters"),
    ],
)
def test_a_customer_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    response = csm.post(cast.at("customers/new/"), NEW_CUSTOMER | change)
    assert response.status_code == 200
    assert words in error_beside(response, field)
    assert set(customers(cast)) == {"halden", "solberg"}


def test_new_seats_count_from_today_and_the_past_stays(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    assert csm.get(path).context["form"].initial["seats"] == 100
    csm.post(path, editing(cast.customer, seats="250"))
    today = timezone.localdate(timezone=cast.customer.zone)
    assert seats(cast, cast.customer) == [(today, 250), (date(2020, 1, 1), 100)]
    csm.post(path, editing(cast.customer, seats="260"))
    assert seats(cast, cast.customer) == [(today, 260), (date(2020, 1, 1), 100)]
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "260" in page
    assert "100" in page


def test_seats_left_as_they_are_add_nothing(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    csm.post(path, editing(cast.customer, name="Halden AS", seats="100"))
    assert customers(cast)["halden"].name == "Halden AS"
    assert seats(cast, cast.customer) == [(date(2020, 1, 1), 100)]


def test_a_taken_external_id_is_refused_and_the_customer_keeps_its_own(
    cast: Cast, csm: Client
) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    response = csm.post(path, editing(cast.customer, external_id="solberg"))
    assert "already" in error_beside(response, "external_id")
    assert customers(cast)["halden"].pk == cast.customer.pk


def test_an_archived_customer_leaves_the_book_and_comes_back(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/archive/")
    page = csm.post(path, follow=True).content.decode()
    assert "nothing was deleted" in page
    assert "Archived" in page
    assert "Halden" not in csm.get(cast.at("book.csv")).content.decode()
    # Pressed again, or by somebody else as well, it stays archived.
    assert "nothing was deleted" in csm.post(path, follow=True).content.decode()
    back = csm.post(f"{path}?undo=1", follow=True).content.decode()
    assert "is back in the book" in back
    assert "Halden" in csm.get(cast.at("book.csv")).content.decode()
    assert customers(cast)["halden"].archived_at is None


def test_an_engagement_is_added_with_its_spl(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/engagements/new/")
    page = csm.post(path, NEW_ENGAGEMENT, follow=True)
    made = engagements(cast)["BRIGHT-1"]
    assert page.redirect_chain == [(cast.at(f"engagements/{made.pk}/"), 302)]
    assert made.lead is not None
    assert (made.lead.name, made.lead.email) == ("Jonas Eide", "jonas@example.org")
    assert (made.customer_id, made.phase) == (cast.customer.pk, "implement")
    shown = csm.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "Jonas Eide" in shown
    assert "BRIGHT-1" in shown


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"key": "halden-1"}, "key", "has this key already"),
        ({"key": "with space"}, "key", "capital letters"),
        ({"phase": "party"}, "phase", "valid choice"),
        ({"go_live_date": "2026-05-01"}, "go_live_date", "after the start"),
        ({"hypercare_end_date": "2026-08-01"}, "hypercare_end_date", "after go-live"),
        ({"sign_off_date": "2026-08-01"}, "sign_off_date", "after go-live"),
        ({"lead_email": "nobody"}, "lead_email", "valid email"),
        ({"lead_name": "n" * 121}, "lead_name", "at most 120"),
    ],
)
def test_an_engagement_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/engagements/new/")
    response = csm.post(path, NEW_ENGAGEMENT | change)
    assert response.status_code == 200
    assert words in error_beside(response, field)
    assert set(engagements(cast)) == {"HALDEN-1", "SOLBERG-1"}


def test_an_engagement_changes_and_keeps_one_row_a_stakeholder(cast: Cast, csm: Client) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/edit/")
    for _twice in range(2):
        csm.post(path, NEW_ENGAGEMENT | {"key": "HALDEN-1", "phase": "adopt"})
    changed = engagements(cast)["HALDEN-1"]
    assert (changed.name, changed.phase) == ("Outage desk", "adopt")
    with tenant_scope(cast.tenant.pk):
        assert changed.customer.pk == cast.customer.pk
        assert (
            operations.name_stakeholder(
                customer=cast.customer, name="Jonas Eide", email="jonas@example.org"
            )
            == changed.lead
        )
    form = csm.get(path).context["form"]
    assert (form.initial["lead_name"], form.initial["lead_email"]) == (
        "Jonas Eide",
        "jonas@example.org",
    )


def test_who_may_do_what(cast: Cast) -> None:
    """Doers edit; an executive and the customer's side read; a stranger finds nothing."""
    users = (cast.admin, cast.manager, cast.csm, cast.executive, cast.lead, cast.member)
    browsers = {user.name.lower(): cast.browser(user) for user in (*users, cast.stranger)}
    doers = {"admin": 200, "manager": 200, "csm": 200}
    readers = {"executive": 403, "lead": 403, "member": 403, "stranger": 404}
    for path in (
        "customers/new/",
        "customers/import/",
        f"customers/{cast.customer.pk}/edit/",
        f"customers/{cast.customer.pk}/engagements/new/",
        f"engagements/{cast.engagement.pk}/edit/",
    ):
        assert statuses(browsers, "get", cast.at(path)) == doers | readers
        refused = {name: browsers[name] for name in readers}
        assert statuses(refused, "post", cast.at(path)) == readers
        assert browsers["csm"].put(cast.at(path)).status_code == 405
    seen = doers | {"executive": 200, "lead": 200, "member": 200, "stranger": 404}
    assert statuses(browsers, "get", cast.at(f"customers/{cast.customer.pk}/")) == seen
    export = doers | {"executive": 200, "lead": 403, "member": 403, "stranger": 404}
    assert statuses(browsers, "get", cast.at("customers/export.csv")) == export


def test_whoever_only_reads_is_offered_nothing_to_change(cast: Cast, executive: Client) -> None:
    page = executive.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "Archive" not in page
    assert "New engagement" not in page


def test_archiving_is_a_post_of_somebody_who_may(cast: Cast, csm: Client, lead: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/archive/")
    assert csm.get(path).status_code == 405
    assert lead.post(path).status_code == 403
    assert customers(cast)["halden"].archived_at is None


def upload(csm: Client, cast: Cast, data: bytes) -> str:
    return bring_in(csm, cast.at("customers/import/"), data).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("external_id,name\nnew,Bjørn\n".encode("latin-1"), "Row 2 is not in UTF-8"),
        (b"name\nnew\n", "Say which column is the external id"),
        (b"external_id,name\n", "no row below"),
        (b"external_id,external_id\na,b\n", "is there twice"),
        (b"external_id,seats\nnew,=1+1\n", "“=1+1” is no whole number"),
        (b"external_id,renewal_date\nnew,=TODAY()\n", "is no date"),
        (b"external_id,name\nnew,A,surplus\n", "Row 2 has more cells"),
        (b"PK\x03\x04\x00\x00binary", "damaged"),
        (b"\n\n", "file is empty"),
        (b"", "empty"),
        (b"external_id,name\nnew," + b"n" * 121 + b"\n", "at most 120"),
        (b"external_id,name\n" + b"n" * 121 + b",N\n", "at most 120"),
        (b"external_id,engagement_key,spl\nnew,N-1," + b"n" * 121 + b"\n", "at most 120"),
        (b"external_id,engagement_key,spl,spl_email\nnew,N-1,N,nobody\n", "valid email"),
        (b"external_id,engagement_key\nnew,not a key\n", "capital letters"),
        (b"external_id,engagement_key\nnew,HALDEN-1\n", "belongs to another customer"),
        (b"external_id,csm\nnew,stranger@example.org\n", "Nobody here has the address"),
    ],
)
def test_a_bad_file_is_explained_and_nothing_saved(
    cast: Cast, csm: Client, data: bytes, words: str
) -> None:
    before = set(customers(cast))
    assert words in upload(csm, cast, data)
    assert set(customers(cast)) == before
    assert set(engagements(cast)) == {"HALDEN-1", "SOLBERG-1"}


def test_a_fault_names_the_column_that_brought_it(cast: Cast, csm: Client) -> None:
    text = upload(csm, cast, b"external_id,engagement_key,spl,spl_email\nnew,N-1,N,nobody\n")
    assert "<td>spl_email</td>" in text
    text = upload(csm, cast, b"external_id,engagement_key\nnew,not a key\n")
    assert "<td>engagement_key</td>" in text


def test_an_import_without_a_file_says_so(cast: Cast, csm: Client) -> None:
    response = csm.post(cast.at("customers/import/"), {})
    assert "required" in error_beside(response, "file")


def test_an_export_is_no_formula_and_can_be_read_back(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        make_customer("=cmd()", name='=HYPERLINK("http://evil")', segment="@risk")
        make_customer("plus", name="+1 company", segment="-")
    exported = csm.get(cast.at("customers/export.csv"))
    assert exported["Content-Type"] == "text/csv"
    assert "attachment" in exported["Content-Disposition"]
    text = exported.content.decode("utf-8-sig")
    for line in text.splitlines()[1:]:
        assert not line.startswith(("=", "+", "-", "@"))
    assert "'=cmd(),\"'=HYPERLINK(" in text
    before = {key: (row.name, row.segment) for key, row in customers(cast).items()}
    brought = bring_in(csm, cast.at("customers/import/"), exported.content)
    assert (brought.result.unchanged, brought.result.something) == (4, False)
    assert {key: (row.name, row.segment) for key, row in customers(cast).items()} == before


def grow_by(cast: Cast, add: Callable[[int], None]) -> Callable[[], None]:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(3):
                add(number)

    return grow


def test_a_customer_page_costs_the_same_queries_for_many(cast: Cast, csm: Client) -> None:
    def add(number: int) -> None:
        csm_of_it = User.objects.create_user(f"more{number}@example.org")
        lead = operations.name_stakeholder(customer=cast.customer, name=f"Lead {number}")
        make_engagement(cast.customer, f"MORE-{number}", csm=csm_of_it, lead=lead)
        day = date(2021, 1, 1) + timedelta(days=number)
        operations.set_seats(customer=cast.customer, seats=number, from_date=day)

    path = cast.at(f"customers/{cast.customer.pk}/")
    assert_same_queries(csm, path, grow_by(cast, add))


def test_an_export_costs_the_same_queries_for_many(cast: Cast, csm: Client) -> None:
    def add(number: int) -> None:
        make_customer(f"more{number}", csm=User.objects.create_user(f"m{number}@example.org"))

    assert_same_queries(csm, cast.at("customers/export.csv"), grow_by(cast, add))


def test_the_same_external_id_in_another_workspace_is_no_matter(cast: Cast, csm: Client) -> None:
    change = {"external_id": cast.other_customer.external_id}
    assert csm.post(cast.at("customers/new/"), NEW_CUSTOMER | change).status_code == 302
    assert cast.other_customer.external_id in customers(cast)
