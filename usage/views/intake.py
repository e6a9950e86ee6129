"""Where client libraries send events: any content type, durable before the answer.

A library retries on 5xx and drops on 4xx, so a bad event inside a readable request is accepted
and put aside, and only a request that nobody can read is refused. Which library speaks is told by
the address (`usage.adapters.routes`), and each is answered in its own form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from time import perf_counter
from typing import NamedTuple

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Counter

from tenancy import limits
from tenancy.audit import Actor, acting
from tenancy.http import address_of
from tenancy.models import ActorKind
from tenancy.scope import tenant_scope
from usage import operations
from usage.adapters import segment
from usage.adapters.canonical import MAX_REQUEST_BYTES, Received, TooLarge, UnreadableBody
from usage.adapters.dropping import without_properties
from usage.adapters.groups import CUSTOMER_TYPES
from usage.adapters.inflating import inflate_body
from usage.adapters.origins import is_allowed
from usage.adapters.requests import Asked, Form, Opened, Refusal, Reply, key_of, refusal_of
from usage.models import Source, SourceKey
from usage.queries import get_dead_key, get_held_source, get_open_source, get_source_by_key
from usage.views.noting import Seen, note, note_dead_key

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5
TOO_MUCH = Refusal(429, "The source sends more than it may. Send this again a little later.")
TOLD = "AdoptIQ-Intake"
EVENTS = Counter(
    "adoptiq_intake_events", "Events by request, by what became of them.", ("outcome",)
)


class Visit(NamedTuple):
    """A request with the form it came in, which is also the form of its answer."""

    request: HttpRequest
    form: Form
    asked: Asked
    began: float


class Wishes(NamedTuple):
    """How a source wants to be read: the types of groups that are customers, and what to drop."""

    customer_types: tuple[str, ...]
    dropped: tuple[str, ...]


class Once(NamedTuple):
    """What is done once for a request: reading it as its source wants, and asking whether that may
    send."""

    read: Callable[[Wishes], Received]
    admit: Callable[..., int]


class Taken(NamedTuple):
    """What a request held, and what became of it."""

    received: Received
    outcome: operations.ReceivedOutcome


@csrf_exempt
@transaction.non_atomic_requests
def receive(request: HttpRequest, form: Form) -> HttpResponse:
    """One request of a client library, at any of its addresses."""
    now = timezone.now()
    if request.method == "OPTIONS":
        return _preflight(request, form)
    visit = Visit(request, form, _asked(request), perf_counter())
    if request.method not in form.methods:
        return _refuse(visit, Refusal(405, "Send events by POST."))
    try:
        return _open(visit, now)
    except (OperationalError, InterfaceError):
        log.exception("intake_unavailable")
        return _refuse(visit, Refusal(503, "Not stored; send it again."), retry_after=RETRY_SECONDS)


def _open(visit: Visit, now: datetime) -> HttpResponse:
    """Find whose request it is, and take what it brings."""
    try:
        body = inflate_body(_raw(visit.request))
        visit = visit._replace(asked=replace(visit.asked, body=body))
        opened = visit.form.open(visit.asked)
    except UnreadableBody as problem:
        return _refuse_unread(visit, refusal_of(problem), now)
    if opened.key is None:
        return _answer(visit, opened.accept(Received([], []), now))
    key = get_source_by_key(text=opened.key)
    if key is None:
        return _refuse_key(visit, opened.key, now)
    return _take(visit, opened, key, now)


@transaction.non_atomic_requests
def settings(request: HttpRequest, write_key: str) -> HttpResponse:
    """What the browser library asks before it sends anything: where to send."""
    if get_source_by_key(text=write_key) is None:
        message = "There is no source with this key."
        response = JsonResponse({"success": False, "message": message}, status=404)
    else:
        host = request.get_host()
        response = JsonResponse(
            segment.settings_for(write_key, host=host, is_secure=request.is_secure())
        )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _asked(request: HttpRequest) -> Asked:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Asked(request.path, request.GET.dict(), headers)


def _raw(request: HttpRequest) -> bytes:
    too_large = f"the request is larger than {MAX_REQUEST_BYTES // 1024**2} MB"
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST_BYTES:
        raise TooLarge(too_large)
    try:
        return request.body
    except RequestDataTooBig:
        raise TooLarge(too_large) from None


def _preflight(request: HttpRequest, form: Form) -> HttpResponse:
    response = _allow(JsonResponse({"success": True}), request, form)
    response["Access-Control-Allow-Methods"] = "POST, GET, OPTIONS"
    response["Access-Control-Allow-Headers"] = "authorization, content-type, content-encoding"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _allow(response: HttpResponse, request: HttpRequest, form: Form) -> HttpResponse:
    """Let the browser library read the answer. Where it sends cookies, no star may stand."""
    origin = request.headers.get("Origin")
    if form.takes_cookies and origin:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
        response["Vary"] = "Origin"
    else:
        response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(visit: Visit, reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.content, status=reply.status, content_type=reply.content_type)
    return _allow(response, visit.request, visit.form)


def _refuse(visit: Visit, refusal: Refusal, *, retry_after: int | None = None) -> HttpResponse:
    response = _answer(visit, visit.form.refuse(refusal, visit.asked))
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _refuse_key(visit: Visit, text: str, now: datetime) -> HttpResponse:
    """The sender learns nothing of the key; the people of its source, if any, see the request."""
    counted = limits.allow("wrong_key", _address(visit) or "none")
    if counted.ok:
        dead = get_dead_key(text=text)
        if dead is not None:
            note_dead_key(visit.asked, dead, now, visit.began)
        return _refuse(visit, Refusal(401, "The key opens no source: check the write key."))
    message = "Too many wrong keys came from this address. Wait a little."
    return _refuse(visit, Refusal(429, message), retry_after=counted.retry_after_seconds)


def _refuse_unread(visit: Visit, refusal: Refusal, now: datetime) -> HttpResponse:
    """Nobody can read it; where a header names the source all the same, its people see that."""
    key = get_source_by_key(text=key_of(visit.asked))
    return _refuse(visit, refusal) if key is None else _turn_away(visit, key, refusal, now)


def _turn_away(
    visit: Visit, key: SourceKey, refusal: Refusal, now: datetime, retry_after: int | None = None
) -> HttpResponse:
    """Refuse a request whose source is known, so that it shows among that source's requests."""
    note(visit.asked, key, Seen(refusal.status, now, visit.began, why=refusal.message))
    return _refuse(visit, refusal, retry_after=retry_after)


