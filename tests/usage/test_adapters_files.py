"""Usage logs as files: what is read, what is refused, and which rows are named."""

import csv
import gzip
import io
import resource
import tracemalloc
import zlib
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage.adapters import records
from usage.adapters.files import Block, Layout, RowError, check_header, read_blocks
from usage.adapters.files.counts import read_counts
from usage.adapters.files.events import read_events
from usage.adapters.files.looking import (
    Looked,
    is_plain,
    likely_layout,
    look_at,
    looked_from,
    preview,
)
from usage.adapters.files.spooling import Sheet, as_csv
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
    return read(path, Layout(columns=mapping))


def read(path: Path, layout: Layout) -> list[Block]:
    """Any kind of file, as an import reads it."""
    with as_csv(path, layout) as sheet:
        if sheet.path == path:
            check_whole(path)
        return list(read_events(sheet, layout, received_at=NOW))


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
        (HEADER.replace(b"event", b"verb"), {}, "unknown column “verb”; expected timestamp"),
        (b"message_id,timestamp\n", {}, "missing column “customer_id”, “user_id”, “event”"),
        (HEADER.replace(b"feature", b"event"), {}, "“event” is there more than once"),
        (HEADER, {"account": "customer_id"}, "“account”, which the file does not have"),
        (HEADER, {"event": "verb"}, "there is no field “verb”"),
        (b"\xff\xfem\x00e\x00\n\x00", {}, "unknown column “me”"),
        (b"PK\x03\x04\x14\x00", {}, "workbook is damaged or not an Excel file"),
        (b"PAR1 and more", {}, "Parquet file is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1", {}, "Excel file of the old kind"),
        (b"%PDF-1.7", {}, "this is a PDF"),
        (b'[{"event": 1}]', {}, "one object a line"),
        (gzip.compress(gzip.compress(HEADER, mtime=0), mtime=0), {}, "unpack it once"),
        (b"\x80\x81" + HEADER, {}, "not UTF-8"),
        (b"\x00\x01\x02\x00\n", {}, "not text"),
        (gzip.compress(HEADER + row(1) * 9, mtime=0)[:-9], {}, "ends too early"),
        (gzip.compress(HEADER + row(1), mtime=0)[:-8] + b"\0" * 8, {}, "damaged"),
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
    check_header(path, Layout())


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


# --- other kinds of files ---------------------------------------------------------------------

# As a sheet and a Parquet file hold them: without a zone.
NINE, TEN = (datetime(2026, 3, 1, hour, tzinfo=UTC).replace(tzinfo=None) for hour in (9, 10))
RECORDS: list[dict[str, object]] = [
    {"message_id": "m1", "timestamp": "2026-03-01T10:00:00Z", "customer_id": "acme"}
    | {"user_id": 7, "event": "Used", "feature": None},
    {"message_id": "m2", "timestamp": "2026-03-01T11:00:00+02:00", "customer_id": "acme"}
    | {"user_id": 8, "event": "Used", "feature": "reports"},
]


def as_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["not this one"])
    sheet = book.create_sheet("Log")
    sheet.append([])
    sheet.append([*RECORDS[0], None])
    sheet.append(["m1", TEN, "acme", 7, "Used", None])
    sheet.append([])
    sheet.append(["m2", NINE, "acme", 8, "=1+1", "reports"])
    sheet.append(["m3", NINE, "acme", 8.0, "Used", "reports"])
    book.save(path)


def as_parquet(path: Path) -> None:
    table = pa.Table.from_pylist([row | {"timestamp": None} for row in RECORDS])
    stamps = pa.array([TEN, NINE], pa.timestamp("ns"))
    table = table.set_column(1, "timestamp", stamps).append_column(
        "props", pa.array([{"a": 1}, {"a": 2}])
    )
    pq.write_table(table, path)


