"""Where client libraries send events: any content type, durable before the answer.

A library retries on 5xx and drops on 4xx, so a bad event inside a readable request is accepted
and put aside, and only a request that nobody can read is refused.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, transaction
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
from usage.adapters.canonical import MAX_REQUEST_BYTES, Received, UnreadableBody
from usage.adapters.inflating import inflate_body
from usage.models import Source, SourceKey
from usage.queries import get_source_by_key

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5
BASIC, BEARER = "basic ", "bearer "
EVENTS = Counter(
    "adoptiq_intake_events", "Events by request, by what became of them.", ("outcome",)
)
Reader = Callable[[segment.Item], Received]


def _answer(body: dict[str, object], status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _refuse(message: str, status: int) -> HttpResponse:
    return _answer({"success": False, "message": message}, status)


def _preflight() -> HttpResponse:
    response = _answer({"success": True})
    response["Access-Control-Allow-Methods"] = "POST, GET, OPTIONS"
    response["Access-Control-Allow-Headers"] = "authorization, content-type, content-encoding"
    response["Access-Control-Max-Age"] = "86400"
    return response


@csrf_exempt
@transaction.non_atomic_requests
def batch(request: HttpRequest) -> HttpResponse:
    """`POST /v1/batch`: a list of calls, each naming its type."""
    now = timezone.now()
    return _take(request, lambda body: segment.read_batch(body, received_at=now))


@csrf_exempt
@transaction.non_atomic_requests
def call(request: HttpRequest, kind: str) -> HttpResponse:
    """`POST /v1/track` and its like: one call, its type in the address, short or in full."""
    now = timezone.now()
    name = segment.SHORT_KINDS.get(kind, kind)
    return _take(request, lambda body: segment.read_single(body, name, received_at=now))


@transaction.non_atomic_requests
def settings(request: HttpRequest, write_key: str) -> HttpResponse:
    """What the browser library asks before it sends anything: where to send."""
    if get_source_by_key(text=write_key) is None:
        return _refuse("There is no source with this key.", 404)
    place = {"apiKey": write_key, "apiHost": f"{request.get_host()}/v1"}
    return _answer({"integrations": {"Segment.io": place}})


def _take(request: HttpRequest, read: Reader) -> HttpResponse:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method != "POST":
        return _refuse("Send events by POST.", 405)
    try:
        body = segment.read_body(inflate_body(_raw(request)))
        key = get_source_by_key(text=_key_text(request, body))
        if key is None:
            return _refuse_key(request)
        received = read(body)
    except UnreadableBody as problem:
        return _refuse(str(problem), 400)
    return _record(key, received, address_of(request))


def _refuse_key(request: HttpRequest) -> HttpResponse:
    counted = limits.allow("wrong_key", address_of(request) or "none")
    if counted.ok:
        return _refuse("The key opens no source: check the write key.", 401)
    response = _refuse("Too many wrong keys came from this address. Wait a little.", 429)
    response["Retry-After"] = str(counted.retry_after_seconds)
    return response


def _record(key: SourceKey, received: Received, address: str | None) -> HttpResponse:
    try:
        with tenant_scope(key.tenant_id):
            source = Source.objects.filter(pk=key.source_id).first()
            if source is None:
                return _refuse("The source of this key is gone.", 401)
            with acting(Actor(ActorKind.SOURCE, source.name, source.pk, address)):
                outcome = operations.record_events(
                    source=source, received=received, received_at=timezone.now()
                )
    except OperationalError:
        log.exception("intake_unavailable", source=str(key.source_id))
        response = _refuse("Not stored; send it again.", 503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    for name, number in (
        ("accepted", outcome.new),
        ("repeated", outcome.repeated),
        ("put_aside", outcome.quarantined),
    ):
        EVENTS.labels(name).inc(number)
    return _answer({"success": True})


def _raw(request: HttpRequest) -> bytes:
    too_large = f"the request is larger than {MAX_REQUEST_BYTES // 1024**2} MB"
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST_BYTES:
        raise UnreadableBody(too_large)
    try:
        return request.body
    except RequestDataTooBig:
        raise UnreadableBody(too_large) from None


def _key_text(request: HttpRequest, body: segment.Item) -> str:
    """The key from the user name of Basic, from the body, or from Bearer, in this order."""
    header = request.headers.get("Authorization", "")
    basic = _user_name(header) if header.lower().startswith(BASIC) else ""
    bearer = header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""
    return basic or segment.write_key(body) or bearer


def _user_name(header: str) -> str:
    try:
        text = base64.b64decode(header[len(BASIC) :].strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[0]
