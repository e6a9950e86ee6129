"""Which of a file's columns is which of ours."""

import pytest

from engagements.imports.columns import Column, applied, fits, guess, plain

OURS = (
    Column("external_id", "External id", ("account id", "id")),
    Column("name", "Name", ("account name", "company")),
    Column("arr", "Recurring revenue a year (ARR)", ("annual recurring revenue",)),
    Column("renewal_date", "Renewal date", ("renewal",)),
    Column("ref:salesforce", "Id in Salesforce", ("salesforce id",)),
)


def test_columns_are_found_as_people_call_them() -> None:
    found = ("Account ID", "Account-Name", "ARR", "Renewal", "Salesforce_Id", "Mood")
    assert guess(found, OURS) == {
        "Account ID": "external_id",
        "Account-Name": "name",
        "ARR": "arr",
        "Renewal": "renewal_date",
        "Salesforce_Id": "ref:salesforce",
        "Mood": "",
    }


def test_our_own_name_comes_before_another_name_and_each_is_taken_once() -> None:
    assert guess(("id", "external_id", "account_id"), OURS) == {
        "id": "",
        "external_id": "external_id",
        "account_id": "",
    }
    assert guess(("company", "account name"), OURS) == {"company": "name", "account name": ""}


def test_a_column_without_a_name_is_nobodys() -> None:
    assert guess(("", "name", ""), OURS) == {"name": "name"}


@pytest.mark.parametrize("text", ["Account Name", "account_name", "ACCOUNT-NAME", " account name "])
def test_case_blanks_and_signs_make_no_difference(text: str) -> None:
    assert plain(text) == "accountname"


def test_kept_columns_fit_a_file_with_the_same_ones() -> None:
    kept = {"Account ID": "external_id", "Mood": ""}
    assert fits(kept, ("mood", "account_id", ""))
    assert not fits(kept, ("account_id",))
    assert not fits(kept, ("account_id", "mood", "more"))


def test_kept_columns_say_only_what_is_there_still() -> None:
    kept = {"Account ID": "external_id", "Mood": "own:gone"}
    assert applied(kept, ("account_id", "mood", "more"), OURS) == {
        "account_id": "external_id",
        "mood": "",
        "more": "",
    }
