"""Lists of people: what they cost, whatever number they stand for."""

import pytest
from django.test import Client

from tests.factories import Cast
from tests.pages import MOST_QUERIES, queries_of
from tests.usage.adopted import adopt


@pytest.mark.parametrize(
    "counted", ["", "mau", "lost", "tried:Reports", "activated", "waiting", "reached"]
)
def test_a_list_of_people_asks_at_most_fifteen_times(cast: Cast, csm: Client, counted: str) -> None:
    adopt(cast)
    for whose in (
        f"engagements/{cast.engagement.pk}/usage",
        f"customers/{cast.customer.pk}/usage/in-full",
    ):
        path = cast.at(f"{whose}/people/?counted={counted}&weekends=off")
        queries_of(csm, path)
        assert queries_of(csm, path) <= MOST_QUERIES, path
