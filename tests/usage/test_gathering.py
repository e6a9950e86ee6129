"""What a night reads of stored days, as columns."""

import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from usage.adapters import binary_rows
from usage.numbers.daily import daily
from usage.numbers.rules import Rules
from usage.operations.gathering import MIX, pairs_numbered, seen_in

HALVES = st.integers(0, 2**64 - 1)
PAIRS = st.lists(st.tuples(HALVES, HALVES) | st.sampled_from([(0, int(MIX)), (1, 0)]))


@given(PAIRS)
def test_pairs_have_one_number_each_also_where_they_mix_alike(pairs: list[tuple[int, int]]) -> None:
    high, low = (np.array([pair[side] for pair in pairs], dtype=np.uint64) for side in (0, 1))
    places, numbers = pairs_numbered(high, low)
    assert [pairs[places[number]] for number in numbers] == pairs
    assert len(places) == len({*pairs})


def test_two_that_mix_alike_are_two() -> None:
    high, low = np.array([0, 1, 0], np.uint64), np.array([MIX, 0, MIX], np.uint64)
    assert (high * MIX + low).tolist() == [int(MIX)] * 3
    _places, numbers = pairs_numbered(high, low)
    assert numbers.tolist() == [numbers[0], 1 - numbers[0], numbers[0]]


def test_customers_without_any_use_have_nothing_to_number() -> None:
    nothing = memoryview(b"PGCOPY\n\xff\r\n\0" + b"\0" * 8 + b"\xff\xff")
    seen, events = seen_in(nothing)
    assert {len(seen.users), len(seen.days), len(seen.group_of_user), len(events)} == {0}
    found = daily(seen, Rules(), group_count=2, first=100, last=101)
    assert found.mau.tolist() == found.adopters.tolist() == [[0, 0], [0, 0]]


@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.binary(max_size=40))))
def test_blocks_come_as_they_were_sent(rows: list[tuple[int, bytes]]) -> None:
    body = b"".join(
        struct.pack(">hiii", 2, 4, number, len(packed)) + packed for number, packed in rows
    )
    stream = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8 + body + b"\xff\xff"
    assert [(n, bytes(packed)) for n, packed in binary_rows.blocks(memoryview(stream))] == rows
