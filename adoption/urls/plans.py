"""Addresses of the plan, its network and the files of its curve."""

from django.urls import path

from adoption.views import curves, network, plans

urlpatterns = [
    path("engagements/<uuid:engagement_id>/plan/", plans.plan, name="plan"),
    path("engagements/<uuid:engagement_id>/plan/today/", plans.follow_today, name="follow_today"),
    path("engagements/<uuid:engagement_id>/plan/network/", network.network, name="network"),
    path(
        "engagements/<uuid:engagement_id>/plan/network.csv",
        network.export_network,
        name="export_network",
    ),
    path(
        "engagements/<uuid:engagement_id>/plan/curve.csv", curves.export_curve, name="export_curve"
    ),
    path(
        "engagements/<uuid:engagement_id>/plan/forecast.csv",
        curves.export_forecast,
        name="export_forecast",
    ),
]
