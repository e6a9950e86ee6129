"""The product with one address more, behind which stands as little as can be: one question."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adoptiq.settings")

from adoptiq.wsgi import application as product
from tests.benchmarks.serving import FLOOR


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != FLOOR:
        return product(environ, start)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM tenancy_tenant ORDER BY slug LIMIT 50")
        text = "".join(f"<li>{slug}</li>" for (slug,) in cursor.fetchall())
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(text)))])
    return [text.encode()]
