"""Calls that may be sent again: the second with the same Idempotency-Key gets the first's answer.

The answer is stored in the transaction of its effect, so there is never one without the other. A
refusal is not stored: once its reason is mended, the same key may be used again.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from tenancy.models import ApiKey, StoredAnswer
from tenancy.rest.versions import as_text
from tenancy.scope import current_tenant_id

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255
KEPT = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered before."""

    status: int
    data: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A call whose answer is to be stored once it succeeds."""

    caller: str
    customer_id: UUID | None
    key: str
    fingerprint: bytes
    now: datetime


class Repeated(Exception):
    """The call was made before; nothing is done again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class StillRunning(APIException):
    status_code = 409
    default_code = "still_running"
    default_detail = _lazy(
        "The first call with this Idempotency-Key is still at work. Ask again in a second."
    )
    # DRF answers it as Retry-After.
    wait = 1


class KeyOfAnother(APIException):
    status_code = 422
    default_code = "key_of_another"
    default_detail = _lazy(
        "This Idempotency-Key was used for another call. Make a new one for each thing you do."
    )


def begin(request: Request, *, now: datetime) -> Pledge | None:
    """None when the caller sends no key.

    Raises Repeated with the answer of the first call, StillRunning, KeyOfAnother, ValidationError.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        return None
    if len(key) > LONGEST or not key.isprintable():
        words = _("An Idempotency-Key has at most %(most)s printable characters.")
        raise ValidationError({HEADER: [words % {"most": LONGEST}]})
    caller, customer_id = _caller(request.auth)
    pledge = Pledge(caller, customer_id, key, _fingerprint(request), now)
    _take_turn(pledge)
    _answer_again(pledge)
    return pledge


def _caller(auth: Any) -> tuple[str, UUID | None]:
    if isinstance(auth, ApiKey):
        return f"key:{auth.pk}", None
    return f"member:{auth.pk}:{auth.customer_id or ''}", auth.customer_id


def _fingerprint(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    for part in _parts(request.data):
        digest.update(part)
    return digest.digest()


def _parts(data: Any) -> Iterator[bytes]:
    """What was sent, piece by piece; files are read and left as they were."""
    if not hasattr(data, "lists"):
        yield as_text(data).encode("utf-8", "surrogatepass")
        return
    for name, values in sorted(data.lists()):
        for value in values:
            yield f"\0{name}\0".encode("utf-8", "surrogatepass")
            if hasattr(value, "chunks"):
                yield from value.chunks()
                value.seek(0)
            else:
                yield str(value).encode("utf-8", "surrogatepass")


def _take_turn(pledge: Pledge) -> None:
    """Hold this key until the transaction ends; raise StillRunning while another call does."""
    name = f"{current_tenant_id()} {pledge.caller} {pledge.key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise StillRunning


def _answer_again(pledge: Pledge) -> None:
    same = StoredAnswer.objects.filter(caller=pledge.caller, key=pledge.key)
    stored = same.first()
    if stored is None:
        return
    if stored.created_at <= pledge.now - KEPT:
        same.delete()
        return
    if bytes(stored.fingerprint) != pledge.fingerprint:
        raise KeyOfAnother
    headers = stored.headers | {REPLAYED: "true"}
    raise Repeated(Answer(stored.status, json.loads(stored.body or "null"), headers))


def keep(pledge: Pledge, response: Response) -> None:
    """Store what a call with a key was answered, for the next that is the same."""
    StoredAnswer.objects.create(
        customer_id=pledge.customer_id,
        caller=pledge.caller,
        key=pledge.key,
        fingerprint=pledge.fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
        # In the order it was answered in.
        body="" if response.data is None else json.dumps(response.data, cls=JSONEncoder),
        created_at=pledge.now,
    )


def drop_expired(*, business_date: date, now: datetime) -> None:
    """Forget the answers of the workspace in force that nobody may ask for any more."""
    StoredAnswer.objects.filter(created_at__lte=now - KEPT).delete()
