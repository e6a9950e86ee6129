"""The product as a web server runs it, looking after each request at the connection it used.

A line is written for each request: the server process of the database, and what the connection
still knows of a workspace when it goes back. `HYGIENE_REPORT` names the file.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

product = get_wsgi_application()
LEFT = """
SELECT pg_backend_pid(), concat_ws('|', nullif(current_setting('app.tenant_id', true), ''),
    nullif(current_setting('app.realm', true), ''), nullif(current_setting('app.customer_id', true), ''))
"""


class Closing:
    """An answer whose connection is looked at when the server is done with it, finished or not."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer

    def close(self) -> None:
        try:
            self.answer.close()
        finally:
            look()


def look() -> None:
    in_transaction = "open" if connection.in_atomic_block else ""
    with connection.cursor() as cursor:
        cursor.execute(LEFT)
        process, left = cursor.fetchone()
    with Path(os.environ["HYGIENE_REPORT"]).open("a") as report:
        report.write(f"{process} {left}{in_transaction}\n")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return Closing(product(environ, start_response))
