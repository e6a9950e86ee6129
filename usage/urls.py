"""Usage inside `/w/<workspace>/`, and the global addresses client libraries send to."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from usage.adapters.requests import Form
from usage.adapters.routes import ROUTES
from usage.views import (
    adoption,
    columns,
    imports,
    intake,
    pages,
    people,
    personal_data,
    recognition,
    rules,
    source_pages,
    sources,
    tables,
)

app_name = "usage"


def _of(start: str, prefix: str) -> list[URLPattern]:
    """The pages of whoever an address begins with: an engagement, or a customer by itself."""
    whole = "whole_usage" if prefix else "usage"
    return [
        path(f"{start}/", adoption.usage, name=f"{prefix}{whole}"),
        path(f"{start}.csv", tables.usage_csv, name=f"{prefix}csv"),
        path(f"{start}/so-far/", adoption.so_far, name=f"{prefix}so_far"),
        path(f"{start}/licences/", adoption.licences, name=f"{prefix}licences"),
        path(f"{start}/first-value/", adoption.first_value, name=f"{prefix}first_value"),
        path(f"{start}/habit/", adoption.habit, name=f"{prefix}habit"),
        path(f"{start}/features/", adoption.features, name=f"{prefix}features"),
        path(f"{start}/cohorts/", adoption.cohorts, name=f"{prefix}cohorts"),
        path(f"{start}/people/", people.people, name=f"{prefix}people"),
        path(f"{start}/people/<uuid:end_user_id>/", people.person, name=f"{prefix}person"),
        path(f"{start}/events/", people.events, name=f"{prefix}events"),
    ]


urlpatterns = [
    path("usage/", pages.overview, name="overview"),
    path("usage/imports/", imports.imports, name="imports"),
    path("usage/imports/<uuid:import_id>/", imports.usage_import, name="import"),
    path("usage/imports.csv", imports.imports_csv, name="imports_csv"),
    path("usage/imports/<uuid:import_id>/rows.csv", imports.faults_csv, name="faults"),
    path("usage/imports/<uuid:import_id>/columns/", columns.import_columns, name="import_columns"),
    path("usage/imports/<uuid:import_id>/sheet/", columns.choose_sheet, name="choose_sheet"),
    path("usage/imports/<uuid:import_id>/stop/", imports.cancel_import, name="cancel_import"),
    path("usage/imports/<uuid:import_id>/discard/", imports.discard_import, name="discard_import"),
    path("usage/imports/<uuid:import_id>/again/", imports.read_again, name="read_again"),
    path("usage/layouts/<uuid:layout_id>/forget/", columns.forget_layout, name="forget_layout"),
    path("usage/sources/", sources.sources, name="sources"),
    path("usage/sources/<uuid:source_id>/", source_pages.source, name="source"),
    path("usage/sources/<uuid:source_id>/volume.csv", source_pages.volume_csv, name="volume_csv"),
    path(
        "usage/sources/<uuid:source_id>/requests/",
        source_pages.source_requests,
        name="source_requests",
    ),
    path(
        "usage/sources/<uuid:source_id>/requests/one/",
        source_pages.source_request,
        name="source_request",
    ),
    path(
        "usage/sources/<uuid:source_id>/settings/",
        source_pages.source_settings,
        name="source_settings",
    ),
    path("usage/sources/<uuid:source_id>/start/", source_pages.start_source, name="start_source"),
    path("usage/personal-data/", personal_data.personal_data, name="personal_data"),
    path("usage/personal-data/retention/", personal_data.change_retention, name="change_retention"),
    path("usage/personal-data/export/", personal_data.export_person, name="export_person"),
    path("usage/personal-data/erase/", personal_data.erase_person, name="erase_person"),
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
    path("usage/overview.csv", pages.overview_csv, name="overview_csv"),
    path("usage/rules/", rules.edit_rules, name="edit_rules"),
    path("customers/<uuid:customer_id>/usage/", pages.customer_usage, name="customer_usage"),
    path(
        "engagements/<uuid:engagement_id>/usage/first-value/agreed/",
        rules.agree_first_value,
        name="agree_first_value",
    ),
    *_of("engagements/<uuid:engagement_id>/usage", ""),
    path(
        "engagements/<uuid:engagement_id>/usage/first-weeks/",
        adoption.first_weeks,
        name="first_weeks",
    ),
    *_of("customers/<uuid:customer_id>/usage/in-full", "customer_"),
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
