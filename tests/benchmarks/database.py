"""Services of a benchmark's own, and what autovacuum would have done by the time anybody measures."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg2

from adoptiq.embedded import running


@contextmanager
def services() -> Iterator[str]:
    """Durable services of their own, migrated, with settings pointing at them."""
    home = Path(tempfile.mkdtemp(prefix="adoptiq-bench-"))
    home.chmod(0o755)
    try:
        with running(home) as endpoints:
            os.environ |= endpoints.environment() | {"ADOPTIQ_HOME": str(home)}
            os.environ |= {"DJANGO_SETTINGS_MODULE": "adoptiq.settings", "LOG_LEVEL": "ERROR"}
            django.setup()
            from django.core.management import call_command

            call_command("migrate", database="owner", verbosity=0)
            yield endpoints.superuser_url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def analyse(superuser: str) -> None:
    """Count the rows, as autovacuum does within a minute of rows coming in, and let connections go
    that have planned for the empty tables they met."""
    from django.db import connections

    connections.close_all()
    connection = psycopg2.connect(superuser)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
