"""Figures for Prometheus: what they say, and to whom."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from adoptiq import nightly
from tenancy import tasks
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.operations import create_source

Sample = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(client: Client) -> Sample:
    response = client.get("/metrics")
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_never_by_workspace(cast: Cast, csm: Client) -> None:
    labels = frozenset({("route", "reviews:book"), ("method", "GET"), ("status", "200")})
    counted = ("adoptiq_request_seconds_count", labels)
    before = read(csm).get(counted, 0.0)
    csm.get(cast.at(""))
    csm.get("/no-such-page")
    found = read(csm)
    assert found[counted] == before + 1
    assert cast.tenant.slug not in {value for _name, pairs in found for _key, value in pairs}
    assert ("route", "unmatched") in {pair for _name, pairs in found for pair in pairs}


def test_the_queue_of_record_is_counted_by_state(cast: Cast) -> None:
    day = datetime.now(UTC)
    for number, state in enumerate(["due", "due", "running", "parked", "done"]):
        JobRun.objects.create(
            tenant=cast.tenant,
            job="test.job",
            business_date=day.date() - timedelta(days=number),
            due_at=day - timedelta(seconds=100),
            state=state,
            finished_at=day - timedelta(seconds=50) if state == "done" else None,
        )
    found = read(Client())
    counts = {"due": 2, "running": 1, "parked": 1}
    for state, number in counts.items():
        assert found["adoptiq_job_runs", frozenset({("state", state)})] == number
    assert found["adoptiq_job_oldest_seconds", frozenset()] == pytest.approx(100, abs=20)
    assert found["adoptiq_job_last_done_seconds", frozenset()] == pytest.approx(50, abs=20)


def test_events_are_counted_by_what_became_of_them(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _source, key = create_source(name="web")
    event = {"type": "track", "event": "Used", "messageId": "m1", "userId": "ann"}
    known = event | {"context": {"groupId": "halden"}}
    lost = event | {"messageId": "m2", "context": {"groupId": "nobody"}}
    before = read(Client())
    for batch in ([known], [known, lost]):
        body = {"batch": batch, "writeKey": key.text}
        assert Client().post("/v1/batch", body, content_type="application/json").status_code == 200
    after = read(Client())
    for outcome in ("accepted", "repeated", "put_aside"):
        counted = ("adoptiq_intake_events_total", frozenset({("outcome", outcome)}))
        assert after[counted] - before.get(counted, 0.0) == 1, outcome


def lines_of(written: io.StringIO, event: str) -> list[dict[str, object]]:
    found = (json.loads(line) for line in written.getvalue().splitlines())
    return [line for line in found if line["event"] == event]


def test_a_request_leaves_a_line_with_its_id_and_workspace(
    cast: Cast, csm: Client, log_lines: io.StringIO
) -> None:
    response = csm.get(cast.at(""))
    csm.get("/healthz")
    [line] = lines_of(log_lines, "request")
    assert line["request_id"] == response["X-Request-Id"]
    assert line["workspace"] == str(cast.tenant.pk)
    assert (line["route"], line["method"], line["status"]) == ("reviews:book", "GET", 200)
    assert isinstance(line["ms"], int)


def test_a_run_leaves_a_line_with_its_id_and_workspace(cast: Cast, log_lines: io.StringIO) -> None:
    now = datetime.now(UTC)
    run = nightly.begin_night(tenant=cast.tenant, business_date=now.date(), now=now)
    tasks.run_job(run_id=str(run.pk))
    [line] = lines_of(log_lines, "job_done")
    assert (line["run"], line["job"]) == (str(run.pk), nightly.FIRST_STEP)
    assert line["workspace"] == str(cast.tenant.pk)


def test_database_and_broker_are_told_to_be_up(db: None) -> None:
    found = read(Client())
    for part in ("database", "broker"):
        assert found["adoptiq_up", frozenset({("part", part)})] == 1


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "10.0.0.7", 404),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 404),
        ({"Forwarded": "for=1.2.3.4"}, "127.0.0.1", 404),
        ({"Authorization": "Bearer open-sesame"}, "10.0.0.7", 200),
        ({"Authorization": "Bearer open-sesam"}, "10.0.0.7", 404),
        ({"Authorization": "Bearer sésame"}, "127.0.0.1", 404),
        ({"Authorization": "Bearer "}, "10.0.0.7", 404),
    ],
)
def test_figures_are_for_this_machine_or_by_token(
    db: None, settings: object, headers: dict[str, str], address: str, status: int
) -> None:
    settings.METRICS_TOKEN = "open-sesame"  # type: ignore[attr-defined]
    response = Client(headers=headers, REMOTE_ADDR=address).get("/metrics")
    assert response.status_code == status


def test_without_a_token_none_opens(db: None) -> None:
    client = Client(headers={"Authorization": "Bearer "}, REMOTE_ADDR="10.0.0.7")
    assert client.get("/metrics").status_code == 404
