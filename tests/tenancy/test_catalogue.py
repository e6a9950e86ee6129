"""What PostgreSQL itself says about every table: the isolation that a forgotten line would lose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from tenancy import rls
from tenancy.checks import GLOBAL_TABLES, THIRD_PARTY
from tenancy.models import TenantModel
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast
from usage.models import Quarantined, Receipt, Source
from usage.operations import create_source

DJANGO_TABLES = {"django_migrations", "django_content_type", "django_session"}
NOW = datetime(2026, 11, 18, tzinfo=UTC)
# Tables of workspace data whose rows belong to no customer and yet are for both sides.
SHARED_BY_BOTH_SIDES = {
    "tenancy_audithead": "a number and a hash, read by the trigger whoever writes an entry",
    "engagements_filespace": "a number of bytes, counted by whoever brings a file",
    "usage_usagerules": "how a number is counted, said wherever the number is shown",
    "metrics_owndefinition": "how a number is counted, said wherever the number is shown",
}
# Tables of customers' data that the customer's side is not shown.
ABOUT_CUSTOMERS_FOR_STAFF: dict[str, str] = {
    "engagements_invitee": "who answered and who did not is nothing a superior should see",
    "metrics_alert": "what our side is worried about, and whose job it is",
    "metrics_healthscore": "our own judgement of the customer, and how it is weighed",
    "engagements_interview": "the notes are the interviewer's own side's",
    "usage_belonging": "intake reads it before it knows a customer",
    "usage_domain": "one customer's domains are no other's business",
    "usage_groupname": "what the vendor's systems call a customer",
    "usage_touch": "it names several customers, and is the night's alone",
}
# Tables both sides write to and staff alone reads.
READ_BY_STAFF = {
    "tenancy_auditentry": "what the customer's side does is written down for staff",
}
# Functions that run with their owner's rights.
DEFINERS = {
    "tenancy_chain_audit_entry": "the app may not touch the head of the chain",
    "tenancy_forget_audit": "the app may not delete entries; a workspace that is due goes whole",
    "usage_empty_months": "the app may not empty tables; a month that nobody keeps goes whole",
    "usage_make_months": "the app may not make tables; the night needs room for coming months",
}


@dataclass(frozen=True)
class Policy:
    name: str
    permissive: bool
    command: str
    using: str
    check: str


def global_tables() -> set[str]:
    names = {apps.get_model(label)._meta.db_table for label in GLOBAL_TABLES}
    for label in THIRD_PARTY:
        names |= {model._meta.db_table for model in apps.get_app_config(label).get_models(True)}
    return names | DJANGO_TABLES


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def tables() -> list[str]:
    """Every table and every partition, of the schema the product uses."""
    found = rows(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind IN ('r', 'p') ORDER BY 1"
    )
    return [name for (name,) in found]


def plain(expression: str | None) -> str:
    """An expression without the brackets, casts and aliases PostgreSQL prints it with."""
    expression = expression or ""
    for noise in ("(", ")", ' AS "nullif"', " AS current_setting", "::text"):
        expression = expression.replace(noise, "")
    return " ".join(expression.lower().split())


def policies(table: str) -> dict[str, Policy]:
    found = rows(
        "SELECT policyname, permissive, cmd, qual, with_check FROM pg_policies"
        f" WHERE schemaname = 'public' AND tablename = '{table}'"
    )
    return {
        name: Policy(name, permissive == "PERMISSIVE", command, plain(using), plain(check))
        for name, permissive, command, using, check in found
    }


def faults(table: str) -> Iterator[str]:
    """What is wrong with the protection of one table of workspace data."""
    ((enabled, forced),) = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class"
        f" WHERE oid = 'public.\"{table}\"'::regclass"
    )
    if not (enabled and forced):
        yield "row security is not enabled and forced"
    found = policies(table)
    rule = plain(f"tenant_id = {rls.TENANT_IN_FORCE}")
    if found.get("tenant_isolation") != Policy("tenant_isolation", True, "ALL", rule, rule):
        yield "the tenant policy is missing or altered"
    if sum(policy.permissive for policy in found.values()) != 1:
        yield "there is more than one permissive policy"
    narrowing = {name: policy for name, policy in found.items() if not policy.permissive}
    if narrowing != sides(table):
        yield "what the customer's side may see is not said, or altered"
    yield from key_faults(table)


def sides(table: str) -> dict[str, Policy]:
    """How the customer's side is held back: one customer's rows, none, or stated to be shared."""
    column = "id" if table == "engagements_customer" else "customer_id"
    if column == "id" or column in columns(table):
        rule = f"{rls.STAFF_IN_FORCE} OR {column} = {rls.CUSTOMER_IN_FORCE}"
        return restrictive("customer_isolation", rule) | own_rows(table)
    if table in SHARED_BY_BOTH_SIDES:
        return {}
    if table in READ_BY_STAFF:
        rule = plain(rls.STAFF_IN_FORCE)
        return {"staff_reads": Policy("staff_reads", False, "SELECT", rule, "")}
    return restrictive("staff_only", rls.STAFF_IN_FORCE)


def own_rows(table: str) -> dict[str, Policy]:
    """Which rows about their own customer the customer's side is not shown either."""
    if "shared" in columns(table):
        return restrictive("shared_rows", f"{rls.STAFF_IN_FORCE} OR shared")
    if table in ABOUT_CUSTOMERS_FOR_STAFF:
        return restrictive("staff_only", rls.STAFF_IN_FORCE)
    return {}


