"""The API of all apps: once for keys, once for people signed in to a workspace."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule
from rest_framework.routers import SimpleRouter

Routes = list[URLPattern | URLResolver]


def routes() -> Routes:
    """What every app offers: viewsets in `router_entries`, single addresses in `routes`."""
    router = SimpleRouter(use_regex_path=False)
    single: Routes = []
    for config in apps.get_app_configs():
        if config.name == __package__ or not module_has_submodule(config.module, "api"):
            continue
        module = import_module(f"{config.name}.api")
        for prefix, viewset, basename in getattr(module, "router_entries", []):
            router.register(prefix, viewset, basename=basename)
        single += getattr(module, "routes", [])
    return [*single, *router.urls]


def leave_out_sessions(endpoints: list[tuple[str, str, str, Any]]) -> list[Any]:
    """The description names each address once: as keys reach it."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def without_marks(result: Any, **_rest: Any) -> Any:
    """The description without what its generator notes for itself."""
    if isinstance(result, dict):
        kept = {name: inner for name, inner in result.items() if name != "x-spec-enum-id"}
        return {name: without_marks(inner) for name, inner in kept.items()}
    if isinstance(result, list):
        return [without_marks(inner) for inner in result]
    return result
