"""A file on its way in, step by step, as people see it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements import operations
from engagements.models import (
    ColumnMapping,
    Customer,
    CustomerReference,
    EndUser,
    RosterEntry,
    StagedImport,
)
from rendering.spreadsheets import write_workbook
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.incoming import as_guessed, bring_in
from tests.pages import MOST_QUERIES, error_beside, queries_of

CRM = (
    b"Account ID,Account Name,Salesforce ID,ARR,Currency,Renewal,Mood\n"
    b'halden,Halden Power,001A,"1,200.50",NOK,2027-03-01,good\n'
    b"new,New AS,001B,9000,EUR,,bad\n"
)


def upload(client: Client, cast: Cast, content: bytes, name: str = "crm.csv") -> str:
    """The address of the step that asks for the columns."""
    file = SimpleUploadedFile(name, content)
    response = client.post(cast.at("customers/import/"), {"file": file})
    assert response.status_code == 302, response.context["form"].errors
    return str(response["Location"])


def customers(cast: Cast) -> dict[str, Customer]:
    with tenant_scope(cast.tenant.pk):
        return {row.external_id: row for row in Customer.objects.select_related("csm")}


def test_columns_are_guessed_by_name_and_the_first_rows_shown(cast: Cast, csm: Client) -> None:
    page = csm.get(upload(csm, cast, CRM))
    chosen = {row["heading"]: row["field"].value() for row in page.context["rows"]}
    assert chosen == {
        "Account ID": "external_id",
        "Account Name": "name",
        "Salesforce ID": "ref:salesforce",
        "ARR": "arr",
        "Currency": "currency",
        "Renewal": "renewal_date",
        "Mood": "",
    }
    assert "Halden Power" in page.content.decode()


def test_a_file_is_brought_in_after_a_look(cast: Cast, csm: Client) -> None:
    brought = bring_in(csm, cast.at("customers/import/"), CRM)
    assert (brought.result.created, brought.result.changed, brought.result.saved) == (1, 1, False)
    assert "1 new, 1 changed, 0 as they were" in brought.text
    halden = customers(cast)["halden"]
    assert (halden.name, halden.currency) == ("Halden Power", "NOK")
    assert (halden.yearly_amount, halden.renewal_date) == (Decimal("1200.50"), date(2027, 3, 1))
    with tenant_scope(cast.tenant.pk):
        known_as = dict(CustomerReference.objects.values_list("value", "customer__external_id"))
        assert known_as == {"001A": "halden", "001B": "new"}
        assert not StagedImport.objects.exists()


def test_nothing_is_saved_before_somebody_says_so(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, CRM)
    check = csm.post(columns, as_guessed(csm.get(columns)))["Location"]
    for _again in range(2):
        assert csm.get(check).context["result"].created == 1
    assert "new" not in customers(cast)
    with tenant_scope(cast.tenant.pk):
        assert not AuditEntry.objects.filter(action="customers.imported").exists()


def test_a_choice_may_be_changed_and_stays_when_the_page_is_opened_again(
    cast: Cast, csm: Client
) -> None:
    columns = upload(csm, cast, CRM)
    sent = as_guessed(csm.get(columns)) | {"column_6": "segment", "column_3": ""}
    csm.post(columns, sent)
    chosen = {row["heading"]: row["field"].value() for row in csm.get(columns).context["rows"]}
    assert (chosen["Mood"], chosen["ARR"]) == ("segment", "")


def test_one_of_ours_is_taken_once_and_a_key_is_needed(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, CRM)
    sent = as_guessed(csm.get(columns))
    response = csm.post(columns, sent | {"column_6": "name"})
    assert "Name already" in error_beside(response, "column_6")
    response = csm.post(columns, sent | {"column_0": "", "column_2": ""})
    assert "Say which column is the external id" in response.content.decode()
    assert csm.post(columns, sent | {"column_6": "tenant_id"}).status_code == 200


def test_the_check_leads_back_to_the_columns_until_they_are_named(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, CRM)
    for path in (f"{columns}check/", f"{columns}faults.csv"):
        assert csm.get(path)["Location"] == columns


BAD = b"external_id,name,seats\ngood,Good,5\nbad,Bad,many\nworse,Worse,\n"


def test_a_bad_row_keeps_all_out_unless_the_good_ones_were_asked_for(
    cast: Cast, csm: Client
) -> None:
    path = cast.at("customers/import/")
    brought = bring_in(csm, path, BAD)
    assert not brought.came_in
    assert brought.result.bad_rows == 1
    assert "good" not in customers(cast)
    brought = bring_in(csm, path, BAD, good_rows_only="on")
    assert brought.came_in
    assert {"good", "worse"} <= set(customers(cast))
    assert "bad" not in customers(cast)
    # What was left out can still be looked at.
    assert brought.response.context["result"].bad_rows == 1
    assert "The other rows are here already" in brought.text
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.get(action="customers.imported")
        assert entry.facts["rows_left_out"] == 1


def test_the_faults_are_a_table_with_the_cells_they_are_about(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, b"external_id,seats\na,=1+1\n")
    check = csm.post(columns, as_guessed(csm.get(columns)))["Location"]
    assert "=1+1" in csm.get(check).content.decode()
    text = csm.get(f"{columns}faults.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("2,seats,'=1+1,")


def test_columns_are_remembered_offered_forgotten_and_remembered_again(
    cast: Cast, csm: Client
) -> None:
    columns = upload(csm, cast, CRM)
    sent = as_guessed(csm.get(columns)) | {"column_6": "segment", "keep_as": "CRM export"}
    csm.post(columns, sent)
    with tenant_scope(cast.tenant.pk):
        mapping = ColumnMapping.objects.get()
    again = csm.get(upload(csm, cast, CRM))
    assert again.context["named"] == mapping
    assert {row["field"].value() for row in again.context["rows"]} >= {"segment", "external_id"}
    other = csm.get(upload(csm, cast, b"account_id,mood,x\na,b,c\n"))
    assert other.context["named"] is None
    asked = csm.get(other.request["PATH_INFO"], {"as": str(mapping.pk)})
    chosen = [row["field"].value() for row in asked.context["rows"]]
    assert chosen == ["external_id", "segment", ""]
    forget = cast.at(f"mappings/{mapping.pk}/forget/")
    csm.post(forget)
    assert csm.get(upload(csm, cast, CRM)).context["named"] is None
    csm.post(f"{forget}?undo=1")
    assert csm.get(upload(csm, cast, CRM)).context["named"] == mapping


def test_a_name_kept_twice_holds_the_newer_columns(cast: Cast, csm: Client) -> None:
    for segment in ("segment", "industry"):
        columns = upload(csm, cast, CRM)
        sent = as_guessed(csm.get(columns)) | {"column_6": segment, "keep_as": "CRM export"}
        csm.post(columns, sent)
    with tenant_scope(cast.tenant.pk):
        assert ColumnMapping.objects.get().columns["mood"] == "industry"


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def test_a_workbook_is_read_with_its_days_and_numbers(cast: Cast, csm: Client) -> None:
    content = workbook(
        [
            ["External ID", "Name", "Renewal date", "Seats", "ARR"],
            ["new", "New", date(2027, 3, 1), 12.0, 1200.5],
        ]
    )
    assert bring_in(csm, cast.at("customers/import/"), content, "book.xlsx").came_in
    new = customers(cast)["new"]
    assert (new.renewal_date, new.yearly_amount) == (date(2027, 3, 1), Decimal("1200.50"))
    with tenant_scope(cast.tenant.pk):
        assert operations.seats_on(new, date(2100, 1, 1)) == 12


def test_another_sheet_may_be_chosen(cast: Cast, csm: Client) -> None:
    first, second = [["What"], ["cover"]], [["external_id", "name"], ["new", "New"]]
    columns = upload(csm, cast, workbook(first, second, [["external_id"]]), "book.xlsx")
    assert "Sheet 2" in csm.get(columns).content.decode()
    csm.post(f"{columns}sheet/", {"sheet": "1"})
    assert [row["heading"] for row in csm.get(columns).context["rows"]] == ["external_id", "name"]
    for nonsense in ("9", "-1", "x", "2"):
        csm.post(f"{columns}sheet/", {"sheet": nonsense})
    check = csm.post(columns, as_guessed(csm.get(columns)))["Location"]
    csm.post(check)
    assert customers(cast)["new"].name == "New"


def test_an_error_of_the_sheet_is_no_value(cast: Cast, csm: Client) -> None:
    brought = bring_in(csm, cast.at("customers/import/"), b"external_id,name\na,#N/A\n")
    assert [error.message for error in brought.result.errors] == [
        "The sheet shows the error #N/A here."
    ]


def test_what_goes_out_as_a_workbook_comes_back_as_it_was(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.change_customer(
            customer=cast.customer,
            fields={
                "name": "=1+1",
                "industry": "Energy",
                "yearly_amount": Decimal("1200.50"),
                "renewal_date": date(2027, 3, 1),
                "working_days": [1, 2, 3, 4],
                "holiday_region": "DE-BY",
            },
            references={"salesforce": "+49"},
            today=date(2026, 11, 1),
        )
    answer = csm.get(cast.at("customers/export.xlsx"))
    cells = [cell for row in openpyxl.load_workbook(BytesIO(answer.content)).active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert {"=1+1", "+49"} <= {cell.value for cell in cells}
    brought = bring_in(csm, cast.at("customers/import/"), answer.content, "book.xlsx")
    assert (brought.result.unchanged, brought.result.something) == (2, False)


def test_a_roster_goes_out_as_a_workbook_and_comes_back(cast: Cast, csm: Client) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/roster")
    bring_in(csm, f"{path}/import/", b"user id,full name,access\nu1,Bo,2026-03-01\n")
    answer = csm.get(f"{path}.xlsx")
    brought = bring_in(csm, f"{path}/import/", answer.content, "roster.xlsx")
    assert (brought.result.unchanged, brought.result.something) == (1, False)


def test_a_file_that_waits_is_offered_and_can_be_discarded(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, CRM)
    begin = cast.at("customers/import/")
    assert columns in csm.get(begin).content.decode()
    roster = cast.at(f"engagements/{cast.engagement.pk}/roster/import/")
    assert columns not in csm.get(roster).content.decode()
    assert csm.post(f"{columns}discard/")["Location"] == begin
    assert csm.get(columns).status_code == 404


def test_a_file_nobody_brings_in_goes_after_a_day(cast: Cast, csm: Client) -> None:
    upload(csm, cast, CRM)
    now = datetime.now(UTC)
    with tenant_scope(cast.tenant.pk):
        for later, left in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
            operations.drop_stale_imports(business_date=now.date(), now=now + later)
            assert StagedImport.objects.count() == left


def test_who_may_bring_files_in(cast: Cast, csm: Client, executive: Client, lead: Client) -> None:
    columns = upload(csm, cast, CRM)
    for step in ("", "check/", "faults.csv"):
        assert executive.get(columns + step).status_code == 403
        assert lead.get(columns + step).status_code == 403
    rival = cast.browser(cast.stranger)
    path = columns.replace(f"/w/{cast.tenant.slug}/", f"/w/{cast.other_tenant.slug}/")
    assert rival.get(path).status_code == 404


def test_columns_of_another_workspace_are_not_there(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.other_tenant.pk):
        theirs = operations.keep_mapping(
            kind="customers", name="Theirs", columns={"account_id": "name"}, by=None
        )
    columns = upload(csm, cast, CRM)
    page = csm.get(columns, {"as": str(theirs.pk)})
    assert page.context["named"] is None
    assert "Theirs" not in page.content.decode()
    assert csm.post(cast.at(f"mappings/{theirs.pk}/forget/")).status_code == 404


def test_each_step_asks_few_questions(cast: Cast, csm: Client) -> None:
    columns = upload(csm, cast, CRM)
    csm.post(columns, as_guessed(csm.get(columns)))
    assert queries_of(csm, cast.at("customers/import/")) <= MOST_QUERIES
    assert queries_of(csm, columns) <= MOST_QUERIES


@pytest.mark.parametrize("name", ["../../x.csv", "<img src=x>.csv", "x" * 400 + ".csv"])
def test_a_file_name_is_shown_as_text(cast: Cast, csm: Client, name: str) -> None:
    file = SimpleUploadedFile("x.csv", CRM)
    file.name = name
    response = csm.post(cast.at("customers/import/"), {"file": file})
    assert "<img src=x>" not in csm.get(response["Location"]).content.decode()


def test_ten_thousand_people_come_in_within_few_questions(
    cast: Cast, csm: Client, django_assert_max_num_queries: object
) -> None:
    head = b"external_id,name,email,access_since\n"
    rows = b"".join(
        b"u%d,Person %d,u%d@example.org,2026-03-01\n" % (n, n, n) for n in range(10_000)
    )
    path = cast.at(f"engagements/{cast.engagement.pk}/roster/import/")
    columns = csm.post(path, {"file": SimpleUploadedFile("r.csv", head + rows)})["Location"]
    check = csm.post(columns, as_guessed(csm.get(columns)))["Location"]
    with django_assert_max_num_queries(80):  # type: ignore[operator]
        csm.post(check)
    with tenant_scope(cast.tenant.pk):
        assert RosterEntry.objects.count() == EndUser.objects.count() == 10_000


def test_write_only_books_keep_texts_apart_from_formulas() -> None:
    content = write_workbook(["a"], [["=1+1"], ["\x01x"], [""], [None]], title="T" * 40)
    rows = list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert rows == [("a",), ("=1+1",), ("x",)] + [(None,)] * (len(rows) - 3)