def restrictive(name: str, rule: str) -> dict[str, Policy]:
    return {name: Policy(name, False, "ALL", plain(rule), plain(rule))}


def columns(table: str) -> set[str]:
    found = rows(
        "SELECT column_name FROM information_schema.columns"
        f" WHERE table_schema = 'public' AND table_name = '{table}'"
    )
    return {name for (name,) in found}


def key_faults(table: str) -> Iterator[str]:
    """Primary and unique keys lead with the workspace; foreign keys to guarded tables carry it."""
    found = rows(
        "SELECT contype, conname, confrelid::regclass::text,"
        " (SELECT array_agg(attname::text ORDER BY place) FROM"
        "  unnest(conkey) WITH ORDINALITY AS k(number, place)"
        "  JOIN pg_attribute ON attrelid = conrelid AND attnum = number)"
        f" FROM pg_constraint WHERE conrelid = 'public.\"{table}\"'::regclass"
        " AND contype IN ('p', 'u', 'f')"
    )
    open_tables = global_tables()
    for kind, name, target, names in found:
        if kind == "f" and target.strip('"') in open_tables:
            continue
        if names[0] != "tenant_id":
            yield f"the key {name} does not carry the workspace"
    if not any(kind == "p" for kind, *_rest in found):
        yield "there is no primary key"


def unprotected() -> dict[str, list[str]]:
    guarded = [name for name in tables() if name not in global_tables()]
    return {name: found for name in guarded if (found := list(faults(name)))}


def test_every_table_and_partition_is_protected(db: None) -> None:
    assert unprotected() == {}


def test_every_model_of_workspace_data_has_its_table_checked(db: None) -> None:
    guarded = set(tables()) - global_tables()
    ours = {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantModel)}
    assert ours <= guarded


def test_a_planted_table_without_protection_is_found(
    committed: None, request: pytest.FixtureRequest
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE planted (id uuid PRIMARY KEY, tenant_id uuid, customer_id uuid)"
        )
        cursor.execute("CREATE TABLE half (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id))")
        for statement in rls.policies("half", None):
            cursor.execute(statement)
        try:
            assert set(unprotected()) == {"half", "planted"}
            assert len(unprotected()["planted"]) >= 4
            # Neither a customer's nor kept to staff nor on the list.
            assert len(unprotected()["half"]) == 1
            cursor.execute(rls.staff_policy("half"))
            assert set(unprotected()) == {"planted"}
        finally:
            cursor.execute("DROP TABLE planted, half")


@pytest.mark.parametrize("table", ["usage_source", "usage_quarantined", "usage_receipt"])
def test_the_customer_side_finds_a_staff_table_empty(cast: Cast, table: str) -> None:
    with tenant_scope(cast.tenant.pk):
        source, _key = create_source(name="Web")
        Quarantined.objects.create(source=source, received_at=NOW, reason="r", item={})
        Receipt.objects.create()
        assert rows(f"SELECT count(*) FROM {table}") == [(1,)]
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Source.objects.create(name="Mine")


def test_the_app_role_has_no_way_around(db: None) -> None:
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert (
        rows(
            "SELECT 1 FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles"
            " WHERE rolname = current_user)"
        )
        == []
    )
    assert (
        rows(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p')"
            " AND (has_table_privilege(pg_class.oid, 'TRUNCATE')"
            "      OR pg_get_userbyid(relowner) = current_user)"
        )
        == []
    )
    assert rows("SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]


def test_no_exception_is_made_for_a_table_that_is_not_there(db: None) -> None:
    assert {*SHARED_BY_BOTH_SIDES, *READ_BY_STAFF} <= set(tables()) - global_tables()


def test_nothing_runs_with_more_rights_than_the_caller(db: None) -> None:
    """But for functions listed with a reason, which look names up where nobody can plant any.

    Temporary tables come first unless they are named last.
    """
    definers = rows(
        "SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc"
        " JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef"
    )
    assert dict(definers) == dict.fromkeys(DEFINERS, "search_path=pg_catalog, public, pg_temp")
    assert (
        rows(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND (relkind = 'm' OR (relkind = 'v'"
            " AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)))"
        )
        == []
    )
