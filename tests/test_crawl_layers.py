"""The isolation crawl with one of its two layers taken away: the other holds alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, models

from tenancy.models import TenantManager
from tests.addresses import Address, all_addresses
from tests.conftest import empty_every_table
from tests.test_crawl import RANGE, REFUSED, ask
from tests.world import World, make_world

ROLES = ("admin", "executive", "lead")
NOT_THERE = REFUSED | {404}
INSIDE = [address for address in all_addresses() if address.in_workspace]


@pytest.fixture
def without_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ORM asks for every row there is."""

    def everything(manager: TenantManager[Any]) -> models.QuerySet[Any]:
        return models.Manager.get_queryset(manager)

    monkeypatch.setattr(TenantManager, "get_queryset", everything)


@pytest.fixture
def without_row_security(django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL gives every row it is asked for. The database is this process's own."""
    with django_db_blocker.unblock():
        guarded = _guarded_tables()
        _switch(guarded, "DISABLE")
        try:
            yield
        finally:
            empty_every_table()
            _switch(guarded, "ENABLE")


def _guarded_tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity"
            " AND relnamespace = 'public'::regnamespace"
        )
        return [name for (name,) in cursor.fetchall()]


def _switch(tables: list[str], how: str) -> None:
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" {how} ROW LEVEL SECURITY')
    connections["owner"].close()


def crawl(world: World) -> set[tuple[str, str]]:
    """Where something was said or done that should not have been: route and role."""
    return {
        (address.route, role) for address in INSIDE for role in ROLES if leaks(world, address, role)
    }


def leaks(world: World, address: Address, role: str) -> bool:
    own = ask(world.browsers[role], "get", address.path(world.own), query_params=RANGE)
    if b"canary" in own.said:
        return True
    path = address.path(world.foreign | {"workspace": world.slug})
    foreign = [ask(world.browsers[role], method, path) for method in ("get", "post")]
    return any(
        b"canary" in answer.said or (address.owned and answer.status not in NOT_THERE)
        for answer in foreign
    )


def test_row_security_holds_alone(db: None, without_the_filter: None, tmp_path: Path) -> None:
    assert crawl(make_world(tmp_path)) == set()


def test_the_filter_holds_alone(without_row_security: None, tmp_path: Path) -> None:
    assert crawl(make_world(tmp_path)) == set()


def test_without_both_the_crawl_finds_leaks(
    without_row_security: None, without_the_filter: None, tmp_path: Path
) -> None:
    """The crawl would notice."""
    assert len(crawl(make_world(tmp_path))) > 50
