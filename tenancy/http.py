"""The request as a workspace view sees it."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from tenancy.models import ApiKey, Membership, Tenant

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class WorkspaceRequest(HttpRequest):
    """A request inside `/w/<workspace>/`: somebody signed in, with a place in that workspace."""

    workspace: Tenant
    membership: Membership
    htmx: HtmxDetails


class ApiRequest(HttpRequest):
    """A request to the API: by a key of the workspace, or by somebody signed in to it."""

    workspace: Tenant
    membership: Membership | None
    api_key: ApiKey | None


def open_while_closed(view: View) -> View:
    """Mark a view that administrators reach although their workspace is closed."""
    view.open_while_closed = True  # type: ignore[attr-defined]
    return view


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from: past as many proxies as stand in front of us, and no further.

    None when that is no address, as behind a socket file.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return _as_address(trusted) or _as_address(request.META.get("REMOTE_ADDR", ""))


def _as_address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
