"""Words and tables as a PDF."""

from rendering.documents import Grid, Heading, Part, Words, write_document
from tests.pdfs import words_of

PARTS: list[Part] = [
    Heading("What is known"),
    Words("62 % of “Énergie” & <others>", under="usage, as of 3 Dec"),
    Grid(["If we choose", "Cost"], [["A second coach", "€97,800\nor so"], ["Nothing", "–"]]),
]


def write(*parts: Part) -> bytes:
    return write_document(
        title="A second coach?",
        subtitle="Halden",
        parts=parts,
        page_words="Page %(n)s",
        foot="AdoptIQ · Halden",
    )


def test_a_document_holds_its_words_in_their_order() -> None:
    assert words_of(write(*PARTS)) == (
        "AdoptIQ · Halden Page 1 A second coach? Halden What is known 62 % of “Énergie” & <others>"
        " usage, as of 3 Dec If we choose Cost A second coach €97,800 or so Nothing –"
    )


def test_the_same_words_make_the_same_bytes() -> None:
    assert write(*PARTS) == write(*PARTS)


def test_a_long_document_numbers_its_pages_and_repeats_the_head_of_a_table() -> None:
    rows = [[f"Row {number}", "x"] for number in range(90)]
    words = words_of(write(Grid(["Name", "What"], rows)))
    assert words.count("Name What") == words.count("Page ") >= 2
    assert "Row 89" in words
