"""The isolation crawl with one of its two layers taken away: the other holds alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, models
from django.test import Client

from tenancy.models import TenantManager
from tests.addresses import Address, all_addresses
from tests.conftest import empty_every_table
from tests.test_crawl import REFUSED, Answer, ask, queries, range_of
from tests.world import World, make_world

# One of each side: others of it open the same scope, and may do less in it.
ROLES = ("admin", "lead")
METHODS = ("get", "post")
API_METHODS = ("get", "post", "put", "patch", "delete")
NOT_THERE = REFUSED | {404}
# How many leaks the crawl has to notice where nothing holds, by who reached whose rows.
ENOUGH = {
    "admin of canary": 25,
    "lead of canary": 10,
    "lead of solberg": 10,
    "key of canary": 8,
}
INSIDE = [address for address in all_addresses() if address.in_workspace]


def lift_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the ORM asks for every row there is."""

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


@dataclass(frozen=True)
class Other:
    """Somebody whose rows must not be seen: the ids of everything, and the word they all say."""

    ids: dict[str, Any]
    word: str


def crawl(world: World, *, asking: bool) -> Iterator[tuple[str, str]]:
    """Where something was said or done that should not have been: route, and who got it of whom."""
    theirs, program = foreign(world), world.program
    for address in all_addresses():
        if address.by_key and leaks(asked_by(program, address), address, world.own, theirs):
            yield address.route, "key of canary"
    for address in INSIDE:
        for who in reached(world, address, asking):
            yield address.route, who


def foreign(world: World) -> Other:
    return Other(world.foreign | {"workspace": world.slug}, "canary")


def reached(world: World, address: Address, asking: bool) -> Iterator[str]:
    """Who of one's own workspace reached whose rows at an address."""
    others = {"admin": [foreign(world)], "lead": [foreign(world), Other(world.second, "solberg")]}
    # What a query could bring is asked once of each kind: another workspace's, another customer's.
    by_query = {("admin", "canary"), ("lead", "solberg")} if asking else set()
    for role, sides in others.items():
        client = world.browsers[role]
        asked = asked_by(client, address)
        for other in sides:
            if leaks(asked, address, world.own, other) or (
                (role, other.word) in by_query and answers(client, address, world.own, other)
            ):
                yield f"{role} of {other.word}"


def asked_by(client: Client, address: Address) -> Callable[[str, str, bool], Answer]:
    """`asked(method, path, with_range)`; everything is undone, so nothing is asked twice."""

    @cache
    def asked(method: str, path: str, with_range: bool) -> Answer:
        return ask(client, method, path, query_params=range_of(address) if with_range else None)

    return asked


def leaks(
    asked: Callable[[str, str, bool], Answer], address: Address, own: dict[str, Any], other: Other
) -> bool:
    """Whether their rows show at one's own address, or answer at theirs."""
    word, path = other.word.encode(), address.path(other.ids)
    if word in asked("get", address.path(own), True).said:
        return True
    found = [asked(method, path, False) for method in (API_METHODS if address.is_api else METHODS)]
    return any(
        word in answer.said or (address.owned and answer.status not in NOT_THERE)
        for answer in found
    )


def answers(client: Client, address: Address, own: dict[str, Any], other: Other) -> bool:
    """Whether a query at one's own address brings their rows."""
    word, path = other.word.encode(), address.path(own)
    for query in queries(address, other.ids, other.word):
        answer = ask(client, "get", path, query_params=range_of(address) | query)
        if word in answer.said or not answer.heard:
            return word in answer.said
    return False


def test_row_security_holds_alone(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Policies know no queries, so none are asked; what the filter forgets, a query could find."""
    world = make_world(tmp_path)
    lift_the_filter(monkeypatch)
    assert list(crawl(world, asking=False)) == []


def test_the_filter_holds_alone(without_row_security: None, tmp_path: Path) -> None:
    assert list(crawl(make_world(tmp_path), asking=True)) == []


def test_without_both_the_crawl_finds_leaks(
    without_row_security: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The crawl would notice: between workspaces, between customers, and by key."""
    world = make_world(tmp_path)
    lift_the_filter(monkeypatch)
    missing = Counter(ENOUGH)
    for _route, who in crawl(world, asking=False):
        missing -= Counter([who])
        if not missing:
            return
    pytest.fail(f"Too few leaks were noticed; still to find: {dict(missing)}")
