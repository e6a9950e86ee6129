"""Every address, by the object it is about."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from adoption.urls.files import feed_urlpatterns
from adoptiq import api, views
from engagements.urls.feedback import answer_urlpatterns
from notifications.urls import account_urlpatterns as notification_urlpatterns
from people.urls import account_urlpatterns
from people.views.workspaces import choose_workspace
from rendering.web import choose_theme
from usage.urls import intake_urlpatterns

api_routes = api.routes()

workspace: list[URLPattern | URLResolver] = [
    path("", include("reviews.urls")),
    path("", include("engagements.urls")),
    path("", include("adoption.urls")),
    path("", include("usage.urls")),
    path("", include("metrics.urls")),
    path("", include("adoptiq.workspace.urls")),
    path("settings/", include("people.urls")),
    path("settings/", include("adoptiq.runs.urls")),
    path("", include("notifications.urls")),
    path("search/", views.search, name="search"),
    path("demo/remove/", views.remove_demo, name="remove_demo"),
    path("api/v1/", include((api_routes, "workspace-api"))),
]

urlpatterns = [
    path("", choose_workspace, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("theme/", choose_theme, name="choose_theme"),
    path("accounts/", include(account_urlpatterns)),
    path("accounts/", include(notification_urlpatterns)),
    path("accounts/", include("allauth.urls")),
    path("w/<slug:workspace>/", include(workspace)),
    path("api/v1/", include((api_routes, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", views.api_docs, name="api_docs"),
    *answer_urlpatterns,
    *feed_urlpatterns,
    *intake_urlpatterns,
]
