"""Pages of customers and engagements, asked by each of the cast."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.models import Customer, Engagement, LicenceSeats
from tenancy.scope import tenant_scope
from tests.factories import Cast

NEW = {"name": "Ostro Foods", "external_id": "ostro", "time_zone": "Europe/Berlin", "seats": "50"}


def customers(cast: Cast) -> dict[str, Customer]:
    with tenant_scope(cast.tenant.pk):
        return {row.external_id: row for row in Customer.objects.all()}


def upload(content: bytes, **fields: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("customers.csv", content), **fields}


def test_a_csm_adds_a_customer(csm: Client, cast: Cast) -> None:
    answer = csm.post(cast.at("customers/new/"), NEW)
    made = customers(cast)["ostro"]
    assert answer.headers["Location"] == cast.at(f"customers/{made.pk}/")
    page = csm.get(answer.headers["Location"]).content.decode()
    assert "Ostro Foods is in your book." in page
    assert "Europe/Berlin" in page


def test_a_second_customer_of_an_id_is_refused_beside_the_field(csm: Client, cast: Cast) -> None:
    answer = csm.post(cast.at("customers/new/"), NEW | {"external_id": "halden"})
    assert answer.status_code == 200
    assert "Another customer has this external id already." in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_the_same_id_in_another_workspace_is_no_matter(csm: Client, cast: Cast) -> None:
    csm.post(cast.at("customers/new/"), NEW | {"external_id": "canary-customer"})
    assert "canary-customer" in customers(cast)


def test_changed_seats_add_to_the_history(csm: Client, cast: Cast) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    fields = {"name": "Halden", "external_id": "halden", "time_zone": "Europe/Oslo"}
    csm.post(path, fields | {"seats": "250"})
    csm.post(path, fields | {"seats": "250"})
    with tenant_scope(cast.tenant.pk):
        seats = LicenceSeats.objects.filter(customer=cast.customer).values_list("seats", flat=True)
        assert list(seats) == [250, 100]


def test_archiving_takes_a_customer_out_of_the_book_and_back(csm: Client, cast: Cast) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/archive/")
    csm.post(path)
    assert b">Halden<" not in csm.get(cast.at("")).content
    csm.post(path)
    assert b">Halden<" in csm.get(cast.at("")).content


def test_an_engagement_begins_with_its_spl(csm: Client, cast: Cast) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/engagements/new/")
    fields = {"name": "Second", "key": "hal-2", "phase": "sell", "lead_name": "Jonas Eide"}
    answer = csm.post(path, fields)
    with tenant_scope(cast.tenant.pk):
        made = Engagement.objects.select_related("lead").get(key="HAL-2")
        assert answer.headers["Location"] == cast.at(f"engagements/{made.pk}/")
        assert made.lead is not None
        assert made.lead.name == "Jonas Eide"


def test_dates_in_the_wrong_order_are_refused_beside_the_field(csm: Client, cast: Cast) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/edit/")
    fields = {"name": "x", "key": "HALDEN-1", "phase": "adopt", "go_live_date": "2026-10-05"}
    answer = csm.post(path, fields | {"hypercare_end_date": "2026-10-01"})
    assert answer.status_code == 200
    assert "Hypercare ends after go-live." in answer.content.decode()


@pytest.mark.parametrize("path", ["customers/new/", "customers/import/"])
def test_who_only_reads_may_not_write(
    executive: Client, lead: Client, stranger: Client, cast: Cast, path: str
) -> None:
    assert executive.get(cast.at(path)).status_code == 403
    assert lead.get(cast.at(path)).status_code == 403
    assert stranger.get(cast.at(path)).status_code == 404


def test_the_refusal_says_who_may(executive: Client, cast: Cast) -> None:
    text = executive.get(cast.at("customers/new/")).content.decode()
    assert "CSM" in text
    assert "Your role in this workspace does not include this" in text


def test_wrong_methods_are_refused(csm: Client, cast: Cast) -> None:
    assert csm.get(cast.at(f"customers/{cast.customer.pk}/archive/")).status_code == 405
    assert csm.post(cast.at(f"customers/{cast.customer.pk}/")).status_code == 405


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"name\nM\xfcller\n", "Row 2 is not in UTF-8"),
        (b"external_id,colour\na,red\n", "There is no column"),
        (b"external_id,seats\na,many\n", "no whole number"),
        (b"external_id,name\n,Nameless\n", "Every row needs an external id."),
    ],
)
def test_a_bad_file_is_explained_and_saves_nothing(
    csm: Client, cast: Cast, content: bytes, message: str
) -> None:
    before = set(customers(cast))
    answer = csm.post(cast.at("customers/import/"), upload(content))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert set(customers(cast)) == before


def test_checking_only_saves_nothing(csm: Client, cast: Cast) -> None:
    answer = csm.post(cast.at("customers/import/"), upload(b"external_id\nnew\n", check_only="on"))
    assert "nothing was saved" in answer.content.decode()
    assert "new" not in customers(cast)


def test_an_export_reads_back_and_holds_no_formula(csm: Client, cast: Cast) -> None:
    csm.post(cast.at("customers/new/"), NEW | {"name": "=1+1", "external_id": "sly"})
    exported = csm.get(cast.at("customers/export.csv")).content
    assert b"'=1+1" in exported
    answer = csm.post(cast.at("customers/import/"), upload(exported))
    assert "Saved." in answer.content.decode()
    assert customers(cast)["sly"].name == "=1+1"
