from datetime import date

from metrics.deflection import Contacts
from metrics.growth import growth
from metrics.narrative.support import say_coached, say_growth, say_how_to, support_finding
from tests.metrics.test_growth import account

TODAY = date(2026, 12, 2)
SEPTEMBER, NOVEMBER = date(2026, 9, 28), date(2026, 11, 28)


def test_coached_callers_are_a_share_only_where_they_are_many() -> None:
    assert say_coached(Contacts(day=NOVEMBER, coached=30, did_for=20)) == (
        "60\xa0% of callers were walked through, 30 of 50"
    )
    assert say_coached(Contacts(day=NOVEMBER, coached=1, did_for=2)) == (
        "1 of 3 callers were walked through"
    )
    assert say_coached(Contacts(day=NOVEMBER)).startswith("No contact is classed")


def test_the_trend_of_how_to_tickets_comes_first() -> None:
    before = Contacts(day=SEPTEMBER, coached=10, did_for=40, how_to=45, active_users=100)
    now = Contacts(day=NOVEMBER, coached=30, did_for=20, how_to=20, active_users=100)
    assert support_finding([before, now], today=TODAY) == (
        "How-to tickets per 100 active users fell from 45.0 to 20.0 since 28 September"
    )
    bare = [
        Contacts(day=one.day, coached=one.coached, did_for=one.did_for) for one in (before, now)
    ]
    assert support_finding(bare, today=TODAY) == (
        "60\xa0% of callers were walked through, 20\xa0% on 28 September"
    )
    assert say_how_to(now) == "20.0 how-to tickets per 100 active users"
    assert say_how_to(bare[0]) == ""
    assert support_finding([], today=TODAY) == "No contact with support is on record"


def test_growth_is_said_with_its_seats_and_what_is_left_out() -> None:
    accounts = [account("a", 900, 0.2, 0.3), account("b", 100, 0.1, 0.9)]
    assert say_growth(growth(accounts)) == "+17.0 points of adoption over 1,000 seats"
    assert say_growth(growth([*accounts, account("c", 5, None, 1)])) == (
        "+17.0 points of adoption over 1,000 seats; customers left out: 1"
    )
