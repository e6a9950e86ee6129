"""Members and keys, inside `/w/<workspace>/`."""

from django.urls import path

from people import views

app_name = "people"

urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/<uuid:membership_id>/remove/", views.remove_member, name="remove_member"),
    path("keys/", views.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", views.revoke_key, name="revoke_key"),
]
