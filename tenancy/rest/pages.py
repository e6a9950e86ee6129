from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Pages that stay right while rows arrive: ids are in the order of time."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500
