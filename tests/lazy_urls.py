"""The addresses of the product, and views that read rows later than they should."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from adoptiq.urls import urlpatterns as product
from engagements.models import Customer
from tenancy.http import WorkspaceRequest
from tenancy.scope import current_scope, current_tenant_id, tenant_scope

NAMES = engines["django"].from_string("{% for row in rows %}{{ row.name }}\n{% endfor %}")
RAW = "SELECT name FROM engagements_customer WHERE tenant_id = %s"
kept: list[Any] = []


def rendered_late(request: WorkspaceRequest) -> HttpResponse:
    return TemplateResponse(request, NAMES, {"rows": Customer.objects.order_by("name")})


def streamed_bare(request: WorkspaceRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(row.name for row in Customer.objects.iterator())


def streamed_in_scope(request: WorkspaceRequest) -> StreamingHttpResponse:
    scope = current_scope()

    def pieces() -> Iterator[str]:
        with tenant_scope(scope.tenant_id, realm=scope.realm, customer_id=scope.customer_id):
            yield from (row.name for row in Customer.objects.iterator())

    return StreamingHttpResponse(pieces())


def streamed_statement(request: WorkspaceRequest) -> StreamingHttpResponse:
    """A statement of one's own names the workspace by asking for it, as all of ours do."""

    def pieces() -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(RAW, [str(current_tenant_id())])
            yield from (name for (name,) in cursor.fetchall())

    return StreamingHttpResponse(pieces())


def read_on_commit(request: WorkspaceRequest) -> HttpResponse:
    transaction.on_commit(lambda: kept.extend(Customer.objects.all()))
    return HttpResponse()


urlpatterns = [
    path("w/<slug:workspace>/rendered-late/", rendered_late),
    path("w/<slug:workspace>/streamed-bare/", streamed_bare),
    path("w/<slug:workspace>/streamed-in-scope/", streamed_in_scope),
    path("w/<slug:workspace>/streamed-statement/", streamed_statement),
    path("w/<slug:workspace>/read-on-commit/", read_on_commit),
    *product,
]
