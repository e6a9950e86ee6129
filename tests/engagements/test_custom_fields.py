from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from engagements import custom_fields, operations, queries
from engagements.custom_fields import Field, Type, WrongValue, check, read, write
from engagements.models import Customer, CustomField
from tenancy.models import AuditEntry
from tenancy.scope import Realm, tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import error_beside

TIER = Field("tier", "Tier", Type.CHOICE, ("Gold", "Silver"))


def field(of_type: Type, **more: Any) -> Field:
    return Field("f", "F", of_type, ("Gold", "Silver") if of_type is Type.CHOICE else (), **more)


@pytest.mark.parametrize(
    ("of_type", "text", "value"),
    [
        (Type.TEXT, "  Two\nlines ", "Two\nlines"),
        (Type.NUMBER, "1 200", 1200),
        (Type.NUMBER, "−12.50", -12.5),
        (Type.DATE, "2026-10-31", "2026-10-31"),
        (Type.CHOICE, "gold", "Gold"),
        (Type.YES_NO, "Yes", True),
        (Type.YES_NO, "0", False),
        (Type.LINK, "https://example.org/a?b=1", "https://example.org/a?b=1"),
    ],
)
def test_a_text_is_read_as_its_type(of_type: Type, text: str, value: object) -> None:
    assert read(field(of_type), text) == value


@pytest.mark.parametrize(
    ("of_type", "text"),
    [
        (Type.TEXT, "a\0b"),
        (Type.TEXT, "half \ud800"),
        (Type.TEXT, "x" * 501),
        (Type.NUMBER, "1,234"),
        (Type.NUMBER, "NaN"),
        (Type.NUMBER, "1e400"),
        (Type.NUMBER, "1234567890.1234567"),
        (Type.NUMBER, "٣"),
        (Type.DATE, "31.10.2026"),
        (Type.DATE, "2026-02-30"),
        (Type.CHOICE, "Bronze"),
        (Type.YES_NO, "perhaps"),
        (Type.LINK, "javascript:alert(1)"),
        (Type.LINK, "https://"),
        (Type.LINK, "https://[half"),
    ],
)
def test_what_is_no_value_is_refused_with_words(of_type: Type, text: str) -> None:
    with pytest.raises(WrongValue, match=r"\w+ \w+"):
        read(field(of_type), text)


def test_a_needed_value_is_asked_for() -> None:
    assert read(field(Type.TEXT), " ") is None
    with pytest.raises(WrongValue):
        read(field(Type.TEXT, required=True), " ")


@pytest.mark.parametrize("value", [True, 3, 2.5, None, "2026-01-05", [], {}, float("inf")])
def test_a_typed_value_is_checked_like_a_text(value: object) -> None:
    for of_type in Type:
        try:
            kept = check(field(of_type), value)
        except WrongValue:
            continue
        assert read(field(of_type), write(field(of_type), kept)) == kept


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10
    )
)
def test_a_number_comes_back_as_it_went_out(number: Any) -> None:
    of_numbers = field(Type.NUMBER)
    kept = read(of_numbers, str(number))
    assert read(of_numbers, write(of_numbers, kept)) == kept
    assert Decimal(write(of_numbers, kept)) == number


def make_field(cast: Cast, **fields: Any) -> CustomField:
    kind = fields.pop("kind", "customer")
    values = {"label": "Contract type", "type": "choice", "choices": ["Gold", "Silver"]} | fields
    if values["type"] != "choice":
        values["choices"] = []
    with tenant_scope(cast.tenant.pk):
        return operations.add_custom_field(kind=kind, fields=values)


def put(cast: Cast, **values: Any) -> dict[str, Any]:
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(pk=cast.customer.pk)
        operations.change_customer(customer=row, fields={"custom": values}, today=TODAY)
        custom: dict[str, Any] = Customer.objects.get(pk=row.pk).custom
    return custom


def test_a_key_is_made_of_the_name(cast: Cast) -> None:
    assert make_field(cast, label="Área (m²)", type="number").key == "area_m2"
    assert make_field(cast, label="2026 goal", type="text").key == "field_2026_goal"
    with pytest.raises(ValidationError) as refusal:
        make_field(cast, label="2026 Goal!", type="text")
    assert list(refusal.value.message_dict) == ["key"]


