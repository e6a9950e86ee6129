"""Usage inside `/w/<workspace>/`, and the global addresses client libraries send to."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from usage.adapters.requests import Form
from usage.adapters.routes import ROUTES
from usage.views import imports, intake, pages, recognition, sources

app_name = "usage"

urlpatterns = [
    path("usage/", pages.overview, name="overview"),
    path("usage/imports/", imports.imports, name="imports"),
    path("usage/imports/<uuid:import_id>/", imports.usage_import, name="import"),
    path("usage/imports/<uuid:import_id>/rows.csv", imports.faults_csv, name="faults"),
    path("usage/sources/", sources.sources, name="sources"),
    path("usage/sources/<uuid:source_id>/keys/", sources.add_key, name="add_source_key"),
    path("usage/sources/<uuid:source_id>/revoke/", sources.revoke_key, name="revoke_source_key"),
    path("usage/recognition/", recognition.recognition, name="recognition"),
    path("usage/recognition/put-aside.csv", recognition.quarantined_csv, name="quarantined_csv"),
    path("usage/recognition/groups/new/", recognition.attach_group, name="attach_group"),
    path(
        "usage/recognition/groups/<uuid:group_name_id>/detach/",
        recognition.detach_group,
        name="detach_group",
    ),
    path("usage/recognition/domains/new/", recognition.add_domain, name="add_domain"),
    path(
        "usage/recognition/domains/<uuid:domain_id>/remove/",
        recognition.remove_domain,
        name="remove_domain",
    ),
    path("usage/recognition/left-out/new/", recognition.leave_out, name="leave_out"),
    path(
        "usage/recognition/left-out/<uuid:exclusion_id>/count/",
        recognition.count_again,
        name="count_again",
    ),
    path("customers/<uuid:customer_id>/usage/", pages.customer_usage, name="customer_usage"),
    path("engagements/<uuid:engagement_id>/usage/", pages.usage, name="usage"),
    path("engagements/<uuid:engagement_id>/usage.csv", pages.usage_csv, name="csv"),
]


def _both(route: str, view: Callable[..., HttpResponse], **kwargs: Form) -> list[URLPattern]:
    """With and without the final slash: a redirect would lose what was posted."""
    return [path(f"{route}{end}", view, kwargs) for end in ("", "/")]


intake_urlpatterns = [
    *(
        pattern
        for route, form in ROUTES.items()
        for pattern in _both(route, intake.receive, form=form)
    ),
    *_both("v1/projects/<str:write_key>/settings", intake.settings),
]
