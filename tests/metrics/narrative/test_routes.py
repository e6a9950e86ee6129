from dataclasses import replace
from datetime import date

from metrics.narrative.routes import routes_finding, say_gap, say_standing
from metrics.routes import shares, standings
from tests.metrics.test_routes import MAIL, NEW, PHONE, TODAY


def said(*routes) -> str:
    return routes_finding(shares(routes), standings(routes, today=TODAY), today=TODAY)


def test_the_share_is_said_with_the_route_that_competes_most() -> None:
    assert said(NEW, MAIL, PHONE) == (
        "61\xa0% of all requests took the new route by 30 November; mail still takes 28\xa0%"
    )
    assert said(NEW) == "100\xa0% of all requests took the new route by 30 November"
    assert said() == "No period has every route counted yet"


def test_a_period_that_is_not_whole_is_said_and_not_used() -> None:
    gap = replace(PHONE, volumes=PHONE.volumes[:2])
    assert said(NEW, MAIL, gap) == "30\xa0% of all requests took the new route by 31 October"
    assert say_gap(shares([NEW, MAIL, gap]), {"phone": "Phone"}) == (
        "Not counted in the last period: Phone."
    )
    assert say_gap(shares([NEW]), {}) == ""


def test_each_competing_route_says_what_became_of_its_day() -> None:
    found = standings(
        [
            NEW,
            MAIL,
            PHONE,
            replace(PHONE, key="b", name="post", shut_date=date(2026, 11, 1)),
            replace(PHONE, key="c", name="fax", shut_date=date(2026, 12, 1)),
            replace(PHONE, key="d", name="desk", shut_off_date=date(2027, 1, 31)),
        ],
        today=TODAY,
    )
    assert [say_standing(one, today=TODAY) for one in found] == [
        "mail was to be shut off on 30 November and is still open",
        "phone has no day on which it is shut off",
        "post was shut off on 1 November and still took 110 requests",
        "fax is shut off since 1 December",
        "desk is to be shut off on 31 January 2027",
    ]
