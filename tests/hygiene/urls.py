"""The addresses of the product, and three views that do what must not be allowed to matter."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from adoptiq.urls import urlpatterns as product
from engagements.models import Customer
from tenancy.scope import current_scope, tenant_scope

PIECES = 400
PIECE = b"-" * 16_384


class Planted(Exception):
    """Raised on purpose, in the middle of a request that has read rows."""


def fault(request: HttpRequest) -> HttpResponse:
    raise Planted(Customer.objects.get().name)


def late_fault(request: HttpRequest) -> StreamingHttpResponse:
    """Goes wrong when the answer has begun."""
    tenant_id = current_scope().tenant_id

    def pieces() -> Iterator[bytes]:
        with tenant_scope(tenant_id):
            yield Customer.objects.get().name.encode()
            raise Planted

    return StreamingHttpResponse(pieces())


def endless(request: HttpRequest) -> StreamingHttpResponse:
    """More than fits the buffers between: whoever leaves, leaves in the middle of it."""
    tenant_id = current_scope().tenant_id

    def pieces() -> Iterator[bytes]:
        with tenant_scope(tenant_id):
            yield Customer.objects.get().name.encode()
            for _piece in range(PIECES):
                yield PIECE

    return StreamingHttpResponse(pieces())


def forgetful(request: HttpRequest) -> HttpResponse:
    """What nobody may write: a setting for the connection instead of the transaction."""
    tenant_id = current_scope().tenant_id
    transaction.on_commit(lambda: _keep(tenant_id))
    return HttpResponse()


def _keep(tenant_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant_id)])


urlpatterns = [
    path("api/v1/forgetful/", forgetful),
    path("api/v1/fault/", fault),
    path("api/v1/late-fault/", late_fault),
    path("api/v1/endless/", endless),
    *product,
]
