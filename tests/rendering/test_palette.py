"""How well typed words fit a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.palette import Asked, Entry, Group, fit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 3),
        ("hal", 3),
        ("HALDEN c", 3),
        ("cha", 2),
        ("che hal", 2),
        ("emic", 1),
        ("zzz", 0),
    ],
)
def test_a_beginning_beats_a_word_beats_an_inside(text: str, expected: float) -> None:
    assert fit(text, "Halden Chemicals (Charter)") == expected


def test_a_slip_of_the_finger_still_finds() -> None:
    assert 0 < fit("haldne", "Halden") < 1
    assert 0 < fit("keybord shortcuts", "Keyboard shortcuts") < 1
    assert fit("members", "Measures") == 0


def test_accents_and_signs_do_not_stand_in_the_way() -> None:
    assert fit("ostersund", "Östersund Energi") == 3
    assert fit("o'hara", "O’Hara") == 3
    assert fit("!?", "Halden") == 0


def test_the_best_of_several_names_counts() -> None:
    assert fit("download", "Export the book", "Download the book") == 3
    assert fit("anything", "") == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_fit_is_between_nothing_and_three(text: str, name: str) -> None:
    assert 0 <= fit(text, name) <= 3


@given(st.from_regex(r"\w[\w ]{0,20}", fullmatch=True))
def test_a_name_fits_itself_best(name: str) -> None:
    assert fit(name, name) == 3


def test_what_does_not_fit_is_not_offered() -> None:
    asked = Asked("inv", "acme", lambda action: True)
    invite = Entry(Group.ACTION, "Invite somebody", "/members/")
    found = asked.offered(invite, Entry(Group.ACTION, "Sign out", "/out/"))
    assert [(entry.label, entry.fit) for entry in found] == [("Invite somebody", 3)]
