"""The audit page: who may read it, what it finds, and what it says of itself."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from people.queries.audit import AuditFilters, get_audit_page, said
from tenancy import audit, heads
from tenancy.models import ActorKind, AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import queries_of, statuses

OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def record(cast: Cast, **values: Any) -> None:
    actor = audit.Actor(ActorKind.PERSON, "Ada", cast.admin.pk, "192.0.2.7")
    with tenant_scope(cast.tenant.pk), audit.acting(actor):
        audit.record(**({"action": "customer.changed"} | values))


def lines(browser: Client, cast: Cast, **query: str) -> list[dict[str, str]]:
    response = browser.get(cast.at("settings/audit/log.csv"), query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_only_administrators_read_it(cast: Cast) -> None:
    roles = ("admin", "manager", "csm", "executive", "lead", "member")
    browsers = {role: cast.browser(getattr(cast, role)) for role in roles}
    refused = dict.fromkeys(roles[1:], 403)
    for path in ("settings/audit/", "settings/audit/log.csv"):
        assert statuses(browsers, "get", cast.at(path)) == {"admin": 200} | refused
    verify = statuses(browsers, "post", cast.at("settings/audit/verify/"))
    assert verify == {"admin": 302} | refused


def test_an_entry_stands_with_what_was_before_and_after(cast: Cast, admin: Client) -> None:
    record(
        cast,
        subject=cast.customer,
        facts={"name": ["Halden", "Halden AS"], "seats": 12, "csm": [None, "Bo"]},
        about_customer_id=cast.customer.pk,
    )
    text = admin.get(cast.at("settings/audit/")).content.decode()
    assert "<b>Customer changed</b>" in text
    assert "<del>Halden</del>" in text and "<ins>Halden AS</ins>" in text
    assert "<del>–</del>" in text
    assert "192.0.2.7" in text
    assert f'href="/w/acme/customers/{cast.customer.pk}/"' in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"a", "b", "c"}),
        ({"who": "ADA"}, {"a", "b", "c"}),
        ({"who": "nobody"}, set()),
        ({"action": "plan.replaced"}, {"b"}),
        ({"subject": "C"}, {"c"}),
        ({"customer": "solb"}, {"b"}),
        ({"customer": "halden", "who": "ada"}, {"a"}),
        ({"customer": "nowhere"}, set()),
        ({"first": "2999-01-01"}, set()),
        ({"last": "2999-01-01"}, {"a", "b", "c"}),
        ({"first": "2020-01-01", "action": "customer.changed"}, {"a", "c"}),
    ],
)
def test_filters_stand_in_the_address(
    cast: Cast, admin: Client, query: dict[str, str], found: set[str]
) -> None:
    record(cast, subject_name="a", about_customer_id=cast.customer.pk)
    record(
        cast, subject_name="b", action="plan.replaced", about_customer_id=cast.second_customer.pk
    )
    record(cast, subject_name="c")
    ours = {"a", "b", "c"}
    assert {line["subject"] for line in lines(admin, cast, **query)} & ours == found
    text = admin.get(cast.at("settings/audit/"), query).content.decode()
    shown = {name for name in ours if f'<span class="line2">{name}' in text}
    assert shown == found


def test_days_are_those_of_the_workspace(cast: Cast) -> None:
    record(cast, subject_name="now")
    today = timezone.now().astimezone(OSLO).date()
    with tenant_scope(cast.tenant.pk):
        stamp = AuditEntry.objects.get(subject_name="now").recorded_at
        assert stamp is not None and stamp.astimezone(OSLO).date() == today
        for first, last, there in (
            (today, today, True),
            (today + timedelta(days=1), None, False),
            (None, today - timedelta(days=1), False),
        ):
            page = get_audit_page(
                filters=AuditFilters(subject="now", first=first, last=last),
                zone=OSLO,
                tenant_id=cast.tenant.pk,
            )
            assert bool(page.lines) is there


@pytest.mark.parametrize(
    "query", ["first=x", "last=2026-02-30", "before=x", "who=%00", "before=-1"]
)
def test_an_address_that_makes_no_sense_does_no_harm(cast: Cast, admin: Client, query: str) -> None:
    response = admin.get(cast.at(f"settings/audit/?{query}"))
    assert response.status_code == 200
    if "st=" in query:
        assert "is no day" in response.content.decode()


def test_older_entries_come_on_further_pages(cast: Cast, admin: Client) -> None:
    for number in range(60):
        record(cast, subject_name=f"step {number}")
    first = admin.get(cast.at("settings/audit/"), {"subject": "step"})
    assert [line.subject_name for line, _url in first.context["lines"]] == [
        f"step {number}" for number in range(59, 9, -1)
    ]
    second = admin.get(cast.at("settings/audit/") + "?" + first.context["older"])
    assert [line.subject_name for line, _url in second.context["lines"]] == [
        f"step {number}" for number in range(9, -1, -1)
    ]
    assert second.context["older"] == ""


def test_the_page_costs_the_same_for_many(cast: Cast, admin: Client) -> None:
    record(cast)
    queries_of(admin, cast.at("settings/audit/"))
    before = queries_of(admin, cast.at("settings/audit/"))
    for _number in range(20):
        record(cast, subject=cast.engagement, about_customer_id=cast.customer.pk)
    assert queries_of(admin, cast.at("settings/audit/")) == before <= 12


def test_the_file_holds_the_chain_and_no_formula(cast: Cast, admin: Client) -> None:
    record(cast, subject_name="=1+1", facts={"n": [1, 2]})
    rows = lines(admin, cast)
    # The export itself is the newest entry.
    assert rows[0]["action"] == "audit_log.exported"
    assert rows[1]["subject"] == "'=1+1"
    assert json.loads(rows[1]["facts"]) == {"n": [1, 2]}
    assert rows[0]["hash_before"] == rows[1]["hash"]
    assert datetime.fromisoformat(rows[1]["recorded_at"]).tzinfo


def test_a_long_log_comes_in_portions_and_whole(cast: Cast, admin: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        for number in range(1100):
            audit.record(action="step.taken", subject_name=f"s{number}")
    rows = lines(admin, cast, action="step.taken")
    assert [row["subject"] for row in rows] == [f"s{number}" for number in range(1099, -1, -1)]


def test_the_check_names_what_it_finds(
    cast: Cast, admin: Client, settings: Any, tmp_path: Any
) -> None:
    settings.AUDIT_HEADS_FILE = tmp_path / "heads.jsonl"
    for number in range(3):
        record(cast, subject_name=f"n{number}")
    now = timezone.now()
    with tenant_scope(cast.tenant.pk):
        count = AuditEntry.objects.count()
        heads.publish_head(business_date=now.date(), now=now)
    verify = cast.at("settings/audit/verify/")
    htmx = {"HX-Request": "true", "HX-Target": "chain"}
    said_of_it = admin.post(verify, headers=htmx).content.decode()
    assert f"Whole: {count} entries, none missing or altered" in said_of_it
    assert "agrees with the one hash published" in said_of_it
    # Somebody publishes another end than there is.
    line = json.loads(settings.AUDIT_HEADS_FILE.read_text())
    settings.AUDIT_HEADS_FILE.write_text(json.dumps(line | {"seq": count + 2}) + "\n")
    said_of_it = admin.post(verify, headers=htmx).content.decode()
    assert f"the end is cut off: entries {count + 1} to {count + 2} are gone" in said_of_it
    followed = admin.post(verify, follow=True).content.decode()
    assert "The log does not hold" in followed


def test_values_are_said_in_one_line() -> None:
    assert said(None) == said("") == said([]) == "–"
    assert said({"a": [1, 2], "b": None}) == "a: 1, 2; b: –"
    assert len(said("x" * 5000)) == 300
