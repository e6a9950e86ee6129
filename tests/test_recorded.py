"""What people do to data stands in the audit log: with who, about whom, and before and after."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from adoption import operations as adoption
from adoption.imports import import_plan
from adoption.models import Plan
from engagements import imports
from engagements import operations as engagements
from metrics import operations as metrics
from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE, Baseline
from rendering.spreadsheets import read_table
from tenancy.models import AuditEntry
from tenancy.scope import Realm, tenant_scope
from tests import factories
from tests.factories import TODAY, Cast
from usage import operations as usage

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
PLAN = b"id,name,duration,predecessors\n1,First,5d,\n2,Second,5d,1\n"


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


class Log:
    """What was recorded since it was made."""

    def __init__(self) -> None:
        self.start = self._all().count()

    def _all(self) -> Any:
        return AuditEntry.objects.order_by("seq")

    @property
    def entries(self) -> list[AuditEntry]:
        return list(self._all()[self.start :])

    @property
    def said(self) -> list[tuple[str, dict[str, Any]]]:
        return [(entry.action, entry.facts) for entry in self.entries]


def test_a_customers_life_is_recorded(inside: Cast) -> None:
    log = Log()
    customer = factories.make_customer("new", seats=5)
    fields = {"name": "Newer", "time_zone": customer.time_zone, "csm": inside.csm}
    engagements.change_customer(customer=customer, fields=fields, seats=9, today=TODAY)
    engagements.change_customer(customer=customer, fields=fields, seats=9, today=TODAY)
    engagements.archive_customer(customer=customer, now=NOW)
    engagements.restore_customer(customer=customer)
    assert log.said == [
        ("customer.created", {"external_id": "new", "seats": 5}),
        ("customer.changed", {"name": ["New", "Newer"], "csm": [None, "Csm"], "seats": [5, 9]}),
        ("customer.archived", {}),
        ("customer.restored", {}),
    ]
    assert {entry.about_customer_id for entry in log.entries} == {customer.pk}


def test_an_engagements_life_is_recorded(inside: Cast) -> None:
    log = Log()
    engagement = factories.make_engagement(inside.customer, "HALDEN-2")
    lead = engagements.name_stakeholder(customer=inside.customer, name="Kari Lund")
    engagements.change_engagement(engagement=engagement, fields={"lead": lead, "phase": "value"})
    assert log.said == [
        ("engagement.created", {"phase": "adopt"}),
        ("stakeholder.named", {}),
        ("engagement.changed", {"lead": [None, "Kari Lund"], "phase": ["adopt", "value"]}),
    ]


def test_a_form_tells_what_was_before(cast: Cast, csm: Client) -> None:
    """A form's row has the new values before the operation sees it."""
    row = {"name": "Halden AS", "external_id": "halden", "time_zone": "Europe/Oslo", "seats": 100}
    assert csm.post(cast.at(f"customers/{cast.customer.pk}/edit/"), row).status_code == 302
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.latest("seq")
    assert entry.facts["name"] == ["Halden", "Halden AS"]
    assert (entry.actor_name, entry.actor_id) == ("Csm", cast.csm.pk)


def test_an_import_is_one_entry_and_a_rehearsal_none(inside: Cast) -> None:
    table = read_table(b"external_id,name\nhalden,Halden AS\nx-1,One\nx-2,Two\n")
    log = Log()
    imports.import_customers(table=table, today=TODAY, keep=False)
    assert log.said == []
    imports.import_customers(table=table, today=TODAY)
    counts = {"customers_created": 2, "customers_changed": 1, "engagements": 0}
    assert log.said == [("customers.imported", counts)]


def test_customers_that_events_bring_are_recorded(inside: Cast) -> None:
    log = Log()
    engagements.ensure_customers(external_ids={"halden", "b", "a"}, time_zone="UTC")
    engagements.ensure_customers(external_ids={"a", "b"}, time_zone="UTC")
    assert log.said == [("customers.brought_by_events", {"count": 2, "external_ids": ["a", "b"]})]


def read_plan(cast: Cast, file_name: str) -> Plan:
    return import_plan(
        engagement=cast.engagement,
        source=BytesIO(PLAN),
        file_name=file_name,
        imported_by=cast.csm,
        now=NOW,
    )


def test_a_plan_that_replaces_another_says_which(inside: Cast) -> None:
    log = Log()
    read_plan(inside, "a.csv")
    plan = read_plan(inside, "b.csv")
    adoption.follow_today(plan=plan, follows=True, now=NOW)
    (first, imported), (second, replaced), (third, changed) = log.said
    assert (first, second, third) == ("plan.imported", "plan.replaced", "plan.changed")
    assert (imported["file"], imported["work_packages"]) == ("a.csv", 2)
    assert replaced["file"] == ["a.csv", "b.csv"]
    assert changed == {"follows_today": [False, True]}
    assert {entry.subject_id for entry in log.entries} == {str(inside.engagement.pk)}


def test_the_night_is_nobodys_act(inside: Cast) -> None:
    plan = read_plan(inside, "a.csv")
    adoption.follow_today(plan=plan, follows=True, now=NOW)
    log = Log()
    adoption.reschedule_plans(business_date=TODAY, now=NOW)
    metrics.refresh_readings(business_date=TODAY, now=NOW)
    assert log.said == []


