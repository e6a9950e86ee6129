"""Numbers that keep rows in order with as few new ones as there can be."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adoption.editing import STRIDE, positions

numbers = st.lists(st.none() | st.integers(-5, 60), max_size=30).filter(
    lambda found: len({n for n in found if n is not None}) == sum(n is not None for n in found)
)


@given(numbers)
def test_numbers_rise_and_what_rises_already_is_left_alone(known: list[int | None]) -> None:
    found = positions(known)
    assert all(one < other for one, other in pairwise(found))
    stated = [n for n in known if n is not None]
    if known == sorted(stated):
        assert found == known


def test_a_stream_that_goes_and_comes_back_moves_no_other_row() -> None:
    whole = list(range(0, 9 * STRIDE, STRIDE))
    rest = whole[:3] + whole[6:]
    assert positions(rest) == rest
    again = positions([*whole[:3], None, None, None, *whole[6:]])
    assert [*again[:3], *again[6:]] == rest


def test_a_row_that_moves_is_the_only_one_with_another_number() -> None:
    assert positions([0, 128, 64, 192]) in ([0, 32, 64, 192], [0, 128, 160, 192])
    assert positions([None, 0, 1]) == [-STRIDE // 2, 0, 1]


def test_where_there_is_no_room_the_rows_after_it_give_way() -> None:
    assert positions([0, 1, None, 2, 3, 9]) == [0, 1, 2, 3, 4, 9]
