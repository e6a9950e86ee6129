"""Fresh PostgreSQL and Valkey for a test run, beside whatever else is running.

Loaded before Django, so that settings find the addresses in the environment. The database is made
and migrated once, by the owner; each worker process gets a copy of its own and connects as the
app role.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from adoptiq.embedded import create_database, running
from tests.paths import ROOT

TEMPLATE = "adoptiq_template"
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPS_URL")
stack = ExitStack()


def at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if "ADOPTIQ_TEST_SUPERUSER_URL" not in os.environ:
        _start_services(early_config)
    _take_own_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))


def _start_services(config: pytest.Config) -> None:
    home = Path(tempfile.mkdtemp(prefix="adoptiq-test-"))
    stack.callback(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o755)
    endpoints = stack.enter_context(running(home, fast=True))
    config.add_cleanup(stack.close)
    os.environ |= endpoints.environment()
    os.environ["ADOPTIQ_TEST_SUPERUSER_URL"] = endpoints.superuser_url
    os.environ["ADOPTIQ_HOME"] = str(home)
    create_database(home, TEMPLATE)
    urls = {name: at(os.environ[name], TEMPLATE) for name in URLS}
    _manage(urls, "migrate", "--database", "owner", "--skip-checks")
    # Pages name their files by what is in them, so these are collected as for a real start.
    _manage(urls, "collectstatic", "--no-input", "--skip-checks")


def _manage(urls: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", *command, "-v", "0"],
        check=True,
        cwd=ROOT,
        env=os.environ | urls | {"DJANGO_SETTINGS_MODULE": "adoptiq.settings"},
    )


def _take_own_database(worker: str) -> None:
    name = f"adoptiq_test_{worker}"
    connection = psycopg2.connect(os.environ["ADOPTIQ_TEST_SUPERUSER_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        # Two workers may copy at once; PostgreSQL wants the template to itself.
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER adoptiq_owner")
    connection.close()
    for variable in URLS:
        os.environ[variable] = at(os.environ[variable], name)
