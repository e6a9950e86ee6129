"""Usage logs as files: what is read, what is refused, and which rows are named."""

import csv
import gzip
import io
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage.adapters import records
from usage.adapters.files import Block, RowError, check_header, read_blocks
from usage.adapters.inflating import UnreadableFile, check_whole

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADER = b"message_id,timestamp,customer_id,user_id,event,feature\n"


def row(number: int, **fields: str) -> bytes:
    values = {
        "message_id": f"m{number}",
        "timestamp": "2026-03-01T10:00:00+01:00",
        "customer_id": "acme",
        "user_id": "ann",
        "event": "Feature Used",
        "feature": "reports",
    } | fields
    return ",".join(values.values()).encode() + b"\n"


def blocks(tmp_path: Path, content: bytes, **mapping: str) -> list[Block]:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    check_whole(path)
    return list(read_blocks(path, mapping=mapping, received_at=NOW))


def errors(found: list[Block]) -> list[RowError]:
    return [error for block in found for error in block.errors]


def column(found: list[Block], name: str) -> list[str]:
    return [value for block in found for value in getattr(block, name).to_pylist()]


def moments(found: list[Block]) -> list[datetime]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [epoch + timedelta(microseconds=int(i)) for b in found for i in b.occurred_at]


def test_a_plain_log_is_read_with_exact_times(tmp_path: Path) -> None:
    found = blocks(
        tmp_path,
        HEADER
        + row(1, timestamp="2013-01-01T20:49:46-05:00")
        + row(2, timestamp="2013-01-01T20:49:46.123456Z")
        + row(3, timestamp="2013-01-01 20:49:46+0530"),
    )
    assert errors(found) == []
    assert column(found, "message_ids") == ["m1", "m2", "m3"]
    assert moments(found) == [
        datetime(2013, 1, 2, 1, 49, 46, tzinfo=UTC),
        datetime(2013, 1, 1, 20, 49, 46, 123456, tzinfo=UTC),
        datetime(2013, 1, 1, 15, 19, 46, tzinfo=UTC),
    ]


def test_a_byte_order_mark_semicolons_and_carriage_returns_are_read(tmp_path: Path) -> None:
    text = (HEADER + row(1)).replace(b",", b";").replace(b"\n", b"\r\n")
    found = blocks(tmp_path, b"\xef\xbb\xbf" + text)
    assert column(found, "features") == ["reports"]


def test_gzip_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    assert column(blocks(tmp_path, gzip.compress(HEADER + row(1))), "user_ids") == ["ann"]


def test_a_last_row_without_a_line_break_counts(tmp_path: Path) -> None:
    assert len(moments(blocks(tmp_path, (HEADER + row(1) + row(2)).rstrip()))) == 2


def test_columns_called_otherwise_are_mapped_or_left_out(tmp_path: Path) -> None:
    content = (HEADER + row(1)).replace(b"customer_id", b"account").replace(b"feature", b"note")
    found = blocks(tmp_path, content, account="customer_id", note="-")
    assert column(found, "customer_ids") == ["acme"]
    assert column(found, "features") == [""]