def _take(visit: Visit, opened: Opened, key: SourceKey, now: datetime) -> HttpResponse:
    """Read and store what a live key brings. Answered only once it is durable."""
    # Whichever way it goes in the end, a request is read and admitted once.
    once = Once(
        read=cache(partial(_read, visit, opened, now)),
        admit=cache(partial(operations.admit_request, day=key.day_of(now))),
    )
    try:
        taken = _take_at_once(visit, once, key, now) or _take_in_scope(visit, once, key, now)
    except UnreadableBody as problem:
        return _turn_away(visit, key, refusal_of(problem), now)
    if isinstance(taken, HttpResponse):
        return taken
    response = _answer(visit, opened.accept(taken.received, now))
    response[TOLD] = _count(taken.outcome)
    note(
        visit.asked,
        key,
        Seen(
            response.status_code,
            now,
            visit.began,
            received=taken.received,
            outcome=taken.outcome,
        ),
    )
    return response


def _take_at_once(visit: Visit, once: Once, key: SourceKey, now: datetime) -> Taken | None:
    """By what this process remembers of the source and of names. None where that does not do;
    nothing was stored then."""
    found = get_held_source(source_id=key.source_id)
    if found is None or not _comes_from(visit, found.source):
        return None
    received = once.read(_wishes(found.source))
    known = operations.attributed_at_once(found=found, received=received, now=now)
    if known is None or once.admit(source=found.source):
        return None
    outcome = operations.record_at_once(
        found=found, received=received, known=known, received_at=now
    )
    return Taken(received, outcome) if outcome else None


def _take_in_scope(visit: Visit, once: Once, key: SourceKey, now: datetime) -> Taken | HttpResponse:
    with tenant_scope(key.tenant_id):
        found = get_open_source(source_id=key.source_id)
        if found is None:
            return _refuse(visit, Refusal(401, "The source of this key is gone."))
        if not _comes_from(visit, found.source):
            refusal = Refusal(403, "The source takes nothing from this page.")
            return _turn_away(visit, key, refusal, now)
        wait = once.admit(source=found.source)
        if wait:
            return _turn_away(visit, key, TOO_MUCH, now, retry_after=wait)
        received = once.read(_wishes(found.source))
        with acting(Actor(ActorKind.SOURCE, found.source.name, key.source_id, _address(visit))):
            outcome = operations.record_events(
                source=found.source,
                received=received,
                received_at=now,
                keeping=found.keeping,
                mark=found.mark,
            )
    return Taken(received, outcome)


def _wishes(source: Source) -> Wishes:
    return Wishes(tuple(source.group_types) or CUSTOMER_TYPES, tuple(source.dropped_properties))


def _read(visit: Visit, opened: Opened, now: datetime, wishes: Wishes) -> Received:
    if wishes.dropped:
        opened = visit.form.open(without_properties(visit.asked, wishes.dropped))
    return opened.read(now, wishes.customer_types)


def _comes_from(visit: Visit, source: Source) -> bool:
    """Whether a page that sends may do so; what is no page may."""
    return is_allowed(visit.request.headers.get("Origin"), source.allowed_origins)


def _address(visit: Visit) -> str | None:
    return address_of(visit.request)


def _count(outcome: operations.ReceivedOutcome) -> str:
    """What became of a request's items, for the figures and for whoever looks at the answer."""
    numbers = outcome.counts
    for name, number in numbers.items():
        EVENTS.labels(name).inc(number)
    return ", ".join(f"{name.replace('_', '-')}={number}" for name, number in numbers.items())
