"""Figures for Prometheus: requests as they are answered, the rest as it stands when asked.

No label names a workspace or a person. With several web processes, each keeps its figures in a file
of PROMETHEUS_MULTIPROC_DIR and whichever is asked adds them up.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from adoptiq import health
from tenancy import jobs
from tenancy.http import address_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Whoever sets one of these stands between us and somebody else.
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip")

STATIC = "static"
# Every few seconds, or several with each page, and of no interest afterwards.
NOT_LOGGED = frozenset({"healthz", "readyz", "metrics", STATIC})

log = structlog.get_logger(__name__)

REQUESTS = Histogram(
    "adoptiq_request_seconds",
    "Seconds until a request was answered, by route, method and status.",
    ("route", "method", "status"),
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


class MeasuringMiddleware:
    """Notes how long each request took, as a figure and a line. Stands outside everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        route, status = _route(request), response.status_code
        method = str(request.method) if request.method in METHODS else "other"
        REQUESTS.labels(route, method, status).observe(seconds)
        if route not in NOT_LOGGED:
            # Request id and workspace stand in the context still.
            milliseconds = round(seconds * 1000)
            log.info("request", method=method, route=route, status=status, ms=milliseconds)
        return response


def _route(request: HttpRequest) -> str:
    """The name of the pattern, never the address: that would name workspaces and customers."""
    if request.path_info.startswith(settings.STATIC_URL):
        return STATIC
    match = request.resolver_match
    return (match.view_name or match.route or "home") if match else "unmatched"


class StateCollector(Collector):
    """Parts, heartbeats and the queue of record, looked up when the figures are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        parts = health.check().parts
        up = GaugeMetricFamily("adoptiq_up", "1 when a part is alive.", labels=["part"])
        heard = GaugeMetricFamily(
            "adoptiq_heartbeat_age_seconds", "Since a part was last heard of.", labels=["part"]
        )
        for name, part in parts.items():
            up.add_metric([name], int(part.ok))
            if part.heard is not None:
                heard.add_metric([name], part.heard)
        yield from (up, heard)
        if parts["database"].ok:
            yield from _backlog()


def _backlog() -> Iterator[GaugeMetricFamily]:
    try:
        found = jobs.get_backlog(now=timezone.now())
    except DatabaseError:
        return
    runs = GaugeMetricFamily("adoptiq_job_runs", "Runs not done, by state.", labels=["state"])
    for state in ("due", "running", "parked"):
        runs.add_metric([state], getattr(found, state))
    yield runs
    yield GaugeMetricFamily(
        "adoptiq_job_oldest_seconds", "Age of the run that has been due longest.", found.oldest
    )
    if found.last_done is not None:
        yield GaugeMetricFamily(
            "adoptiq_job_last_done_seconds", "Since any run was finished.", found.last_done
        )


def get_exposition() -> bytes:
    """All figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(StateCollector())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)


def may_read(request: HttpRequest) -> bool:
    """Whether the figures are asked for from this machine itself, or with METRICS_TOKEN."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    address = address_of(request)
    return address is not None and ip_address(address).is_loopback