def test_a_workbook_is_read_with_its_own_row_numbers(tmp_path: Path) -> None:
    """Days are days; the value of a formula that was never worked out is missing."""
    path = tmp_path / "log.bin"
    as_workbook(path)
    found = read(path, Layout(sheet=1, time_zone="UTC"))
    assert column(found, "message_ids") == ["m1", "m3"]
    assert column(found, "user_ids") == ["7", "8"]
    assert [(error.row, error.field) for error in errors(found)] == [(5, "event")]
    assert moments(found)[0] == datetime(2026, 3, 1, 10, tzinfo=UTC)
    with pytest.raises(UnreadableFile, match="no such sheet"):
        read(path, Layout(sheet=2))


def test_parquet_is_read_and_nested_columns_are_refused_as_fields(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    as_parquet(path)
    found = read(path, Layout(columns={"props": "-"}, time_zone="Europe/Berlin"))
    assert column(found, "user_ids") == ["7", "8"]
    assert column(found, "features") == ["", "reports"]
    assert moments(found)[0] == datetime(2026, 3, 1, 9, tzinfo=UTC)
    with pytest.raises(UnreadableFile, match="“props” holds lists or objects"):
        read(path, Layout(columns={"props": "feature", "feature": "-"}))
    with pytest.raises(UnreadableFile, match="unknown column “props”"):
        read(path, Layout())


def test_json_lines_keep_the_numbers_of_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    lines = [orjson.dumps(row) for row in RECORDS]
    odd = [b"", b'{"cut', b"[1]", orjson.dumps(RECORDS[0] | {"event": {"a": 1}})]
    path.write_bytes(gzip.compress(b"\n".join([lines[0], *odd, lines[1]])))
    found = read(path, Layout())
    assert column(found, "message_ids") == ["m1", "m2"]
    assert [error.row for error in errors(found)] == [3, 4, 5]
    assert "not JSON" in errors(found)[0].reason
    assert "“event” holds a list or an object" in errors(found)[2].reason


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_are_read_as_text(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes((HEADER + row(1, user_id="Zoë")).decode().encode(encoding))
    looked = look_at(path)
    assert column(read(path, likely_layout(looked)), "user_ids") == ["Zoë"]


def test_a_file_that_wants_too_much_memory_is_refused_and_takes_nothing_along(
    tmp_path: Path,
) -> None:
    """A column of one value repeated: a few kilobytes that unpack to gigabytes."""
    path = tmp_path / "bomb.parquet"
    names = list(RECORDS[0])
    long = pa.array(["x" * 1_000_000])
    columns = [pa.DictionaryArray.from_arrays(pa.array([0] * 5_000), long) for _name in names]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile, match="more time or memory"):
        read(path, Layout())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


# --- how times are written --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "text", "moment"),
    [
        (Layout(time_zone="Europe/Oslo"), "2026-07-01 10:00", "2026-07-01T08:00"),
        (Layout(time_zone="Europe/Oslo"), "2026-07-01T10:00:00Z", "2026-07-01T10:00"),
        (Layout(time_zone="Europe/Oslo"), "2026-07-01", "2026-06-30T22:00"),
        (Layout(time_zone="Europe/Oslo"), "2025-10-26 02:30", "2025-10-26T00:30"),
        (Layout(time_zone="Asia/Tokyo", time_format="dmy"), "1/7/2026 9:30", "2026-07-01T00:30"),
        (Layout(time_zone="UTC", time_format="mdy"), "7/1/2026 12:05 AM", "2026-07-01T00:05"),
        (Layout(time_zone="UTC", time_format="mdy"), "07/01/2026 1:05 PM", "2026-07-01T13:05"),
        (Layout(time_format="dmy"), "01.07.2026 10:00:00+02:00", "2026-07-01T08:00"),
        (Layout(time_format="seconds"), "1782900000", "2026-07-01T10:00"),
        (Layout(time_format="milliseconds"), "1782900000000", "2026-07-01T10:00"),
    ],
)
def test_times_are_read_as_was_said(tmp_path: Path, layout: Layout, text: str, moment: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(HEADER + row(1, timestamp=text))
    wanted = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert moments(read(path, layout)) == [wanted]
    mixed = HEADER + row(1, timestamp=text) + row(2, timestamp="never")
    path.write_bytes(mixed)
    found = read(path, layout)
    assert moments(found) == [wanted]
    assert [error.field for error in errors(found)] == ["timestamp"]


def test_without_message_ids_rows_alike_share_one(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(
        b"timestamp,user_id\n2026-03-01T10:00:00Z,ann\n2026-03-01T11:00:00+01:00,ann\n"
        b"2026-03-01T10:00:01Z,ann\n"
    )
    (block,) = read(path, Layout(constants={"customer_id": "acme", "event": "Used"}))
    first, second, third = block.message_ids.to_pylist()
    assert first == second != third
    assert not block.is_exact
    assert column([block], "customer_ids") == ["acme"] * 3


# --- the first look ---------------------------------------------------------------------------


def looked(tmp_path: Path, text: str) -> Looked:
    path = tmp_path / "look.csv"
    path.write_text(text)
    return look_at(path)


def test_columns_are_guessed_by_their_names_and_times_by_their_looks(tmp_path: Path) -> None:
    found = looked(
        tmp_path, "When;Account ID;User Email;Action;Note\n31/12/2025 9:30;acme;a@b.c;Login;x\n"
    )
    layout = likely_layout(found, time_zone="Europe/Oslo")
    assert layout.columns == {
        "When": "timestamp",
        "Account ID": "customer_id",
        "User Email": "user_id",
        "Action": "event",
        "Note": "-",
    }
    assert (layout.time_format, layout.time_zone) == ("dmy", "Europe/Oslo")
    assert not is_plain(found, layout)
    (becomes,) = preview(found, layout, received_at=NOW)
    assert becomes.values["timestamp"] == "2025-12-31T08:30:00Z"
    (becomes,) = preview(found, replace(layout, time_zone=""), received_at=NOW)
    assert (becomes.row, becomes.errors[0].field) == (2, "timestamp")


def test_counts_of_days_are_told_from_events(tmp_path: Path) -> None:
    found = looked(tmp_path, "date,customer,DAU,count\n2026-03-01,acme,12,1250\n")
    layout = likely_layout(found, time_zone="Europe/Oslo")
    assert layout.kind == "daily"
    assert layout.columns == {
        "date": "day",
        "customer": "customer_id",
        "DAU": "active_users",
        "count": "events",
    }
    assert layout.time_zone == ""
    (becomes,) = preview(found, layout, received_at=NOW)
    assert becomes.values["events"] == "1250"


def test_a_file_in_our_own_words_leaves_nothing_to_say(tmp_path: Path) -> None:
    found = looked(tmp_path, (HEADER + row(1)).decode())
    assert is_plain(found, likely_layout(found, time_zone="Europe/Oslo"))
    assert looked_from(orjson.loads(orjson.dumps(asdict(found)))) == found


# --- counts of days ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("yesterday,acme,a,1,2", "day", "not a day such as 2026-03-31"),
        ("2027-03-01,acme,a,1,2", "day", "in the future"),
        ("1999-03-01,acme,a,1,2", "day", "before the year 2000"),
        ("2026-03-01,,a,1,2", "customer_id", "is empty"),
        ("2026-03-01,acme,a,-1,2", "active_users", "“-1” is not a number"),
        ("2026-03-01,acme,a,1,2.5", "events", "“2.5” is not a number"),
        ("2026-03-01,acme,a,1,", "events", "is empty"),
        ("2026-03-01,acme,a,1,1e400", "events", "is not a number"),
    ],
)
def test_a_count_that_cannot_be_read_is_left_out(
    tmp_path: Path, line: str, field: str, words: str
) -> None:
    path = tmp_path / "days.csv"
    good = "2026-03-01,acme,a,1,2.0\n"
    path.write_text(f"day,customer_id,feature,active_users,events\n{good}{line}\n")
    (block,) = read_counts(Sheet(path), Layout(kind="daily"), received_at=NOW)
    (count,) = block.counts
    assert (count.customer, count.active_users, count.events) == ("acme", 1, 2)
    (error,) = block.errors
    assert (error.row, error.field) == (3, field)
    assert words in error.reason
