"""The book and the overviews, inside `/w/<workspace>/`."""

from django.urls import path

from reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.book, name="book"),
    path("book.csv", views.export_book, name="export_book"),
    path("engagements/<uuid:engagement_id>/", views.engagement, name="engagement"),
]
