"""A backup, brought back into an empty server, is the same product with the same rows."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adoptiq.embedded.binaries import installed
from tests.adoptiq.plant import Plant, plant
from tests.paths import ROOT

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
GUARDS = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole::text,
    (SELECT string_agg(grants::text, ', ' ORDER BY grants::text) FROM unnest(c.relacl) AS grants),
    (SELECT string_agg(format('%s %s %s', polname, pg_get_expr(polqual, polrelid),
        pg_get_expr(polwithcheck, polrelid)), '; ' ORDER BY polname)
     FROM pg_policy WHERE polrelid = c.oid)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
ORDER BY c.relname
"""


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Plant]:
    with plant() as found:
        files = found.home / "files" / "usage"
        files.mkdir(parents=True)
        (files / "june.csv").write_text("a file of somebody's\n")
        found.manage("nightly", "--wait")
        yield found


def rows(works: Plant) -> dict[str, str]:
    """A digest of what each table holds."""
    digest = "SELECT md5(string_agg(held::text, ' ' ORDER BY held::text)) FROM {} AS held"
    return {table: works.sql(digest.format(table))[0][0] for (table,) in works.sql(TABLES)}


def run(
    works: Plant, script: str, folder: Path, role: str = ""
) -> "subprocess.CompletedProcess[str]":
    server = urlsplit(works.endpoints.owner_url if role else works.endpoints.superuser_url)
    where = {
        "PGHOST": server.hostname or "",
        "PGPORT": str(server.port),
        "PGUSER": server.username or "",
        "PGPASSWORD": server.password or "",
        "PGDATABASE": "adoptiq",
        "PG_BIN": str(installed().postgres),
        "ADOPTIQ_HOME": str(works.home),
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        ["sh", str(ROOT / "docker" / script), str(folder)],
        env=where,
        capture_output=True,
        text=True,
    )


def test_a_backup_brought_back_is_the_same_product(lived_in: Plant, tmp_path: Path) -> None:
    assert run(lived_in, "backup.sh", tmp_path).stderr == ""
    with plant(tenants=0) as empty:
        empty.environment["SECRET_KEY"] = lived_in.environment["SECRET_KEY"]
        done = run(empty, "restore.sh", tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert rows(empty) == rows(lived_in)
        assert empty.sql(GUARDS) == lived_in.sql(GUARDS)
        assert (empty.home / "files/usage/june.csv").read_text() == "a file of somebody's\n"
        # Audit logs against the heads published before the backup.
        said = empty.manage("verify_audit")
        assert said.count(": whole,") == len(lived_in.tenants)
        assert "none published yet" not in said
        empty.start_web()
        session = lived_in.furniture["session"]
        status, body = empty.get("/w/plant-0/", Cookie=f"session={session}")
        assert status == 200
        assert "Plant-0" in body
        # A second time there is something to lose.
        held = rows(empty)
        again = run(empty, "restore.sh", tmp_path)
        assert again.returncode != 0
        assert rows(empty) == held


def test_a_role_that_policies_bind_makes_no_half_backup(lived_in: Plant, tmp_path: Path) -> None:
    done = run(lived_in, "backup.sh", tmp_path, role="owner")
    assert done.returncode != 0
    assert "row-level security" in done.stderr


def test_a_damaged_backup_is_refused(lived_in: Plant, tmp_path: Path) -> None:
    run(lived_in, "backup.sh", tmp_path)
    dump = tmp_path / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    done = run(lived_in, "restore.sh", tmp_path)
    assert done.returncode != 0
    assert "database.dump: FAILED" in done.stdout + done.stderr