@pytest.mark.parametrize(
    ("content", "mapping", "words"),
    [
        (b"", {}, "no header row"),
        (HEADER.replace(b"event", b"verb"), {}, "unknown column “verb”; expected message_id"),
        (b"message_id,timestamp\n", {}, "missing column “customer_id”, “user_id”, “event”"),
        (HEADER.replace(b"feature", b"event"), {}, "“event” is there more than once"),
        (HEADER, {"account": "customer_id"}, "“account”, which the file does not have"),
        (HEADER, {"event": "verb"}, "there is no field “verb”"),
        (b"\xff\xfem\x00e\x00", {}, "UTF-16"),
        (b"PK\x03\x04\x14\x00", {}, "ZIP archive or a spreadsheet"),
        (b"\x80\x81" + HEADER, {}, "not UTF-8"),
        (b"\x00\x01\x02\x00\n", {}, "not text"),
        (gzip.compress(HEADER + row(1) * 9)[:-9], {}, "ends too early"),
        (gzip.compress(HEADER + row(1))[:-8] + b"\0" * 8, {}, "damaged"),
        (gzip.compress(HEADER, mtime=0) + b"rubbish", {}, "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    tmp_path: Path, content: bytes, mapping: dict[str, str], words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        blocks(tmp_path, content, **mapping)


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (row(2, timestamp="2026-03-01T10:00:00"), "timestamp", "no time zone"),
        (row(2, timestamp="2026-03-01"), "timestamp", "no time zone"),
        (row(2, timestamp="2026-02-30T10:00:00Z"), "timestamp", "not a date and time"),
        (row(2, timestamp="1772359200"), "timestamp", "not a date and time"),
        (row(2, timestamp=""), "timestamp", "not a date and time"),
        (row(2, timestamp="0001-01-01T00:00:00+14:00"), "timestamp", "before the year 2000"),
        (row(2, timestamp="1999-12-31T23:59:59Z"), "timestamp", "before the year 2000"),
        (row(2, timestamp="2027-01-01T00:00:00Z"), "timestamp", "in the future"),
        (row(2, user_id=" "), "user_id", "“user_id” is empty"),
        (row(2, message_id=""), "message_id", "“message_id” is empty"),
        (row(2, customer_id="c" * 121), "customer_id", "longer than 120"),
        (row(2, event="e\0"), "", "NUL"),
        (row(2).replace(b"ann", b"\xe9"), "", "not UTF-8"),
        (b"m2,too,few\n", "", "3 values, 6 were expected"),
        (b'm2,"a"b,c,d,e,f\n', "", "quotes in this row do not match"),
    ],
)
def test_a_bad_row_is_left_out_by_its_number(
    tmp_path: Path, line: bytes, field: str, words: str
) -> None:
    found = blocks(tmp_path, HEADER + row(1) + line + row(3))
    assert column(found, "message_ids") == ["m1", "m3"]
    (error,) = errors(found)
    assert (error.row, error.field) == (3, field)
    assert words in error.reason


def test_a_time_of_a_clock_that_runs_ahead_becomes_now(tmp_path: Path) -> None:
    found = blocks(tmp_path, HEADER + row(1, timestamp="2026-11-22T12:05:00Z"))
    assert moments(found) == [NOW]


def test_a_line_of_twenty_megabytes_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(HEADER + row(1) + b"m2," + b"x" * 20_000_000 + b"\n" + row(3))
    tracemalloc.start()
    found = list(read_blocks(path, mapping={}, received_at=NOW))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert column(found, "message_ids") == ["m1", "m3"]
    assert [(error.row, error.reason) for error in errors(found)] == [(3, records.TOO_LONG)]
    assert peak < 60_000_000


def test_a_quote_that_never_closes_costs_only_its_row(tmp_path: Path) -> None:
    lines = b"".join(row(number) for number in range(3, 1500))
    found = blocks(tmp_path, HEADER + row(1) + b'm2,"never closes\n' + lines)
    assert len(moments(found)) == 1498
    assert [error.row for error in errors(found)] == [3]


def test_rows_keep_their_numbers_over_blank_lines_and_line_breaks_in_values(
    tmp_path: Path,
) -> None:
    content = HEADER + row(1, event='"two\nlines"') + b"\n" + b"bad\n" + row(4)
    found = blocks(tmp_path, content)
    assert column(found, "names") == ["two\nlines", "Feature Used"]
    assert [error.row for error in errors(found)] == [4]


def test_a_gzip_bomb_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        file.write(squeeze.compress(HEADER))
        for _step in range(200):
            file.write(squeeze.compress(b"0" * 1_000_000))
        file.write(squeeze.flush())
    with pytest.raises(UnreadableFile, match="200 times its size"):
        check_whole(path)


def test_a_file_that_unpacks_past_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(HEADER + row(1) * 100)
    with pytest.raises(UnreadableFile, match="split it"):
        check_whole(path, max_bytes=1000)


def test_the_header_alone_can_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(HEADER)
    check_header(path, {})


class Pieces:
    """A stream that hands out bytes in pieces of a given size."""

    def __init__(self, content: bytes, size: int) -> None:
        self._file, self._size = io.BytesIO(content), size

    def read(self) -> bytes:
        return self._file.read(self._size)


TEXTS = st.text(st.sampled_from('ab",;\n é'), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=3), max_size=12),
    st.integers(1, 40),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_records_cut_at_any_place_equal_those_of_the_csv_module(
    table: list[list[str]], size: int, quoting: int, line_break: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_break, quoting=quoting).writerows(table)
    content = text.getvalue().encode()
    found: list[list[str]] = []
    for piece in records.cut_records(Pieces(content, size), ","):
        rows = records.read_rows(piece.text, ",") if piece.text else piece.rows
        assert len(rows) == piece.length
        found += [list(fields) for fields in rows]
    assert found == table
