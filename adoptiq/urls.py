"""Every address, by the object it is about."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
