"""Pool hygiene at length."""

from collections.abc import Callable

import pytest

from tests.hygiene import stage
from tests.test_pool_hygiene import run_once

pytestmark = pytest.mark.soak

REQUESTS = 20_000


@pytest.mark.parametrize("pool", ["django", "pgbouncer"])
def test_no_workspace_outlasts_its_request(
    committed: None, pool: str, figure: Callable[[str, object], None]
) -> None:
    run_once(stage.make_places(), pool, REQUESTS, figure)
