"""Two people with one form open: nothing is lost, and the second hears of the first."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from engagements.forms import CustomerForm
from engagements.models import Customer
from tenancy.scope import tenant_scope
from tests.factories import Cast


@pytest.fixture
def customer(cast: Cast) -> Any:
    with tenant_scope(cast.tenant.pk):
        yield Customer.objects.get(pk=cast.customer.pk)


def opened(customer: Customer) -> dict[str, str]:
    """What a browser sends when nothing is touched."""
    form = CustomerForm(instance=customer)
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value in (None, []) else str(value) for name, value in values.items()}


def submit(customer: Customer, data: dict[str, str]) -> CustomerForm:
    sent = QueryDict(mutable=True)
    sent.update(data)
    return CustomerForm(sent, instance=Customer.objects.get(pk=customer.pk))


def meanwhile(customer: Customer, **fields: Any) -> None:
    Customer.objects.filter(pk=customer.pk).update(**fields)


def test_alone_a_form_saves_what_was_typed(customer: Customer) -> None:
    form = submit(customer, opened(customer) | {"segment": "Enterprise"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["segment"], form.taken_over) == ("Enterprise", [])


def test_what_another_changed_stays_where_this_person_touched_nothing(customer: Customer) -> None:
    sent = opened(customer) | {"segment": "Enterprise"}
    meanwhile(customer, name="Halden Group", yearly_amount="1200.50")
    form = submit(customer, sent)
    assert form.is_valid(), form.errors
    assert form.model_fields["name"] == "Halden Group"
    assert form.model_fields["yearly_amount"] == Decimal("1200.50")
    assert form.model_fields["segment"] == "Enterprise"
    assert form.taken_over == ["Name", "Recurring revenue a year (ARR)"]


def test_where_both_changed_the_second_is_told_and_decides(customer: Customer) -> None:
    sent = opened(customer) | {"name": "Halden Power"}
    meanwhile(customer, name="Halden Group")
    form = submit(customer, sent)
    assert not form.is_valid()
    assert "“Halden Group”" in form.errors["name"][0]
    assert form["name"].value() == "Halden Power"
    again = submit(customer, sent | {"opened_with": form["opened_with"].value()})
    assert again.is_valid(), again.errors
    assert again.model_fields["name"] == "Halden Power"


def test_the_same_change_twice_is_no_conflict(customer: Customer) -> None:
    sent = opened(customer) | {"name": "Halden Group"}
    meanwhile(customer, name="Halden Group")
    assert submit(customer, sent).is_valid()


def test_a_choice_is_named_as_people_read_it(customer: Customer, cast: Cast) -> None:
    sent = opened(customer) | {"csm": str(cast.admin.pk)}
    meanwhile(customer, csm=cast.manager)
    assert "“Manager”" in submit(customer, sent).errors["csm"][0]


@pytest.mark.parametrize("text", ["", "forged", "e30:forged"])
def test_without_a_record_of_what_was_opened_the_last_word_counts(
    customer: Customer, text: str
) -> None:
    sent = opened(customer) | {"name": "Halden Power", "opened_with": text}
    meanwhile(customer, name="Halden Group")
    assert submit(customer, sent).is_valid()


def test_checking_a_form_leaves_the_row_as_it_was_read(customer: Customer) -> None:
    row = Customer.objects.get(pk=customer.pk)
    form = CustomerForm(opened(customer) | {"name": "Halden Power"}, instance=row)
    assert form.is_valid() and row.name == customer.name


def test_what_stands_beside_the_row_is_kept_as_well(customer: Customer) -> None:
    """Seats are no field of the customer's row, and yet nobody's count is put back unseen."""

    def form(sent: dict[str, str], seats: int) -> CustomerForm:
        row = Customer.objects.get(pk=customer.pk)
        return CustomerForm(sent or None, instance=row, initial={"seats": seats})

    shown = form({}, 100)
    values = {name: shown[name].value() for name in shown.fields}
    sent = {name: "" if value is None else str(value) for name, value in values.items()}
    after = form(sent | {"segment": "Enterprise"}, 250)
    assert after.is_valid(), after.errors
    assert (after.cleaned_data["seats"], after.taken_over) == (250, ["Licence seats"])
