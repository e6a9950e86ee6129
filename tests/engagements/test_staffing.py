from datetime import date

import pytest

from engagements.staffing import Fault, Member, Profile, Role, Time, departures

TODAY = date(2026, 11, 18)


def member(role: Role, time: Time = Time.FULL, **dates: date) -> Member:
    return Member(role.value, role, time, **dates)


TEAM = (
    member(Role.PROGRAMME_MANAGER, Time.PART),
    member(Role.PROJECT_MANAGER),
    member(Role.SERVICE_DESIGNER),
    member(Role.TECHNICAL_SUPPORT, Time.PART),
    member(Role.EXECUTIVE_SPONSOR, Time.PART),
)


def faults(*members: Member, profile: Profile = Profile.INITIAL) -> list[tuple[Role, Fault]]:
    return [(found.role, found.fault) for found in departures(profile, members, on=TODAY)]


def test_the_team_of_the_template_departs_from_nothing() -> None:
    assert faults(*TEAM) == []


def test_somebody_full_time_fills_a_part_time_place() -> None:
    assert faults(*TEAM[:3], member(Role.TECHNICAL_SUPPORT), TEAM[4]) == []


def test_a_missing_role_is_named_with_what_is_wanted() -> None:
    (found,) = departures(Profile.INITIAL, TEAM[1:], on=TODAY)
    assert (found.role, found.fault, found.wanted, found.found) == (
        Role.PROGRAMME_MANAGER,
        Fault.MISSING,
        1,
        0,
    )


@pytest.mark.parametrize(("designers", "expected"), [(3, []), (4, [Fault.TOO_MANY])])
def test_up_to_three_designers(designers: int, expected: list[Fault]) -> None:
    more = [member(Role.SERVICE_DESIGNER)] * (designers - 1)
    assert [fault for _role, fault in faults(*TEAM, *more)] == expected


def test_a_full_time_place_held_part_time_names_who_holds_it() -> None:
    team = [one for one in TEAM if one.role is not Role.PROJECT_MANAGER]
    (found,) = departures(
        Profile.INITIAL, [*team, member(Role.PROJECT_MANAGER, Time.PART)], on=TODAY
    )
    assert (found.fault, found.names) == (Fault.TOO_LITTLE_TIME, ("project_manager",))


def test_a_second_designer_may_be_part_time() -> None:
    assert faults(*TEAM, member(Role.SERVICE_DESIGNER, Time.PART)) == []


def test_people_count_from_their_first_day_to_their_last() -> None:
    gone = member(Role.PROJECT_MANAGER, ends=date(2026, 11, 17))
    coming = member(Role.PROJECT_MANAGER, starts=date(2026, 11, 19))
    there = member(Role.PROJECT_MANAGER, starts=TODAY, ends=TODAY)
    team = [one for one in TEAM if one.role is not Role.PROJECT_MANAGER]
    assert faults(*team, gone, coming) == [(Role.PROJECT_MANAGER, Fault.MISSING)]
    assert faults(*team, there) == []


def test_the_team_that_stays_is_smaller() -> None:
    staying = [one for one in TEAM if one.role not in (Role.PROJECT_MANAGER,)]
    assert faults(*staying, profile=Profile.ONGOING) == []


def test_an_added_role_is_no_departure() -> None:
    assert faults(*TEAM, member(Role.TRAINER), member(Role.OTHER)) == []