def test_what_the_customers_lead_does_is_recorded_too(cast: Cast, lead: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        read_plan(cast, "a.csv")
    path = cast.at(f"engagements/{cast.engagement.pk}/plan/today/")
    assert lead.post(path).status_code == 302
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.latest("seq")
        assert (entry.action, entry.actor_name) == ("plan.changed", "Lead")
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert not AuditEntry.objects.exists()


def test_measures_are_recorded_with_what_was_agreed_before(inside: Cast) -> None:
    log = Log()
    measure = metrics.define_measure(engagement=inside.engagement, definition=ACTIVE_USERS, now=NOW)
    terms = metrics.Terms(
        baseline=Baseline(2, date(2026, 1, 5), "count"),
        quality="people at work",
        amount=40,
        deadline=TODAY + timedelta(days=60),
        agreed_date=date(2026, 2, 2),
        for_customer="Kari",
    )
    metrics.agree_target(measure=measure, terms=terms, agreed_by=inside.csm)
    metrics.agree_target(measure=measure, terms=replace(terms, amount=55), agreed_by=inside.csm)
    metrics.remove_measure(measure=measure, now=NOW)
    actions = [action for action, _facts in log.said]
    assert actions == ["measure.defined", "target.agreed", "target.agreed", "measure.removed"]
    assert log.said[1][1]["amount"] == 40
    assert log.said[2][1] == {"amount": [40, 55]}


def test_a_corrected_reading_says_what_stood_there(inside: Cast) -> None:
    measure = metrics.define_measure(
        engagement=inside.engagement, definition=NEW_ROUTE_SHARE, now=NOW
    )
    log = Log()
    for amount in (0.5, 0.75):
        metrics.record_reading(
            measure=measure,
            day=date(2026, 11, 2),
            amount=amount,
            now=NOW,
            today=TODAY,
            recorded_by=inside.csm,
        )
    assert log.said == [
        ("reading.recorded", {"day": "2026-11-02", "amount": 0.5}),
        ("reading.corrected", {"day": "2026-11-02", "amount": [0.5, 0.75]}),
    ]


def test_source_keys_come_and_go_without_their_secret(inside: Cast) -> None:
    log = Log()
    source, key = usage.create_source(name="Web")
    usage.revoke_source_key(source=source, prefix=key.prefix, now=NOW)
    usage.revoke_source_key(source=source, prefix=key.prefix, now=NOW)
    assert [action for action, _facts in log.said] == [
        "source.created",
        "source_key.created",
        "source_key.revoked",
    ]
    assert key.text.rpartition("_")[2] not in json.dumps(log.said)


def test_an_event_that_brings_a_customer_names_its_source(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _source, key = usage.create_source(name="Web", creates_customers=True)
    item = {
        "type": "track",
        "event": "Opened",
        "messageId": "m-1",
        "userId": "u",
        "context": {"groupId": "brand-new"},
    }
    body = {"writeKey": key.text, "batch": [item]}
    Client().post("/v1/batch", json.dumps(body), content_type="application/json")
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.actor_kind, entry.actor_name, entry.address) == (
        "customers.brought_by_events",
        "source",
        "Web",
        "127.0.0.1",
    )


def test_a_file_of_events_is_recorded_from_upload_to_end(cast: Cast, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(
        "message_id,timestamp,customer_id,user_id,event\nm,2026-11-02T09:00:00Z,halden,u,Opened\n"
    )
    bad.write_text("nothing,of,this\n1,2,3\n")
    with tenant_scope(cast.tenant.pk):
        log = Log()
        rows = [
            usage.start_import(file_name=path.name, stored_as="", mapping={}, created_by=cast.csm)
            for path in (good, bad)
        ]
    for row, path in zip(rows, (good, bad), strict=True):
        usage.read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW)
    with tenant_scope(cast.tenant.pk):
        begun, _begun, finished, refused = log.said
        assert begun == ("usage_import.begun", {})
        assert finished == ("usage_import.finished", {"rows_read": 1, "rows_new": 1})
        assert refused[0] == "usage_import.refused"
        assert refused[1]["problem"]


def test_what_leaves_is_recorded(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        read_plan(cast, "a.csv")
        measure = metrics.define_measure(
            engagement=cast.engagement, definition=ACTIVE_USERS, now=NOW
        )
        log = Log()
    engagement = f"engagements/{cast.engagement.pk}"
    for path in (
        "book.csv?phase=adopt",
        "customers/export.csv",
        f"{engagement}/plan.csv",
        f"{engagement}/usage.csv",
        f"measures/{measure.pk}/readings.csv",
    ):
        assert csm.get(cast.at(path)).status_code == 200
    with tenant_scope(cast.tenant.pk):
        assert [action for action, _facts in log.said] == [
            "book.exported",
            "customers.exported",
            "plan.exported",
            "usage.exported",
            "readings.exported",
        ]
        assert log.said[0][1] == {"filters": "phase=adopt"}
        assert log.said[2][1] == {"form": "csv"}
