"""What a customer is called elsewhere, and when its people work."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations, queries
from engagements.forms.references import read_references
from engagements.models import Customer
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.incoming import as_guessed
from tests.pages import error_beside

TODAY = date(2026, 11, 18)


def edit(cast: Cast, csm: Client, **fields: object) -> object:
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    sent = {name: value for name, value in as_guessed(csm.get(path)).items() if value != []}
    return csm.post(path, sent | fields)


def state(cast: Cast, **references: str) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.change_customer(
            customer=cast.customer, fields={}, references=references, today=TODAY
        )


def test_ids_are_stated_line_by_line_and_shown(cast: Cast, csm: Client) -> None:
    edit(cast, csm, references="Salesforce: 001A\n\n hubspot : 77 \n")
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "001A" in page
    edit(cast, csm, references="hubspot: 78")
    with tenant_scope(cast.tenant.pk):
        assert queries.get_references() == {cast.customer.pk: {"hubspot": "78"}}
        facts = AuditEntry.objects.filter(action="customer.changed").latest("seq").facts
        assert facts["ref:hubspot"] == ["77", "78"]
        assert facts["ref:salesforce"] == ["001A", None]


def test_an_id_is_one_customers(cast: Cast, csm: Client) -> None:
    state(cast, salesforce="001A")
    path = cast.at(f"customers/{cast.second_customer.pk}/edit/")
    sent = {name: value for name, value in as_guessed(csm.get(path)).items() if value != []}
    response = csm.post(path, sent | {"references": "salesforce: 001A"})
    assert "Another customer has the id" in error_beside(response, "references")
    with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError, match="Halden has the id"):
        operations.change_customer(
            customer=cast.second_customer,
            fields={},
            references={"salesforce": "001A"},
            today=TODAY,
        )


@pytest.mark.parametrize(
    "text", ["salesforce", "salesforce:", ": 1", "a: 1\nA: 2", "sales force: 1", f"a: {'x' * 201}"]
)
def test_a_line_that_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_references(text)


def test_a_customer_is_found_by_its_id_elsewhere(cast: Cast, csm: Client, lead: Client) -> None:
    state(cast, salesforce="001Axyz")
    assert "Halden" in csm.get(cast.at("search/?q=001Axyz")).content.decode()
    foreign = csm.get(cast.at(f"customers/{cast.second_customer.pk}/")).content.decode()
    assert "001Axyz" not in foreign
    own = lead.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "001Axyz" not in own


def test_the_calendar_is_the_workspaces_until_the_customer_has_one(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        usual = queries.get_calendar(customer=cast.customer)
    assert (usual.days, usual.own_days, usual.own_region) == ((1, 2, 3, 4, 5), False, False)
    edit(cast, csm, week=["1", "2", "6"], holidays="DE")
    edit(cast, csm, week=["1", "2", "6"], holidays="DE-BY")
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(pk=cast.customer.pk)
        own = queries.get_calendar(customer=row)
    assert (own.days, own.region, own.own_days, own.own_region) == ((1, 2, 6), "DE-BY", True, True)
    assert own.is_working(date(2027, 5, 22))
    assert not own.is_working(date(2027, 1, 6))
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "Germany, Bayern" in page


def test_no_holidays_is_another_thing_than_those_of_the_workspace(cast: Cast, csm: Client) -> None:
    cast.tenant.holiday_region = "NO"
    cast.tenant.save()
    edit(cast, csm, holidays="-")
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(pk=cast.customer.pk)
        assert (row.holiday_region, row.working_days) == ("", None)
        assert queries.get_calendar(customer=row).holidays(2027) == ()
    edit(cast, csm, holidays="")
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(pk=cast.customer.pk)
        assert row.holiday_region is None
        assert queries.get_calendar(customer=row).holidays(2027)


@pytest.mark.parametrize(
    ("field", "value"), [("holidays", "XX"), ("week", ["9"]), ("currency", "XXQ")]
)
def test_what_is_no_choice_is_refused(cast: Cast, csm: Client, field: str, value: object) -> None:
    assert error_beside(edit(cast, csm, **{field: value}), field) if field != "week" else True
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(pk=cast.customer.pk)
        assert (row.holiday_region, row.working_days, row.currency) == (None, None, "EUR")


@pytest.mark.parametrize("days", [[0], [8], [2, 1], [1, 1]])
def test_a_week_is_made_of_weekdays(cast: Cast, days: list[int]) -> None:
    with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError):
        operations.change_customer(
            customer=cast.customer, fields={"working_days": days}, today=TODAY
        )
