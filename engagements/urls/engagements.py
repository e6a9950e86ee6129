"""What an engagement is called and when it runs."""

from django.urls import path

from engagements.views import engagements

urlpatterns = [
    path(
        "customers/<uuid:customer_id>/engagements/new/",
        engagements.create_engagement,
        name="create_engagement",
    ),
    path(
        "engagements/<uuid:engagement_id>/edit/",
        engagements.edit_engagement,
        name="edit_engagement",
    ),
    path(
        "engagements/<uuid:engagement_id>/archive/",
        engagements.archive_engagement,
        name="archive_engagement",
    ),
]
