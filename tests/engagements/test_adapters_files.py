"""What a file is and may be called: by its bytes, never by its claims."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.adapters.file_kinds import HEAD_BYTES, Reason, Unwelcome, kind_of
from engagements.adapters.file_names import LONGEST, ending_of, shown_name, with_ending
from engagements.adapters.pictures import SIDE, thumbnail
from tests.engagements import papers


def found(content: bytes, name: str = "x") -> str:
    return kind_of(io.BytesIO(content), len(content), name).content_type


def refused(content: bytes, name: str = "x") -> Reason:
    with pytest.raises(Unwelcome) as caught:
        kind_of(io.BytesIO(content), len(content), name)
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (papers.PDF, "a.png", "application/pdf"),
        (papers.picture("PNG"), "a.pdf", "image/png"),
        (papers.picture("JPEG"), "a", "image/jpeg"),
        (papers.picture("GIF"), "a", "image/gif"),
        (papers.picture("WEBP"), "a", "image/webp"),
        (b"Plain words.\n", "notes.txt", "text/plain"),
        ("Grüße".encode("latin-1"), "notes.txt", "text/plain"),
        ("Grüße".encode("utf-16"), "notes.txt", "text/plain"),
        (b"\xef\xbb\xbfa,b\n1,2\n", "a.csv", "text/csv"),
        (b"a\tb\n1\t2\n", "a.TSV", "text/csv"),
        (b"a < b and b > c", "a.txt", "text/plain"),
    ],
)
def test_a_kind_is_found_out_from_the_bytes(content: bytes, name: str, content_type: str) -> None:
    assert found(content, name) == content_type


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx"])
def test_office_files_are_told_from_other_archives(ending: str) -> None:
    assert "openxmlformats" in found(papers.office(ending))
    assert found(papers.open_document("text")).endswith("opendocument.text")
    assert refused(papers.packed({"report.docx": b"x"})) == Reason.ARCHIVE
    assert refused(papers.office(ending, word__vbaProject_bin=b"x")) == Reason.MACROS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"<!doctype html><p>hello", Reason.MARKUP),
        (b"\xef\xbb\xbf  <html>", Reason.MARKUP),
        (b"<?xml version='1.0'?><svg onload='x()'/>", Reason.MARKUP),
        ("<script>x()</script>".encode("utf-16"), Reason.MARKUP),
        (b"hello\n<SCRIPT>x()</SCRIPT>", Reason.MARKUP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.OLD_OFFICE),
        (rb"{\rtf1 hello}", Reason.OLD_OFFICE),
        (b"MZ\x90\x00" + bytes(100), Reason.PROGRAM),
        (b"\x7fELF" + bytes(100), Reason.PROGRAM),
        (b"#!/bin/sh\nrm -r x\n", Reason.PROGRAM),
        (b"\x1f\x8b\x08" + bytes(50), Reason.ARCHIVE),
        (b"Rar!\x1a\x07" + bytes(50), Reason.ARCHIVE),
        (b"PK\x03\x04" + bytes(60), Reason.DAMAGED),
        (papers.office()[:-30], Reason.DAMAGED),
        (b"\0\1\2\3", Reason.UNKNOWN),
        (b"text and then\0no text", Reason.UNKNOWN),
        (b"x" * (HEAD_BYTES + 9) + b"\0", Reason.UNKNOWN),
    ],
)
def test_what_is_none_of_the_kinds_is_refused_with_its_reason(
    content: bytes, reason: Reason
) -> None:
    assert refused(content, "innocent.png") == reason


def test_a_bomb_stays_closed() -> None:
    """Of an archive the directory is read and nothing else, however much it would unpack to."""
    assert "wordprocessing" in found(papers.office(bomb=b"0" * 300 * 1024 * 1024))
    many = papers.packed({f"{number}": b"" for number in range(10_001)})
    assert refused(many) == Reason.ARCHIVE


def test_a_polyglot_is_what_it_begins_as() -> None:
    assert found(papers.picture() + papers.office()) == "image/png"
    assert found(papers.PDF + b"<script>x()</script>") == "application/pdf"
    assert refused(b"<html>" + papers.PDF) == Reason.MARKUP


@given(st.binary(max_size=300))
def test_rubbish_is_a_kind_or_a_reason(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-"):
        source = io.BytesIO(start + content)
        try:
            kind_of(source, len(start + content), "x.csv")
        except Unwelcome as error:
            assert error.reason in Reason
        assert source.tell() == 0


@pytest.mark.parametrize(
    ("claimed", "name"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\eva\Report.pdf", "Report.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\0b\r\nSet-Cookie: x=1.csv", "abSet-Cookie_ x=1.csv"),
        ("  many   spaces .txt ", "many spaces .txt"),
        ("...", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("cafe\u0301.pdf", "café.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
    ],
)
def test_a_name_is_made_safe_to_show(claimed: str, name: str) -> None:
    assert shown_name(claimed) == name


@given(st.text(max_size=400))
def test_a_name_is_never_empty_nor_long_nor_part_of_a_path(claimed: str) -> None:
    name = shown_name(claimed)
    assert 0 < len(name) <= LONGEST
    assert not set(name) & set('\\/:"<>|?*\r\n\0')
    assert not name.startswith(".")
    assert all(unicodedata.category(letter) not in {"Cc", "Cf"} for letter in name)
    ended = with_ending(name, ("pdf",))
    assert ending_of(ended) == "pdf"
    assert len(ended) <= LONGEST


def test_a_long_name_keeps_its_ending() -> None:
    name = shown_name("x" * 300 + ".pdf")
    assert len(name) <= LONGEST
    assert name.endswith("….pdf")
    assert with_ending("photo.png", ("jpg", "jpeg")) == "photo.png.jpg"
    assert with_ending("photo.JPEG", ("jpg", "jpeg")) == "photo.JPEG"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_thumbnail_is_a_small_png_drawn_anew(kind: str) -> None:
    small = thumbnail(io.BytesIO(papers.picture(kind) + b"<script>"))
    assert small is not None
    assert small.startswith(b"\x89PNG")
    assert b"<script>" not in small
    assert int.from_bytes(small[16:20], "big") == SIDE


def test_a_picture_that_would_fill_the_memory_has_no_thumbnail() -> None:
    head = papers.picture(size=(10, 10))
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    assert thumbnail(io.BytesIO(bomb)) is None
    assert thumbnail(io.BytesIO(head[:40])) is None
