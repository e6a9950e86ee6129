"""Reads that span plan, measures and use: the book, an engagement's first page, their own page."""

from reviews.queries.book import SORTS, UNSCORED, Book, BookRow, Filters, get_book
from reviews.queries.first_steps import FirstStep, FirstSteps, get_first_steps
from reviews.queries.overview import Overview, get_overview
from reviews.queries.side import Side, SideEngagement, get_side

__all__ = [
    "SORTS",
    "UNSCORED",
    "Book",
    "BookRow",
    "Filters",
    "FirstStep",
    "FirstSteps",
    "Overview",
    "Side",
    "SideEngagement",
    "get_book",
    "get_first_steps",
    "get_overview",
    "get_side",
]
