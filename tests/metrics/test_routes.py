from dataclasses import replace
from datetime import date

import pytest

from metrics.routes import Route, State, Volume, best_covered, covered, shares, standings

DAYS = (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30))
TODAY = date(2026, 12, 2)


def route(name: str, *amounts: float, **fields) -> Route:
    volumes = tuple(
        Volume(day, amount) for day, amount in zip(DAYS[-len(amounts) :], amounts, strict=False)
    )
    return Route(key=name, name=name, volumes=volumes if amounts else (), **fields)


NEW = route("portal", 100, 300, 610, is_new=True)
MAIL = route("mail", 700, 500, 280, shut_off_date=date(2026, 11, 30))
PHONE = route("phone", 200, 200, 110)


def test_the_share_is_the_new_route_of_all_routes() -> None:
    assert [period.share for period in shares([NEW, MAIL, PHONE])] == [0.1, 0.3, 0.61]


def test_a_route_nobody_counted_leaves_no_share_rather_than_a_better_one() -> None:
    gap = replace(PHONE, volumes=PHONE.volumes[:2])
    last = shares([NEW, MAIL, gap])[-1]
    assert (last.share, last.unread, last.total) == (None, ("phone",), 890)
    assert standings([NEW, gap], today=TODAY)[0].share == 0.4


def test_a_route_counts_from_its_first_volume_and_as_nothing_once_shut() -> None:
    late = route("form", 10)
    shut = replace(PHONE, volumes=PHONE.volumes[:2], shut_date=date(2026, 11, 1))
    periods = shares([NEW, MAIL, shut, late])
    assert [period.unread for period in periods] == [(), (), ()]
    assert periods[-1].share == pytest.approx(610 / 900)


def test_no_request_at_all_is_no_share() -> None:
    assert [period.share for period in shares([route("portal", 0, is_new=True)])] == [None]
    assert shares([]) == ()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.UNPLANNED),
        ({"shut_off_date": TODAY}, State.OPEN),
        ({"shut_off_date": date(2026, 12, 1)}, State.OVERDUE),
        ({"shut_date": date(2026, 11, 30)}, State.SHUT),
        ({"shut_date": date(2026, 11, 1)}, State.LEAKING),
        ({"shut_date": date(2026, 12, 24), "shut_off_date": date(2026, 12, 24)}, State.OPEN),
    ],
    ids=str,
)
def test_where_a_competing_route_stands(fields, state) -> None:
    (standing,) = standings([NEW, replace(PHONE, **fields)], today=TODAY)
    assert standing.state is state


def test_the_largest_competing_route_comes_first_with_its_share() -> None:
    found = standings([NEW, PHONE, MAIL, route("fax")], today=TODAY)
    assert [one.route.name for one in found] == ["mail", "phone", "fax"]
    assert [one.share for one in found] == [0.28, 0.11, None]
    assert found[0].state is State.OVERDUE


def test_a_first_phase_is_held_against_the_most_it_could_cover() -> None:
    phase = covered([(500, True), (300, False), (150, True), (50, False)])
    assert (phase.services, phase.share) == (2, 0.65)
    assert best_covered([500, 300, 150, 50], services=2).share == 0.8
    assert covered([]).share is None
