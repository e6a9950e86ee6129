"""The request as a workspace view sees it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenancy.models import ApiKey, Membership, Tenant


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
