"""What is handed to a server: compose file, image, role SQL, locks. And to a developer: make."""

import hashlib
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
import yaml

from adoptiq.embedded import Endpoints, create_database, running
from adoptiq.embedded.binaries import installed
from tests.adoptiq.processes import bare_environment, eventually, open_folder
from tests.paths import ROOT

PYTHON_SERVICES = {"migrate", "web", "worker", "beat"}
# Read by programs other than our settings.
FOR_OTHERS = {"REMAP_SIGTERM", "WEB_BIND", "WEB_WORKERS"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Endpoints]:
    with running(home, fast=True):
        yield create_database(home, "deployed")


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


# --- compose --------------------------------------------------------------------------------


def read_by_settings() -> set[str]:
    text = (ROOT / "adoptiq" / "settings.py").read_text()
    return set(re.findall(r"""\benv(?:_\w+)?\(\s*["'](\w+)["']""", text))


def test_compose_has_the_production_shape(services: dict[str, Any]) -> None:
    assert set(services) == PYTHON_SERVICES | {"postgres", "valkey"}
    assert services["postgres"]["image"] == "postgres:18"
    for name, service in services.items():
        assert "healthcheck" in service or name == "migrate", name
        assert "deploy" in service or name == "migrate", name
        assert "healthcheck" not in service or service["healthcheck"]["test"][0].startswith("CMD")


