"""Connections that serve many workspaces by turns, with faults and visitors who leave: each answer
holds its own workspace's rows, and no connection goes back knowing one.

Once over Django's own connections, kept open by two threads of a web server, once through a pooler
that shares two connections between twelve.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.adoptiq.processes import open_folder
from tests.hygiene import stage, traffic
from tests.hygiene.serving import SERVER_CONNECTIONS, pooled, serving
from tests.hygiene.traffic import Place

REQUESTS = {"django": 1_200, "pgbouncer": 1_200}
POOLED_THREADS = 12
Figure = Callable[[str, object], None]


@pytest.fixture
def places(committed: None) -> list[Place]:
    return stage.make_places()


def assert_clean(
    folder: Path, port: int, places: list[Place], requests: int, figure: Figure
) -> None:
    found = traffic.run(port, places, requests, seed=11)
    assert found.wrong == []
    assert found.kinds.total() == requests
    assert 0.03 < (found.kinds["fault"] + found.kinds["late fault"]) / requests < 0.07
    assert found.kinds["abort"] >= requests * 0.005
    assert stage.misplaced(places, found) == []
    lines = (folder / "report").read_text().splitlines()
    assert len(lines) >= requests
    processes = {line.partition(" ")[0] for line in lines}
    assert [line for line in lines if line.partition(" ")[2]] == []
    assert len(processes) == SERVER_CONNECTIONS
    figure(
        "pool hygiene",
        f"{requests} requests of {len(places)} workspaces over {len(processes)} connections, "
        f"{dict(found.kinds)}: 0 mismatches, 0 settings left",
    )


@pytest.mark.parametrize("pool", ["django", "pgbouncer"])
def test_no_workspace_outlasts_its_request(places: list[Place], pool: str, figure: Figure) -> None:
    run_once(places, pool, REQUESTS[pool], figure)


def test_a_setting_that_stays_would_be_seen(places: list[Place]) -> None:
    with open_folder() as folder:
        with serving(folder, database_url=database_url(), threads=SERVER_CONNECTIONS) as port:
            traffic.leave_a_setting(port, places[0])
        lines = (folder / "report").read_text().splitlines()
    assert [str(places[0].tenant_id) in line for line in lines] == [True]


def run_once(places: list[Place], pool: str, requests: int, figure: Figure) -> None:
    url = database_url()
    with open_folder() as folder:
        if pool == "django":
            with serving(folder, database_url=url, threads=SERVER_CONNECTIONS) as port:
                assert_clean(folder, port, places, requests, figure)
            return
        with (
            pooled(folder, url) as pooled_url,
            serving(folder, database_url=pooled_url, threads=POOLED_THREADS) as port,
        ):
            assert_clean(folder, port, places, requests, figure)


def database_url() -> str:
    found = settings.DATABASES["default"]
    return (
        f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
        f"/{found['NAME']}"
    )
