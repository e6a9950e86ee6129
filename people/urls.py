"""Members and keys, inside `/w/<workspace>/`."""

from django.urls import path

from people.views import keys, members

app_name = "people"

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/<uuid:membership_id>/remove/", members.remove_member, name="remove_member"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke_key, name="revoke_key"),
]
