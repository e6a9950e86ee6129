"""The audit log: who did what, in a chain that shows every alteration."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from tenancy import audit, heads
from tenancy.models import ActorKind, AuditEntry, Tenant
from tenancy.operations import delete_tenant
from tenancy.scope import NoTenant, Realm, tenant_scope
from tests import factories


@pytest.fixture
def tenant(db: None) -> Tenant:
    return factories.make_tenant("chained")


def record_some(tenant: Tenant, count: int = 3) -> None:
    with tenant_scope(tenant.pk):
        for number in range(count):
            audit.record(action="plan.changed", subject_name=f"plan {number}", facts={"n": number})


def entries(tenant: Tenant) -> list[AuditEntry]:
    with tenant_scope(tenant.pk):
        return list(AuditEntry.objects.order_by("seq"))


def forge(tenant: Tenant, statement: str) -> None:
    """What somebody with a superuser's rights could do behind the triggers' back."""
    with connections["owner"].cursor() as cursor:
        for setting, value in (("app.tenant_id", tenant.pk), ("app.realm", "staff")):
            cursor.execute("SELECT set_config(%s, %s, false)", [setting, str(value)])
        cursor.execute("ALTER TABLE tenancy_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE tenancy_auditentry ENABLE TRIGGER USER")
    connections["owner"].close()


def verdict(tenant: Tenant, *published: audit.Head) -> audit.Verdict:
    with tenant_scope(tenant.pk):
        return audit.verify(published=published)


def test_an_entry_says_who_did_what_to_what(tenant: Tenant) -> None:
    admin = factories.make_user("ada")
    actor = audit.Actor(ActorKind.PERSON, str(admin), admin.pk, "192.0.2.7")
    with tenant_scope(tenant.pk), audit.acting(actor):
        audit.record(
            action="workspace.renamed",
            subject=tenant,
            facts=audit.changes(tenant, {"name": "New", "currency": tenant.currency}),
        )
    (entry,) = entries(tenant)
    assert (entry.actor_name, entry.actor_id, entry.address) == ("Ada", admin.pk, "192.0.2.7")
    assert (entry.subject_kind, entry.subject_id) == ("Tenant", str(tenant.pk))
    assert entry.facts == {"name": ["Chained", "New"]}
    assert entry.recorded_at is not None


def test_outside_a_request_it_is_the_product_that_acts(tenant: Tenant) -> None:
    record_some(tenant, 1)
    (entry,) = entries(tenant)
    assert (entry.actor_kind, entry.actor_name) == (ActorKind.SYSTEM, "AdoptIQ")


def test_nothing_is_recorded_outside_a_workspace(tenant: Tenant) -> None:
    with pytest.raises(NoTenant):
        audit.record(action="plan.changed")


def test_entries_are_numbered_without_gaps_also_after_a_rollback(tenant: Tenant) -> None:
    record_some(tenant, 2)
    with pytest.raises(ZeroDivisionError), tenant_scope(tenant.pk):
        audit.record(action="plan.changed")
        _ = 1 / 0
    record_some(tenant, 1)
    assert [entry.seq for entry in entries(tenant)] == [1, 2, 3]
    assert verdict(tenant) == audit.Verdict(3, audit.Head(3, bytes(entries(tenant)[-1].row_hash)))


def test_each_workspace_has_a_chain_of_its_own(tenant: Tenant) -> None:
    other = factories.make_tenant("beside")
    record_some(tenant, 2)
    record_some(other, 1)
    assert [entry.seq for entry in entries(other)] == [1]
    assert len(entries(tenant)) == 2
    assert verdict(other).holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenancy_auditentry SET actor_name = 'somebody else'",
        "DELETE FROM tenancy_auditentry",
        "TRUNCATE tenancy_auditentry",
        "UPDATE tenancy_audithead SET seq = 0",
        "DELETE FROM tenancy_audithead",
        "INSERT INTO tenancy_audithead (id, tenant_id, seq, row_hash)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), 0, '')",
        "ALTER TABLE tenancy_auditentry DISABLE TRIGGER USER",
    ],
)
def test_the_app_cannot_touch_what_is_written(tenant: Tenant, statement: str) -> None:
    record_some(tenant)
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute(statement)
    assert len(entries(tenant)) == 3


def test_not_even_the_owner_updates_an_entry(committed: None) -> None:
    tenant = factories.make_tenant("chained")
    record_some(tenant)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant.pk)])
        cursor.execute("SELECT set_config('app.realm', 'staff', false)")
        with pytest.raises(ProgrammingError, match="append-only"):
            cursor.execute("UPDATE tenancy_auditentry SET action = 'nothing.happened'")


def test_number_moment_and_hash_are_the_databases_whatever_is_sent(tenant: Tenant) -> None:
    with tenant_scope(tenant.pk):
        AuditEntry.objects.create(
            actor_kind="system",
            actor_name="x",
            action="x.y",
            seq=77,
            row_hash=b"forged",
            recorded_at=timezone.now().replace(year=2001),
        )
    (entry,) = entries(tenant)
    assert (entry.seq, bytes(entry.row_hash) == b"forged") == (1, False)
    assert entry.recorded_at is not None and entry.recorded_at.year > 2001


@pytest.mark.parametrize(
    ("forgery", "fault"),
    [
        ("UPDATE tenancy_auditentry SET actor_name = 'X' WHERE seq = 2", "entry 2 was altered"),
        ("UPDATE tenancy_auditentry SET facts = '{}' WHERE seq = 3", "entry 3 was altered"),
        (
            "UPDATE tenancy_auditentry SET recorded_at = recorded_at - interval '1 microsecond'"
            " WHERE seq = 1",
            "entry 1 was altered",
        ),
        ("DELETE FROM tenancy_auditentry WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM tenancy_auditentry WHERE seq = 1", "entry 1 is missing"),
        (
            "DELETE FROM tenancy_auditentry WHERE seq > 2",
            "the end is cut off: entries 3 to 4 are gone",
        ),
        (
            "UPDATE tenancy_auditentry SET prev_hash = 'a' WHERE seq = 4",
            "entry 4 does not follow from entry 3",
        ),
    ],
)
def test_a_forgery_is_named(committed: None, forgery: str, fault: str) -> None:
    tenant = factories.make_tenant("chained")
    record_some(tenant, 4)
    forge(tenant, forgery)
    assert verdict(tenant).fault == fault


def test_a_cut_that_mends_the_head_shows_against_what_was_published(committed: None) -> None:
    tenant = factories.make_tenant("chained")
    record_some(tenant, 4)
    published = audit.Head(4, bytes(entries(tenant)[-1].row_hash))
    forge(
        tenant,
        "DELETE FROM tenancy_auditentry WHERE seq > 2;"
        " UPDATE tenancy_audithead SET seq = 2, row_hash ="
        " (SELECT row_hash FROM tenancy_auditentry WHERE seq = 2)",
    )
    assert verdict(tenant).holds
    cut = "the end is cut off: entries 3 to 4 are gone"
    assert verdict(tenant, published).fault == cut
    record_some(tenant, 2)
    rewritten = "entry 4 is not the one whose hash was published"
    assert verdict(tenant, published).fault == rewritten


def test_the_customers_side_writes_entries_and_reads_none(cast: factories.Cast) -> None:
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        audit.record(action="package.completed", about_customer_id=cast.customer.pk)
        assert AuditEntry.objects.count() == 0
    assert entries(cast.tenant)[-1].action == "package.completed"


def publish(tenant: Tenant) -> None:
    with tenant_scope(tenant.pk):
        heads.publish_head(business_date=date(2026, 11, 20), now=timezone.now())


def test_heads_are_published_beside_the_database(
    tenant: Tenant, tmp_path: Path, settings: Any
) -> None:
    settings.AUDIT_HEADS_FILE = tmp_path / "heads.jsonl"
    publish(tenant)
    record_some(tenant, 3)
    publish(tenant)
    lines = [json.loads(line) for line in settings.AUDIT_HEADS_FILE.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [0, 3]
    assert heads.published_heads(settings.AUDIT_HEADS_FILE) == {tenant.pk: (verdict(tenant).head,)}
    assert settings.AUDIT_HEADS_FILE.stat().st_mode & 0o077 == 0


def test_the_command_says_what_holds_and_fails_on_what_does_not(
    committed: None, tmp_path: Path, settings: Any
) -> None:
    settings.AUDIT_HEADS_FILE = tmp_path / "heads.jsonl"
    good, bad = factories.make_tenant("good"), factories.make_tenant("bad")
    for tenant in (good, bad):
        record_some(tenant)
        publish(tenant)
    out, err = StringIO(), StringIO()
    call_command("verify_audit", heads=settings.AUDIT_HEADS_FILE, stdout=out)
    assert out.getvalue().splitlines() == [
        "bad: whole, 3 entries (last published: 3).",
        "good: whole, 3 entries (last published: 3).",
    ]
    forge(bad, "DELETE FROM tenancy_auditentry WHERE seq = 3")
    with pytest.raises(CommandError, match="1 of 2 audit logs do not hold"):
        call_command("verify_audit", heads=settings.AUDIT_HEADS_FILE, stdout=out, stderr=err)
    assert err.getvalue() == "bad: the end is cut off: entry 3 is gone.\n"


def test_a_line_that_is_no_head_is_named(tmp_path: Path, db: None) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text("not a head\n")
    with pytest.raises(CommandError, match="line 1: this is no published head"):
        call_command("verify_audit", heads=path)


def test_only_a_workspace_that_may_go_takes_its_log_along(committed: None) -> None:
    staying = factories.make_tenant("staying")
    leaving = factories.make_tenant("leaving", is_demo=True)
    for tenant in (staying, leaving):
        record_some(tenant)
    with pytest.raises(ProgrammingError, match="whose deletion is due"):
        delete_tenant(tenant=staying)
    delete_tenant(tenant=leaving)
    assert list(Tenant.objects.values_list("slug", flat=True)) == ["staying"]
    assert verdict(staying).entries == 3
