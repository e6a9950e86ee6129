"""Rows of fixed width in PostgreSQL's binary COPY form, to and from numpy without a loop."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.generic]

KEY = np.dtype("V16")
PG_EPOCH_MICROSECONDS = 946_684_800_000_000
PG_EPOCH_DAYS = 10_957
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
_TRAILER = b"\xff\xff"
_BLOCK = struct.Struct(">hiii")


def keys_of(ids: Sequence[UUID]) -> Column:
    """UUIDs as an array of 16 bytes each."""
    return as_keys(b"".join([key.bytes for key in ids]))


def as_keys(text: bytes) -> Column:
    """Bytes, 16 a key, as an array."""
    return np.frombuffer(text, dtype=KEY)


def in_key_order(keys: Column) -> npt.NDArray[np.intp]:
    """The positions of 16-byte keys in ascending order."""
    halves = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2)
    return np.lexsort((halves[:, 1], halves[:, 0]))


def numbered(keys: Column) -> npt.NDArray[np.int64]:
    """Equal keys get equal numbers, counted from 0 in the order of the keys."""
    order = in_key_order(keys)
    halves = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2)[order]
    steps = np.zeros(len(keys), dtype=np.int64)
    steps[1:] = (halves[1:] != halves[:-1]).any(axis=1)
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(steps)
    return numbers


def encode(columns: Sequence[Column]) -> io.BytesIO:
    """Columns of equal length as a binary COPY stream; dtypes are big-endian or 16-byte keys."""
    fields: list[tuple[str, object]] = [("count", ">i2")]
    for place, column in enumerate(columns):
        fields += [(f"size{place}", ">i4"), (f"value{place}", column.dtype)]
    rows = np.empty(len(columns[0]), dtype=np.dtype(fields))
    rows["count"] = len(columns)
    for place, column in enumerate(columns):
        rows[f"size{place}"] = column.dtype.itemsize
        rows[f"value{place}"] = column
    return io.BytesIO(_SIGNATURE + rows.tobytes() + _TRAILER)


def blocks(stream: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The rows of a binary COPY stream of an integer and a bytea, neither ever null."""
    at = len(_SIGNATURE)
    while stream[at : at + 2] != _TRAILER:
        _fields, _size, number, length = _BLOCK.unpack_from(stream, at)
        at += _BLOCK.size
        yield number, stream[at : at + length]
        at += length


def decode(stream: bytes, dtypes: Sequence[str]) -> list[Column]:
    """The columns of a binary COPY stream whose fields are never null."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for place, dtype in enumerate(dtypes):
        fields += [(f"size{place}", ">i4"), (f"value{place}", dtype)]
    body = memoryview(stream)[len(_SIGNATURE) : -len(_TRAILER)]
    rows = np.frombuffer(body, dtype=np.dtype(fields))
    return [np.ascontiguousarray(rows[f"value{place}"]) for place in range(len(dtypes))]
