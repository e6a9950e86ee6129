from datetime import date

import pytest

from metrics.deflection import Contacts, coached_turn, how_to_turn

SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 28) for month in (9, 10, 11))


def test_coached_against_done_for_the_user() -> None:
    contacts = Contacts(day=OCTOBER, coached=12, did_for=36, unclassed=12)
    assert (contacts.coached_share, contacts.classed_share) == (0.25, 0.8)
    assert Contacts(day=OCTOBER).coached_share is None
    assert Contacts(day=OCTOBER).classed_share is None


def test_how_to_tickets_count_against_active_users() -> None:
    assert Contacts(day=OCTOBER, how_to=132, active_users=330).per_hundred == pytest.approx(40)
    assert Contacts(day=OCTOBER, how_to=3, active_users=19).per_hundred is None
    assert Contacts(day=OCTOBER, active_users=330).per_hundred is None


def test_self_service_is_readers_by_writers() -> None:
    assert Contacts(day=OCTOBER, help_readers=90, ticket_users=30).self_service == 3
    assert Contacts(day=OCTOBER, help_readers=90, ticket_users=0).self_service is None


def test_a_turn_leaves_out_what_is_too_small_or_unknown() -> None:
    periods = [
        Contacts(day=NOVEMBER, coached=30, did_for=20, how_to=20, active_users=100),
        Contacts(day=SEPTEMBER, coached=10, did_for=40, how_to=45, active_users=100),
        Contacts(day=OCTOBER, coached=1, did_for=1),
    ]
    coached, how_to = coached_turn(periods), how_to_turn(periods)
    assert coached is not None
    assert (coached.since, coached.day) == (SEPTEMBER, NOVEMBER)
    assert coached.difference == pytest.approx(0.4)
    assert how_to is not None
    assert how_to.difference == -25
    assert coached_turn(periods[1:]) is None
