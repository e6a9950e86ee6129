from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import operations
from engagements.imports import ImportResult, import_customers
from engagements.models import Customer, CustomerReference, Engagement, LicenceSeats
from rendering.spreadsheets import UnreadableTable, read_table
from tenancy.scope import tenant_scope
from tests.factories import Cast

TODAY = date(2026, 11, 18)


def read(cast: Cast, text: str, *, keep: bool = True) -> ImportResult:
    with tenant_scope(cast.tenant.pk):
        return import_customers(table=read_table(text.encode()), today=TODAY, keep=keep)


def names(cast: Cast) -> dict[str, str]:
    with tenant_scope(cast.tenant.pk):
        return dict(Customer.objects.values_list("external_id", "name"))


def test_creates_and_updates_by_external_id(cast: Cast) -> None:
    result = read(cast, "external_id,name,time_zone\nhalden,Halden AS,Europe/Oslo\nnew,New,UTC\n")
    assert (result.created, result.changed, result.saved) == (1, 1, True)
    assert names(cast) == {"halden": "Halden AS", "solberg": "Solberg", "new": "New"}


def test_seats_add_to_the_history(cast: Cast) -> None:
    read(cast, "external_id,seats\nhalden,250\n")
    with tenant_scope(cast.tenant.pk):
        history = LicenceSeats.objects.filter(customer=cast.customer)
        assert [(row.from_date, row.seats) for row in history] == [
            (TODAY, 250),
            (date(2020, 1, 1), 100),
        ]


def test_a_row_may_state_an_engagement_with_its_spl(cast: Cast) -> None:
    read(
        cast,
        "external_id;engagement_key;engagement_name;phase;spl;go_live_date;csm\n"
        "solberg;sol-2;Second roll-out;Implement;Jonas Eide;2027-01-11;csm@example.org\n",
    )
    with tenant_scope(cast.tenant.pk):
        made = Engagement.objects.select_related("lead", "customer").get(key="SOL-2")
        assert (made.name, made.phase, made.go_live_date) == (
            "Second roll-out",
            "implement",
            date(2027, 1, 11),
        )
        assert made.lead is not None
        assert made.lead.name == "Jonas Eide"
        assert made.customer.csm_id == cast.csm.pk


def test_one_bad_row_keeps_everything_out_and_every_fault_is_named(cast: Cast) -> None:
    before = names(cast)
    result = read(
        cast,
        "external_id,name,time_zone,seats,renewal_date,phase,csm\n"
        "good,Good,UTC,5,2027-01-01,,\n"
        "bad,Bad,Mars/Olympus,many,01.02.2027,party,nobody@example.org\n"
        ",Nameless,UTC,1,,,\n",
    )
    assert not result.saved
    assert names(cast) == before
    found = {(error.row, error.column) for error in result.errors}
    assert found == {
        (3, "seats"),
        (3, "renewal_date"),
        (3, "phase"),
        (3, "csm"),
        (4, "external_id"),
    }


def test_a_fault_the_model_finds_names_its_row_too(cast: Cast) -> None:
    result = read(cast, "external_id,time_zone\nnew,Mars/Olympus\n")
    assert [(error.row, error.column) for error in result.errors] == [(2, "time_zone")]
    assert "no time zone" in result.errors[0].message


def test_an_engagement_stays_with_its_customer(cast: Cast) -> None:
    result = read(cast, "external_id,engagement_key\nsolberg,HALDEN-1\n")
    assert "belongs to another customer" in result.errors[0].message


