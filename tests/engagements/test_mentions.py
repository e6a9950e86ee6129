import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from engagements.mentions import (
    Ambiguous,
    Person,
    Piece,
    begun,
    handle_of,
    handles_in,
    people_in,
    pieces,
)
from tests.factories import Cast

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


OLE = Person(4, "Ole Ås", "o ås@example.org")


@pytest.mark.parametrize(
    ("person", "written"), [(ANNA, "anna.berg"), (JOSE, "jo"), (OLE, '"Ole Ås"')]
)
def test_what_is_offered_means_the_one_who_was_chosen(person: Person[int], written: str) -> None:
    people = [ANNA, OTHER_ANNA, JOSE, OLE]
    assert handle_of(person, people) == written
    assert list(people_in(f"@{written} ", people).values()) == [person]


def test_nobody_is_offered_who_could_be_another() -> None:
    twin = Person(5, "Anna Berg", "anna.berg@elsewhere.example")
    assert handle_of(ANNA, [ANNA, twin]) == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Anna Berg", "Anna Berg", "José Ortega Ruiz"]),
        ("an", ["Anna Berg", "Anna Berg"]),
        ("anna.b", ["Anna Berg", "Anna Berg"]),
        ("ruiz", ["José Ortega Ruiz"]),
        ("jo", ["José Ortega Ruiz"]),
        ("erg", []),
    ],
)
def test_who_is_offered_begins_like_what_was_written(text: str, names: list[str]) -> None:
    assert [person.name for person in begun(text, [JOSE, ANNA, OTHER_ANNA])] == names


def test_people_are_offered_below_the_box(cast: Cast, csm: Client, lead: Client) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/mentions/")
    page = csm.get(path, {"q": "man"}).content.decode()
    assert 'data-handle="manager"' in page and "One person fits" in page
    assert "customer’s side" in csm.get(path, {"q": "lead"}).content.decode()
    assert "stranger" not in csm.get(path).content.decode()
    # Whoever belongs to another customer reads nothing here.
    other = cast.at(f"engagements/{cast.second_engagement.pk}/mentions/")
    assert 'data-handle="lead"' not in csm.get(other).content.decode()
    assert lead.get(other).status_code == 404
    boxes = ("timeline/", "interactions/new/", "questions/new/")
    for rest in boxes:
        form = csm.get(cast.at(f"engagements/{cast.engagement.pk}/{rest}")).content.decode()
        assert f'data-mentions="{path}"' in form
    assert (
        "data-mentions"
        not in csm.get(cast.at(f"engagements/{cast.engagement.pk}/risks/new/")).content.decode()
    )
