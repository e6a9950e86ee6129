"""Every address, by the object it is about."""

from importlib.util import find_spec

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from adoptiq import api, views
from people.views import choose_workspace

api_routes = api.routes()

workspace = [
    path("", include(f"{app}.urls"))
    for app in ("reviews", "engagements", "adoption", "usage", "metrics")
    if find_spec(app) and find_spec(f"{app}.urls")
] + [
    path("settings/", include("people.urls")),
    path("api/v1/", include((api_routes, "workspace-api"))),
]

urlpatterns = [
    path("", choose_workspace, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("w/<slug:workspace>/", include(workspace)),
    path("api/v1/", include((api_routes, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
if find_spec("rendering.web"):
    from rendering import web

    if hasattr(web, "choose_theme"):
        urlpatterns.append(path("theme/", web.choose_theme, name="choose_theme"))
if find_spec("usage.urls"):
    from usage import urls as usage_urls

    urlpatterns += usage_urls.intake_urlpatterns