def test_checking_saves_nothing(cast: Cast) -> None:
    before = names(cast)
    result = read(cast, "external_id\nnew\n", keep=False)
    assert (result.created, result.saved) == (1, False)
    assert names(cast) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [("external_id,colour\na,b\n", "no column “colour”"), ("name\na\n", "external_id")],
)
def test_unknown_and_missing_columns_are_refused(cast: Cast, text: str, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        read(cast, text)


def references(cast: Cast) -> dict[str, str]:
    with tenant_scope(cast.tenant.pk):
        rows = CustomerReference.objects.values_list("system", "value", "customer__external_id")
        return {f"{system}:{value}": external_id for system, value, external_id in rows}


def test_a_customer_may_be_named_by_its_id_in_another_system(cast: Cast) -> None:
    read(cast, "external_id,ref:salesforce,ref:hubspot\nhalden,001A,77\n")
    result = read(cast, "ref:salesforce,segment\n001A,Enterprise\n001B,Small\n")
    assert (result.created, result.changed) == (1, 1)
    with tenant_scope(cast.tenant.pk):
        assert Customer.objects.get(external_id="halden").segment == "Enterprise"
    # What is new is called by the id it came with; ids in other systems stay.
    assert references(cast) == {
        "salesforce:001A": "halden",
        "hubspot:77": "halden",
        "salesforce:001B": "001B",
    }


def test_an_id_of_another_customer_is_refused(cast: Cast) -> None:
    read(cast, "external_id,ref:salesforce\nhalden,001A\n")
    result = read(cast, "external_id,ref:salesforce\nsolberg,001A\n")
    assert [(error.row, error.column) for error in result.errors] == [(2, "ref:salesforce")]
    assert "Halden has the id" in result.errors[0].message


def test_a_row_without_any_id_is_refused(cast: Cast) -> None:
    result = read(cast, "external_id,ref:salesforce,name\n,,Nobody\n")
    assert [(error.row, error.column) for error in result.errors] == [(2, "external_id")]


def test_calendar_money_and_industry_come_in(cast: Cast) -> None:
    read(
        cast,
        "external_id;industry;currency;arr;working_days;holiday_region\n"
        "halden;Energy;nok;1.200,50;Mon Tue Wed;de-by\n",
    )
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(external_id="halden")
        assert (row.industry, row.currency, row.yearly_amount) == (
            "Energy",
            "NOK",
            Decimal("1200.5"),
        )
        assert (row.working_days, row.holiday_region) == ([1, 2, 3], "DE-BY")


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("currency", "XXQ", "no currency"),
        ("arr", "a lot", "no amount"),
        ("arr", "1,2,3", "no amount"),
        ("arr", "-5", "greater than or equal to 0"),
        ("working_days", "Funday", "no working days"),
        ("holiday_region", "XX", "No public holidays are known"),
        ("renewal_date", "#REF!", "error #REF!"),
    ],
)
def test_what_is_no_value_is_said_of_its_cell(
    cast: Cast, column: str, text: str, words: str
) -> None:
    result = read(cast, f"external_id\t{column}\nhalden\t{text}\n")
    assert [(error.row, error.column) for error in result.errors] == [(2, column)]
    assert words in result.errors[0].message


def test_fields_of_ones_own_come_in_checked(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        for kind, key in (("customer", "tier"), ("engagement", "wave")):
            operations.add_custom_field(
                kind=kind, fields={"key": key, "label": key.title(), "type": "number"}
            )
    head = "external_id,own:tier,engagement_key,engagement_own:wave\n"
    assert read(cast, f"{head}halden,one,,\n").errors[0].column == "own:tier"
    result = read(cast, f"{head}halden,1,HALDEN-1,2\n")
    assert (result.changed, result.engagements) == (1, 1)
    with tenant_scope(cast.tenant.pk):
        assert Customer.objects.get(external_id="halden").custom == {"tier": 1}
        assert Engagement.objects.get(key="HALDEN-1").custom == {"wave": 2}
    again = read(cast, f"{head}halden,1,HALDEN-1,2\n")
    assert (again.unchanged, again.something) == (1, False)


def test_only_good_rows_come_in_where_that_was_chosen(cast: Cast) -> None:
    text = (
        "external_id,name,engagement_key\n"
        "new,New,\n"
        # The second half of this row is refused, so its first half stays out as well.
        "halden,Changed,SOLBERG-1\n"
        "halden,,HALDEN-1\n"
    )
    with tenant_scope(cast.tenant.pk):
        table = read_table(text.encode())
        result = import_customers(table=table, today=TODAY, good_rows_only=True)
    assert (result.created, result.changed, result.unchanged, result.bad_rows) == (1, 0, 1, 1)
    assert result.saved
    assert names(cast) == {"halden": "Halden", "solberg": "Solberg", "new": "New"}


def test_an_engagement_keeps_its_name_where_the_file_has_none(cast: Cast) -> None:
    read(cast, "external_id,engagement_key,phase\nhalden,halden-1,value\n")
    with tenant_scope(cast.tenant.pk):
        row = Engagement.objects.get(key="HALDEN-1")
        assert (row.name, row.phase) == ("Halden roll-out", "value")


def test_two_engagements_of_one_customer_are_one_customer(cast: Cast) -> None:
    text = "external_id,name,engagement_key\nnew,New,NEW-1\nnew,New,NEW-2\n"
    result = read(cast, text)
    assert (result.created, result.changed, result.engagements) == (1, 0, 2)
    again = read(cast, text)
    assert (again.created, again.changed, again.unchanged, again.engagements) == (0, 0, 1, 0)


def test_rows_that_change_nothing_cost_no_question(cast: Cast) -> None:
    def cost(count: int) -> int:
        text = "external_id,name,seats,ref:crm\n" + "".join(
            f"c{n},Customer {n},{n},R{n}\n" for n in range(count)
        )
        read(cast, text)
        with CaptureQueriesContext(connection) as captured:
            assert read(cast, text).unchanged == count
        asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        return len(asked)

    assert cost(3) == cost(30)