def test_nothing_serves_before_the_schema_is_there(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        after = services[name]["depends_on"]
        assert after["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_settings_read_every_variable_that_compose_sets(services: dict[str, Any]) -> None:
    known = read_by_settings() | FOR_OTHERS
    assert len(known) > 15
    for name in PYTHON_SERVICES:
        assert set(services[name]["environment"]) <= known, name


def test_compose_sets_what_a_server_cannot_do_without(services: dict[str, Any]) -> None:
    needed = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "PUBLIC_URL"}
    for name in PYTHON_SERVICES:
        assert needed <= set(services[name]["environment"]), name
    assert needed <= read_by_settings()


def test_only_the_migration_knows_the_owner(services: dict[str, Any]) -> None:
    for name in PYTHON_SERVICES:
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://adoptiq_app:")
        assert ("DATABASE_OWNER_URL" in environment) == (name == "migrate")


def test_no_secret_stands_in_the_compose_file_and_the_example_names_every_value() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.search(r"PASSWORD|SECRET|_AUTH|_URL: \w+://", line) and ":" in line.strip(" -:"):
            assert "${" in line or "$$" in line or "requirepass" in line, line
    wanted = set(re.findall(r"\$\{(\w+)", text))
    required = set(re.findall(r"\$\{(\w+):\?", text))
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    assert set(example) == wanted
    assert {name for name in required if "PASSWORD" in name or "SECRET" in name} == {
        name for name, value in example.items() if not value and name not in OPTIONAL
    }


OPTIONAL = {"EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "METRICS_TOKEN"}


def test_commands_of_the_image_exist(services: dict[str, Any]) -> None:
    for name in ("worker", "beat"):
        command = services[name]["command"]
        answer = subprocess.run(
            [sys.executable, "-m", *command, "--help"],
            cwd=ROOT,
            env=bare_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        for option in [word for word in command if word.startswith("--") and word != "--app"]:
            assert option in answer.stdout
    check = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "--print-config"]
        + ["--config", "python:adoptiq.gunicorn", "adoptiq.wsgi"],
        cwd=ROOT,
        env=bare_environment() | {"WEB_BIND": "0.0.0.0:8000"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r"worker_class\s+= adoptiq.webworker.PatientWorker", check.stdout)
    assert re.search(r"bind\s+= \['0.0.0.0:8000'\]", check.stdout)


def test_everything_the_image_copies_is_there() -> None:
    for line in (ROOT / "docker" / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _target = shlex.split(line)[1:]
            for source in sources:
                assert (ROOT / source).exists(), line


def test_the_brokers_command_runs_a_broker_that_keeps_everything(
    services: dict[str, Any], tmp_path: Path
) -> None:
    """The container's own shell command, with its entry point stood in for by a shell line."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stand_in = tmp_path / "docker-entrypoint.sh"
    server_path = installed().valkey_server
    stand_in.write_text(f'#!/bin/sh\nshift\nexec "{server_path}" "$@" --port {port}\n')
    stand_in.chmod(0o755)
    command = [word.replace("$$", "$") for word in services["valkey"]["command"]]
    with (tmp_path / "log").open("w") as log:
        broker = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "VALKEY_PASSWORD": "opensesame"},
            stdout=log,
            stderr=log,
        )
    try:
        with redis.Redis(port=port, password="opensesame", decode_responses=True) as client:
            assert eventually(lambda: pings(client)), (tmp_path / "log").read_text()
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
            assert client.config_get("appendonly")["appendonly"] == "yes"
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        broker.terminate()
        assert broker.wait(10) == 0


def pings(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


# --- role SQL -------------------------------------------------------------------------------


def test_no_role_is_mighty_and_none_is_a_member_of_another(server: Endpoints) -> None:
    rows = run(
        server.superuser_url,
        "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
        " OR rolreplication FROM pg_roles WHERE rolname LIKE 'adoptiq%' ORDER BY 1",
    )
    assert rows == [(f"adoptiq_{role}", True, False) for role in ("app", "ops", "owner")]
    assert run(
        server.superuser_url,
        "SELECT count(*) FROM pg_auth_members WHERE member IN"
        " (SELECT oid FROM pg_roles WHERE rolname LIKE 'adoptiq%')",
    ) == [(0,)]


def test_the_app_may_change_rows_and_nothing_else(server: Endpoints) -> None:
    run(server.owner_url, "CREATE TABLE IF NOT EXISTS notes (id serial, word text)")
    rows = run(
        server.database_url,
        "INSERT INTO notes (word) VALUES ('one')",
        "UPDATE notes SET word = 'two'",
        "CREATE TEMP TABLE hold (word text)",
        "SELECT word FROM notes",
    )
    assert rows == [("two",)]
    for refused in (
        "TRUNCATE notes",
        "DROP TABLE notes",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "SET ROLE adoptiq_owner",
    ):
        with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.RaiseException)):
            run(server.database_url, refused)


def test_rights_that_a_migration_took_away_stay_away(home: Path, server: Endpoints) -> None:
    run(
        server.owner_url,
        "CREATE TABLE IF NOT EXISTS record (id int)",
        "REVOKE UPDATE, DELETE ON record FROM adoptiq_app",
    )
    create_database(home, "deployed")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(server.database_url, "DELETE FROM record")


def test_extensions_limits_and_public_rights(server: Endpoints) -> None:
    extensions = run(server.database_url, "SELECT extname FROM pg_extension")
    assert {("pg_trgm",), ("btree_gist",)} <= set(extensions)
    assert run(server.database_url, "SHOW idle_in_transaction_session_timeout") == [("30s",)]
    assert run(
        server.superuser_url,
        "SELECT has_schema_privilege('public', 'public', 'CREATE')",
    ) == [(False,)]
    assert run(
        server.superuser_url, "SELECT has_database_privilege('public', 'deployed', 'CONNECT')"
    ) == [(False,)]


def test_a_password_that_is_not_given_stops_the_role_sql(server: Endpoints) -> None:
    place = urlsplit(server.superuser_url)
    answer = subprocess.run(
        [installed().psql(), "-X", "-q", "-h", "127.0.0.1", "-p", str(place.port)]
        + ["-U", "postgres", "-d", "postgres", "-f", str(ROOT / "docker" / "roles.sql")],
        env={"PGPASSWORD": str(place.password), "ADOPTIQ_OWNER_PASSWORD": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 3
    assert "ADOPTIQ_APP_PASSWORD is not set" in answer.stderr


# --- make and locks -------------------------------------------------------------------------


def test_locks_hold_versions_and_hashes_and_no_address() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert [lock.name for lock in locks] == [
        "requirements-dev.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        pins = re.findall(r"^([\w.\[\]-]+)==\S+.*\\\n    --hash=sha256:", text, re.M)
        assert len(pins) == len(re.findall(r"^\S", text, re.M)), lock.name


def test_development_adds_to_what_runs_in_production_and_changes_nothing_of_it() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_make_alone_shows_what_there_is() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("setup", "run", "test", "check", "bench", "soak", "clean"):
        assert f"make {target} " in shown.stdout


def test_the_gate_is_check_and_then_test() -> None:
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    lines = gate.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]


def test_the_environment_is_built_once(tmp_path: Path) -> None:
    """An environment whose stamp fits the locks is left alone, and quickly."""
    for name in ("Makefile", "requirements.lock", "requirements-uv.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".venv").mkdir()
    locks = [(ROOT / name).read_bytes() for name in ("requirements.lock", "requirements-uv.lock")]
    stamp = f"{hashlib.sha256(b''.join(locks)).hexdigest()}  -\n"
    (tmp_path / ".venv" / ".installed-requirements.lock").write_text(stamp)
    subprocess.run(["make", "environment-run"], cwd=tmp_path, check=True, timeout=5)
    assert sorted(path.name for path in (tmp_path / ".venv").iterdir()) == [
        ".installed-requirements.lock"
    ]


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "requirements-uv.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    answer = subprocess.run(
        ["make", "environment-run", "PYTHON=false"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert answer.stderr.startswith("AdoptIQ needs Python 3.11 or newer")
