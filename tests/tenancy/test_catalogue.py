"""What PostgreSQL itself says about every table: the isolation that a forgotten line would lose."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection, connections

from tenancy import rls
from tenancy.checks import GLOBAL_TABLES, THIRD_PARTY
from tenancy.models import TenantModel

DJANGO_TABLES = {"django_migrations", "django_content_type", "django_session"}


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


def plain(expression: str) -> str:
    """An expression without the brackets, casts and aliases PostgreSQL prints it with."""
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
    yield from customer_faults(table, found)
    yield from key_faults(table)


def customer_faults(table: str, found: dict[str, Policy]) -> Iterator[str]:
    column = "id" if table == "engagements_customer" else "customer_id"
    if column == "customer_id" and column not in columns(table):
        return
    rule = plain(f"{rls.STAFF_IN_FORCE} OR {column} = {rls.CUSTOMER_IN_FORCE}")
    wanted = Policy("customer_isolation", False, "ALL", rule, rule)
    if found.get("customer_isolation") != wanted:
        yield "the customer policy is missing or altered"


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
        try:
            assert set(unprotected()) == {"planted"}
            assert len(unprotected()["planted"]) >= 4
        finally:
            cursor.execute("DROP TABLE planted")


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


def test_nothing_runs_with_more_rights_than_the_caller(db: None) -> None:
    assert (
        rows(
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname = 'public' AND prosecdef"
        )
        == []
    )
    assert (
        rows(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND (relkind = 'm' OR (relkind = 'v'"
            " AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)))"
        )
        == []
    )
