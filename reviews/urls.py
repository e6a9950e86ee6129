"""The book and the overviews, inside `/w/<workspace>/`."""

from django.urls import path

from reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.book, name="book"),
    path("book.csv", views.export_book, name="export_book"),
    path("first-steps/hide/", views.hide_first_steps, name="hide_first_steps"),
    path("first-steps/show/", views.show_first_steps, name="show_first_steps"),
    path("customers/<uuid:customer_id>/side/", views.side, name="side"),
    path("engagements/<uuid:engagement_id>/", views.engagement, name="engagement"),
]
