"""What runs apart: a workbook comes in by standard input, its table leaves as JSON."""

import resource
import sys
from typing import Any

import orjson

from rendering.sentences import reason_of, sentence_to_json
from rendering.spreadsheets.apart import LARGEST_ANSWER, LONGEST_SECONDS, MOST_MEMORY
from rendering.spreadsheets.tables import Book, UnreadableTable


def main(sheet: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, LONGEST_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    sys.stdout.buffer.write(orjson.dumps(_answer(sheet)))


def _answer(sheet: int) -> dict[str, Any]:
    # Only now: what this brings along counts against the limits as well.
    from rendering.spreadsheets.workbooks import read_sheet

    try:
        return _plain(read_sheet(sys.stdin.buffer, sheet=sheet))
    except UnreadableTable as refusal:
        return {"refused": sentence_to_json(reason_of(refusal))}


def _plain(book: Book) -> dict[str, Any]:
    table = book.table
    return {
        "sheets": book.sheets,
        "sheet": book.sheet,
        "columns": table.columns,
        "headings": table.headings,
        "rows": [[row.number, *row.cells.values()] for row in table.rows],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
