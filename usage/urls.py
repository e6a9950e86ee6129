"""Usage inside `/w/<workspace>/`, and the global addresses client libraries send to."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from usage.adapters.canonical import KINDS
from usage.adapters.segment import SHORT_KINDS
from usage.views import imports, intake, pages, sources

app_name = "usage"

urlpatterns = [
    path("usage/", pages.overview, name="overview"),
    path("usage/imports/", imports.imports, name="imports"),
    path("usage/imports/<uuid:import_id>/", imports.usage_import, name="import"),
    path("usage/imports/<uuid:import_id>/rows.csv", imports.faults_csv, name="faults"),
    path("usage/sources/", sources.sources, name="sources"),
    path("usage/sources/<uuid:source_id>/keys/", sources.add_key, name="add_source_key"),
    path("usage/sources/<uuid:source_id>/revoke/", sources.revoke_key, name="revoke_source_key"),
    path("customers/<uuid:customer_id>/usage/", pages.customer_usage, name="customer_usage"),
    path("engagements/<uuid:engagement_id>/usage/", pages.usage, name="usage"),
    path("engagements/<uuid:engagement_id>/usage.csv", pages.usage_csv, name="csv"),
]


def _both(route: str, view: Callable[..., HttpResponse], **kwargs: str) -> list[URLPattern]:
    """With and without the final slash: a redirect would lose what was posted."""
    return [path(f"{route}{end}", view, kwargs) for end in ("", "/")]


intake_urlpatterns = [
    *_both("v1/batch", intake.batch),
    *_both("v1/b", intake.batch),
    *_both("v1/import", intake.batch),
    *(
        pattern
        for kind in sorted([*KINDS, *SHORT_KINDS])
        for pattern in _both(f"v1/{kind}", intake.call, kind=kind)
    ),
    *_both("v1/projects/<str:write_key>/settings", intake.settings),
]
