import pytest

from rendering.spreadsheets import UnreadableTable, read_table, write_table


def rows(text: str) -> list[dict[str, str]]:
    return [row.cells for row in read_table(text.encode()).rows]


def test_reads_the_separator_people_use() -> None:
    assert rows("a,b\n1,2\n") == rows("a;b\n1;2\n") == rows("a\tb\n1\t2\n")


def test_headings_are_read_as_people_write_them() -> None:
    assert read_table(b"\xef\xbb\xbfExternal ID, Name\nx,y\n").columns == ("external_id", "name")


def test_row_numbers_are_those_beside_the_sheet() -> None:
    table = read_table(b'a,b\n"two\nlines",1\n\n3,4\n')
    assert [row.number for row in table.rows] == [3, 5]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "twice"),
        (b"a,b\n1,2,3\n", "Row 2 has more cells"),
        (b"name\nM\xfcller\n", "Row 2 is not in UTF-8"),
        ("a\nb\n".encode("utf-16")[:-1], "breaks off"),
        (b"a\n\0\n", "Row 2 holds binary data"),
        (b"a\n" + b"x" * 10_001 + b"\n", "Row 2 has a cell of over"),
        (b"a\n" + b"x" * 200_000 + b"\n", "Row"),
        (b"a\n" + b"x\n" * 50_001, "more than 50,000 rows"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_refuses_in_plain_words(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        read_table(data)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_a_formula_leaves_harmless_and_comes_back_whole(start: str) -> None:
    data = write_table(["a"], [[start]])
    assert f"'{start}".encode() in data
    assert read_table(data).rows[0].cells["a"] == start


def test_numbers_stay_numbers() -> None:
    assert write_table(["a", "b"], [[-5, None]]) == b"\xef\xbb\xbfa,b\r\n-5,\r\n"
