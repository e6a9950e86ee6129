import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.mentions import Ambiguous, Person, Piece, handles_in, people_in, pieces

ANNA = Person(1, "Anna Berg", "anna.berg@example.org")
JOSE = Person(2, "José Ortega Ruiz", "jo@example.org")
OTHER_ANNA = Person(3, "Anna Berg", "a.berg@example.org")


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("Ask @anna.berg.", ("anna.berg",)),
        ("@anna, @anna and (@Anna)", ("anna", "Anna")),
        ('For @"José Ortega Ruiz": see', ("José Ortega Ruiz",)),
        ("Write to anna@example.org or https://x.org/@anna", ()),
        ("@ nobody, @@two, a@b", ()),
    ],
)
def test_handles_are_found_where_somebody_is_meant(text: str, handles: tuple[str, ...]) -> None:
    assert handles_in(text) == handles


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("@anna.berg", ANNA),
        ("@ANNA.BERG", ANNA),
        ('@"anna berg"', ANNA),
        ("@jo", JOSE),
        ("@jose.ruiz", JOSE),
        ("@José.Ruiz", JOSE),
    ],
)
def test_somebody_is_meant_by_address_or_name(text: str, person: Person[int]) -> None:
    assert list(people_in(text, [ANNA, JOSE]).values()) == [person]


def test_a_handle_of_nobody_means_nobody() -> None:
    assert people_in("@home and @anna.ber", [ANNA, JOSE]) == {}


def test_the_address_goes_before_the_name() -> None:
    assert people_in("@anna.berg", [OTHER_ANNA, ANNA]) == {"anna.berg": ANNA}
    with pytest.raises(Ambiguous) as refusal:
        people_in('@"Anna Berg"', [ANNA, OTHER_ANNA])
    assert refusal.value.names == ("anna.berg@example.org", "a.berg@example.org")


def test_a_text_comes_apart_at_its_mentions() -> None:
    found = pieces("See @anna and @home.", {"anna": "Anna Berg"})
    assert found == (Piece("See "), Piece("Anna Berg", "anna"), Piece(" and @home."))


@given(st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text, {})) == text
    handles = handles_in(text)
    named = pieces(text, {handle: handle for handle in handles})
    assert {piece.handle for piece in named if piece.handle} == set(handles)
