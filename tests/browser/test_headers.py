"""What static files carry: the guards of every answer, and a year in the cache for hashed names."""

import re

import pytest

from tests.browser.conftest import Visits

NAMES = ("vendor/tabler.min", "css/parts", "js/app", "vendor/htmx-2.min", "icon")


@pytest.mark.parametrize("name", NAMES)
def test_static_files(visits: Visits, name: str) -> None:
    page = visits.page("csm")
    page.goto("/")
    found = re.search(rf"/static/{re.escape(name)}\.[0-9a-f]{{12}}\.\w+", page.content())
    assert found
    answer = page.request.get(found[0])
    assert answer.ok
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    cache = answer.headers["cache-control"]
    assert "immutable" in cache
    assert "public" in cache


def test_compressed_as_asked(visits: Visits) -> None:
    """The weight people load is the compressed one."""
    page = visits.page("csm")
    with page.expect_response(re.compile("tabler")) as waiting:
        page.goto("/")
    assert waiting.value.headers["content-encoding"] in {"gzip", "br"}
