"""What the crawl leaves behind where nobody looks: mail, logs, broker and cache, queue of record.

The requests of the crawl once more, with real commits, by people and programs of one workspace;
afterwards every place is searched for the other's words, and the other's rows are as they were.
"""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from celery import current_app
from django.conf import settings as configured
from django.test import Client

from tenancy import meters
from tenancy.models import JobRun
from tenancy.tasks import run_job
from tests.addresses import Address, all_addresses
from tests.tenancy.test_catalogue import columns, tables
from tests.test_crawl import RANGE, bodies, heard, queries
from tests.traces import as_superuser, in_valkey
from tests.world import World, make_world

CANARY = b"canary"
INSIDE = [address for address in all_addresses() if address.in_workspace]
BY_KEY = [address for address in all_addresses() if address.by_key]


@pytest.fixture
def world(committed: None, tmp_path: Path) -> World:
    return make_world(tmp_path)


def crawl(world: World) -> None:
    """Every address, with their ids in path, query and body; whatever it changes stays."""
    away = world.foreign | {"workspace": world.slug}
    program = world.program
    for address in INSIDE:
        # With ids that lead nowhere nothing looks at a query; one's own are asked with theirs in it.
        for role in ("admin", "lead"):
            call(world.browsers[role], address.path(away), world, as_form=not address.is_api)
        visit(world.browsers["admin"], address.path(world.own), world, as_form=not address.is_api)
    for address in BY_KEY:
        visit(program, address.path(away), world, as_form=False)
        visit(program, address.path(world.own), world, as_form=False)


def visit(client: Client, path: str, world: World, *, as_form: bool) -> None:
    """With their ids in the query too."""
    call(client, path, world, as_form=as_form)
    asked = RANGE if as_form or "usage" in path else {}
    kind = Address(path.removeprefix("/"), ())
    for query in queries(kind, world.foreign, "canary"):
        if not look(client, path, asked | query):
            break


def call(client: Client, path: str, world: World, *, as_form: bool) -> None:
    client.raise_request_exception = False
    look(client, path, RANGE if as_form or "usage" in path else {})
    values = {part.removesuffix("_id"): str(value) for part, value in world.foreign.items()}
    for body in bodies(values, as_form=as_form)[:2]:
        extra: dict[str, Any] = {} if as_form else {"content_type": "application/json"}
        if not heard(client.post(path, data=body, **extra), "post"):
            break
    if not as_form:
        headers = {"If-Match": "*"}
        body = json.dumps(values)
        client.patch(path, data=body, content_type="application/json", headers=headers)


def look(client: Client, path: str, query: dict[str, Any]) -> bool:
    """Whether the query was looked at; an address that does not would do the same for another."""
    response = client.get(path, query_params=query)
    response.getvalue()
    return heard(response, "get")


def work(tenant_id: Any) -> None:
    """Do what the crawl put into the queue of a workspace, as a worker would."""
    for run in JobRun.objects.filter(state=JobRun.State.DUE, tenant_id=tenant_id):
        run_job(run_id=str(run.pk))


def rows_of(tenant_id: Any) -> dict[str, str | None]:
    """A digest of all rows of a workspace, by table."""
    return {
        table: as_superuser(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
            f" WHERE tenant_id = '{tenant_id}'"
        )[0][0]
        for table in tables()
        if "tenant_id" in columns(table)
    }


def test_nothing_foreign_goes_another_way(
    world: World, log_lines: io.StringIO, mail_folder: Path
) -> None:
    theirs = world.cast.other_tenant.pk
    before = rows_of(theirs)
    assert sum(digest is not None for digest in before.values()) > 15
    crawl(world)
    assert_no_row_took_up_a_foreign_id(world)
    work(world.cast.tenant.pk)
    assert rows_of(theirs) == before
    said = log_lines.getvalue().lower().encode()
    assert said.count(b"\n") > 100
    assert CANARY not in said.replace(b"atlantic/canary", b"")
    # Other tests have senders of their own, whose requests are remembered.
    assert CANARY not in in_valkey(but=b"meter:").lower()
    own = meters.last_entries(door=str(world.own["source_id"]))
    assert CANARY not in b"".join(own or []).lower()
    for letter in mail_folder.glob("*"):
        assert CANARY not in letter.read_bytes().lower()
    for run in JobRun.objects.exclude(tenant_id=theirs).values():
        assert CANARY not in str(run).lower().encode()
        assert not any(str(value) in str(run) for value in ids(world.foreign))


def ids(parts: dict[str, Any]) -> list[str]:
    """Those long enough to be nobody else's."""
    return [str(value) for value in parts.values() if isinstance(value, UUID)]


def assert_no_row_took_up_a_foreign_id(world: World) -> None:
    """Neither in a column nor inside JSON; what was typed into a text is not looked at here."""
    pattern = "|".join(ids(world.foreign))
    for table in tables():
        # The audit log writes down what was asked for, as it was asked.
        if "tenant_id" in columns(table) and table != "tenancy_auditentry":
            found = as_superuser(
                f"SELECT count(*) FROM \"{table}\" t WHERE tenant_id = '{world.cast.tenant.pk}'"
                f" AND t::text ~ '{pattern}'"
            )
            assert found == [(0,)], table


def test_the_search_finds_what_was_planted() -> None:
    """In the queue as Celery packs it, and in the cache."""
    from django.core.cache import cache

    cache.set("planted", "CANARY in the cache", 60)
    current_app.send_task("nobody.does", kwargs={"note": "CANARY in the queue"})
    found = in_valkey()
    cache.delete("planted")
    assert b"CANARY in the cache" in found
    assert b"CANARY in the queue" in found
    redis.Redis.from_url(configured.REDIS_URL).delete("celery")
