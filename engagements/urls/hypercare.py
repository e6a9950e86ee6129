"""Hypercare."""

from django.urls import path

from engagements.views import hypercare

urlpatterns = [
    path("engagements/<uuid:engagement_id>/hypercare/", hypercare.hypercare, name="hypercare"),
]
