from datetime import date

import pytest

from engagements.imports import ImportResult, import_customers
from engagements.models import Customer, Engagement, LicenceSeats
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
    assert (result.created, result.updated, result.saved) == (1, 1, True)
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