def test_values_are_put_in_taken_out_and_kept_one_by_one(cast: Cast) -> None:
    make_field(cast)
    make_field(cast, label="Sites", type="number")
    assert put(cast, contract_type="gold", sites=4) == {"contract_type": "Gold", "sites": 4}
    assert put(cast, sites=None) == {"contract_type": "Gold"}
    for wrong in ({"contract_type": "Tin"}, {"nothing": 1}, {"sites": "many"}):
        with pytest.raises(ValidationError) as refusal:
            put(cast, **wrong)
        assert list(refusal.value.message_dict) == ["custom"]
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.filter(action="customer.changed").order_by("seq").last()
    assert entry is not None
    assert entry.facts == {"own:sites": [4, None]}


def test_type_and_chosen_choices_stay_once_there_are_values(cast: Cast) -> None:
    row = make_field(cast)
    put(cast, contract_type="Gold")
    with tenant_scope(cast.tenant.pk):
        for fields, named in (
            ({"type": "text"}, "type"),
            ({"key": "other"}, "key"),
            ({"choices": ["Silver", "Bronze"]}, "choices"),
        ):
            with pytest.raises(ValidationError) as refusal:
                operations.change_custom_field(field=row, fields=fields)
            assert list(refusal.value.message_dict) == [named]
            row.refresh_from_db()
        operations.change_custom_field(field=row, fields={"choices": ["Gold", "Bronze"]})
        assert queries.get_custom_fields(kind="customer")[0].choices == ("Gold", "Bronze")


def test_an_archived_field_is_shown_nowhere_and_keeps_its_values(cast: Cast) -> None:
    row = make_field(cast)
    put(cast, contract_type="Gold")
    make_field(cast, label="Sites", type="number")
    with tenant_scope(cast.tenant.pk):
        operations.archive_custom_field(field=row, now=cast.tenant.created_at)
        assert [one.key for one in queries.get_custom_fields(kind="customer")] == ["sites"]
    assert put(cast, sites=2) == {"contract_type": "Gold", "sites": 2}
    with tenant_scope(cast.tenant.pk):
        operations.restore_custom_field(field=row)
        assert len(queries.get_custom_fields(kind="customer")) == 2


def test_the_customers_side_has_no_fields_of_staff(cast: Cast, lead: Client) -> None:
    make_field(cast)
    put(cast, contract_type="Gold")
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert queries.get_custom_fields(kind="customer") == ()
    page = lead.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "Contract type" not in page


def form_of(browser: Client, path: str) -> dict[str, Any]:
    form = browser.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_customer_is_edited_with_its_own_fields(cast: Cast, csm: Client) -> None:
    make_field(cast, required=True)
    make_field(cast, label="Since", type="date")
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    posted = form_of(csm, path)
    refused = csm.post(path, posted)
    assert "required" in error_beside(refused, "own_contract_type")
    csm.post(path, posted | {"own_contract_type": "Gold", "own_since": "2026-01-05"})
    page = csm.get(cast.at(f"customers/{cast.customer.pk}/")).content.decode()
    assert "Contract type" in page
    assert "Gold" in page
    assert "5 Jan" in page


def test_two_people_editing_own_fields_lose_nothing(cast: Cast, csm: Client) -> None:
    make_field(cast)
    make_field(cast, label="Sites", type="number")
    path = cast.at(f"customers/{cast.customer.pk}/edit/")
    posted = form_of(csm, path)
    put(cast, sites=7)
    answer = csm.post(path, posted | {"own_contract_type": "Silver"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert put(cast) == {"contract_type": "Silver", "sites": 7}


def test_a_wrong_number_is_said_beside_its_field(cast: Cast, csm: Client) -> None:
    make_field(cast, label="Sites", type="number", kind="engagement")
    path = cast.at(f"engagements/{cast.engagement.pk}/edit/")
    refused = csm.post(path, form_of(csm, path) | {"own_sites": "1,5"})
    assert "number such as" in error_beside(refused, "own_sites")
    csm.post(path, form_of(csm, path) | {"own_sites": "1.5"})
    with tenant_scope(cast.tenant.pk):
        cast.engagement.refresh_from_db()
    assert cast.engagement.custom == {"sites": 1.5}


def test_values_go_into_a_spreadsheet_as_they_are_read_back() -> None:
    fields = (TIER, field(Type.YES_NO), Field("n", "N", Type.NUMBER))
    cells = queries.as_written(fields, {"tier": "Gold", "f": False, "n": 2.5})
    assert cells == ["Gold", "no", "2.5"]
    assert [one.column for one in fields] == ["own:tier", "own:f", "own:n"]
    assert custom_fields.read(TIER, "GOLD") == "Gold"
