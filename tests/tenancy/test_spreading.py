"""What lets the tables be spread over several servers by workspace, as Citus asks for it."""

from django.db import connections

from tests.tenancy.test_catalogue import global_tables, rows, tables

# Found through the workspace too, though no policy guards them: rows of these would be spread as well.
SPREAD_TOO = {
    "tenancy_membership": "a member on a customer's side belongs to that customer",
}


def spread() -> set[str]:
    """Workspace data, the partitions included."""
    return set(tables()) - global_tables()


def unique_faults() -> dict[str, str]:
    """Unique indexes, whoever made them, that no single server could watch over."""
    found = rows(
        "SELECT c.relname, i.indexrelid::regclass::text FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND i.indisunique AND NOT EXISTS ("
        "  SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid"
        "  AND a.attname = 'tenant_id' AND a.attnum = ANY(i.indkey[0:i.indnkeyatts - 1]))"
    )
    return {index: table for table, index in found if table in spread()}


def reference_faults() -> dict[str, str]:
    """Foreign keys to workspace data that do not carry the workspace on both sides."""
    found = rows(
        "SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text, EXISTS ("
        "  SELECT FROM unnest(c.conkey, c.confkey) AS k(own, other)"
        "  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own"
        "  JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other"
        "  WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')"
        " FROM pg_constraint c WHERE c.contype = 'f'"
    )
    guarded = spread()
    return {
        name: f"{own} → {other}"
        for name, own, other, carried in found
        if other in guarded and not (carried and own in guarded | SPREAD_TOO.keys())
    }


def test_every_unique_key_holds_within_a_workspace(db: None) -> None:
    assert unique_faults() == {}


def test_every_reference_to_workspace_data_stays_within_it(db: None) -> None:
    assert reference_faults() == {}


def test_what_could_not_be_spread_is_found(committed: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE planted (tenant_id uuid, id uuid, code text, PRIMARY KEY (tenant_id, id))"
        )
        cursor.execute("CREATE UNIQUE INDEX planted_code ON planted (code)")
        cursor.execute(
            "CREATE TABLE planted_too (tenant_id uuid, of uuid, PRIMARY KEY (tenant_id, of),"
            " CONSTRAINT of_planted FOREIGN KEY (of, tenant_id) REFERENCES planted (tenant_id, id))"
        )
        try:
            assert unique_faults() == {"planted_code": "planted"}
            assert reference_faults() == {"of_planted": "planted_too → planted"}
        finally:
            cursor.execute("DROP TABLE planted_too, planted")
