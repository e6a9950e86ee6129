"""What tests say about pages: the words beside a field, the queries a page takes."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST_QUERIES = 15
# What a request asks whoever it is for: who it is, where, and the marks of its transactions.
HOUSEKEEPING = re.compile(r"SAVEPOINT|set_config|current_setting|^(BEGIN|COMMIT)$")


def error_beside(response: Any, field: str) -> str:
    """The words of the error that stands at a field, tied to it for a screen reader."""
    text = response.content.decode()
    found = re.search(rf'id="id_{field}_error">.*?<span>(.*?)</span>', text, flags=re.S)
    assert found, f"no error beside {field}"
    assert re.search(rf'id="id_{field}"[^>]*aria-describedby="[^"]*id_{field}_error', text) or (
        re.search(rf'aria-describedby="[^"]*id_{field}_error[^>]*id="id_{field}"', text)
    ), f"the error of {field} is not tied to it"
    return found[1].strip()


def queries_of(browser: Client, path: str) -> int:
    """How many questions a page asks the database, transactions and scope left out."""
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(path)
    assert response.status_code == 200, path
    return sum(not HOUSEKEEPING.search(query["sql"]) for query in captured.captured_queries)


def assert_same_queries(browser: Client, path: str, grow: Callable[[], None]) -> None:
    """A list costs the same for the rows there are and for those that `grow` adds."""
    # The first visit fills what stays in memory.
    queries_of(browser, path)
    before = queries_of(browser, path)
    grow()
    after = queries_of(browser, path)
    assert after == before
    assert after <= MOST_QUERIES


def statuses(browsers: dict[str, Client], method: str, path: str) -> dict[str, int]:
    return {name: getattr(browser, method)(path).status_code for name, browser in browsers.items()}
