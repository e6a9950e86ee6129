"""The stage: a database as the app role sees it, a cast of people, their browsers."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connections
from django.test import Client
from hypothesis import settings
from whitenoise.base import WhiteNoise
from xdist.scheduler import LoadScopeScheduling

from tests import factories
from tests.factories import Cast
from tests.traces import log_lines, mail_folder

__all__ = ["log_lines", "mail_folder"]

# Tests that share something costly to make: a running copy, a loaded demo.
TOGETHER = (
    "tests/browser/",
    "tests/adoptiq/test_demo.py",
    "tests/adoptiq/test_up.py",
    "tests/tenancy/test_survival.py",
    "tests/adoptiq/test_backup.py",
    "tests/adoptiq/test_broker_away.py",
    "tests/adoptiq/test_watchdog.py",
)

FIGURE = "figure: "

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The same hash, without the work that makes guessing dear: tests sign in a thousand times.
ScryptPasswordHasher.work_factor = 2**4

# What WhiteNoise found in a folder, by how it serves it.
_SERVED: dict[tuple[Any, ...], dict[str, Any]] = {}
_scan = WhiteNoise.update_files_dictionary


def _scan_once(served: WhiteNoise, root: str, prefix: str) -> None:
    """Each test client loads the middleware anew; a folder of static files is read once."""
    key = (type(served), root, prefix, served.max_age, served.allow_all_origins)
    if key not in _SERVED:
        _scan(served, root, prefix)
        _SERVED[key] = dict(served.files)
    served.files.update(_SERVED[key])


WhiteNoise.update_files_dictionary = _scan_once


class SomeTogether(LoadScopeScheduling):
    """Tests that share something go to one worker, the largest group first; the rest spreads."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, TOGETHER), nodeid)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end, so nobody looks through it for rubbish;
    and the rubbish of a test is seldom worth looking for every 700 objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SomeTogether:
    return SomeTogether(config, log)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str, object], None]:
    """`figure(what, value)`: printed when the run is over, also from another process."""

    def note(what: str, value: object) -> None:
        record_property(FIGURE + what, value)

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for each in terminalreporter.stats.values() for report in each]
    figures = [
        f"{name.removeprefix(FIGURE)}: {value}"
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name.startswith(FIGURE)
    ]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database stands already: tests.services made it through the owner role."""


@pytest.fixture
def committed(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real commits, for tests of several connections; the owner empties every table afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        empty_every_table()


def empty_every_table() -> None:
    """As the owner, since the app role may not TRUNCATE."""
    for alias in connections:
        connections[alias].close()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN"
            " ('django_migrations', 'django_content_type')"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} CASCADE")
    connections["owner"].close()


@pytest.fixture
def cast(db: None) -> Cast:
    """A workspace with one person in each role, a stranger, and a second workspace beside it."""
    return factories.make_cast()


@pytest.fixture
def csm(cast: Cast) -> Client:
    return cast.browser(cast.csm)


@pytest.fixture
def executive(cast: Cast) -> Client:
    return cast.browser(cast.executive)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser(cast.lead)


@pytest.fixture
def stranger(cast: Cast) -> Client:
    return cast.browser(cast.stranger)
