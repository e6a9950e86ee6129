"""Files on their way out: to be saved, never to be shown; whole or in part; by name, safely."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import StoredFile
from engagements.operations.file_bytes import delete_bytes, store_thumbnail
from rendering.downloads import Portion
from tenancy.models import AuditEntry
from tenancy.scope import in_scope, tenant_scope
from tests.engagements import papers
from tests.engagements.test_stored_files import folder, keep, kept
from tests.factories import Cast

__all__ = ["folder"]

CONTENT = b"0123456789" * 30_000


def path_of(cast: Cast, row: StoredFile) -> str:
    return cast.at(f"files/{row.pk}/download/")


@pytest.fixture
def row(cast: Cast) -> StoredFile:
    return kept(cast, name="numbers.txt", content=CONTENT)


def test_a_file_comes_as_it_went(cast: Cast, csm: Client, row: StoredFile) -> None:
    response = csm.get(path_of(cast, row))
    assert response.getvalue() == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Disposition"] == 'attachment; filename="numbers.txt"'
    assert response["Content-Type"] == "text/plain"
    assert response["ETag"] == f'"{row.sha256}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="file.downloaded").count() == 1


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Bericht für Halden.pdf", "attachment; filename*=utf-8''Bericht%20f%C3%BCr%20Halden.pdf"),
        ('a";b\r\nX-Set: 1.pdf', 'attachment; filename="a_;bX-Set_ 1.pdf"'),
        ("报告.pdf", "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf"),
    ],
)
def test_any_name_is_one_line_of_ascii(cast: Cast, csm: Client, name: str, header: str) -> None:
    with tenant_scope(cast.tenant.pk):
        row = keep(cast, name=name).kept[0]
    response = csm.get(path_of(cast, row))
    response.getvalue()
    assert response["Content-Disposition"] == header
    assert "X-Set" not in response.headers
    assert re.fullmatch(r"[\x20-\x7e]+", header)


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-9", 206, CONTENT[:10]),
        ("bytes=5-", 206, CONTENT[5:]),
        ("bytes=-7", 206, CONTENT[-7:]),
        ("bytes=10-99999999", 206, CONTENT[10:]),
        ("bytes=0-1,5-6", 200, CONTENT),
        ("bytes=-", 200, CONTENT),
        ("lines=1-2", 200, CONTENT),
        ("bytes=99999999-", 416, b""),
        ("bytes=9-3", 416, b""),
    ],
)
def test_a_part_can_be_asked_for(
    cast: Cast, csm: Client, row: StoredFile, asked: str, status: int, content: bytes
) -> None:
    response = csm.get(path_of(cast, row), headers={"Range": asked})
    assert (response.status_code, response.getvalue()) == (status, content)
    if status == 206:
        first = CONTENT.index(content) if len(content) > 10 else int(asked[6] == "-")
        assert response["Content-Range"].endswith(f"/{len(CONTENT)}")
        assert first >= 0
    assert "sandbox" in response["Content-Security-Policy"]


def test_what_did_not_change_is_not_sent_again(cast: Cast, csm: Client, row: StoredFile) -> None:
    same = csm.get(path_of(cast, row), headers={"If-None-Match": f'"{row.sha256}"'})
    assert (same.status_code, same.getvalue()) == (304, b"")
    # A part of another file than the one begun with is of no use: the whole comes.
    other = {"Range": "bytes=5-", "If-Range": '"another"'}
    assert csm.get(path_of(cast, row), headers=other).getvalue() == CONTENT
    head = csm.head(path_of(cast, row))
    assert (head.status_code, head.getvalue()) == (200, b"")


def test_the_body_needs_no_workspace_and_little_memory() -> None:
    source = io.BytesIO(CONTENT)
    portion = Portion(source, 3, 200_000)
    assert not in_scope()
    pieces = list(portion)
    assert b"".join(pieces) == CONTENT[3:200_003]
    assert max(map(len, pieces)) == 64 * 1024
    portion.close()
    assert source.closed


def test_bytes_that_are_gone_are_not_found(cast: Cast, csm: Client, row: StoredFile) -> None:
    delete_bytes(row.stored_as)
    assert csm.get(path_of(cast, row)).status_code == 404


def test_a_thumbnail_is_ours_and_follows_its_file(cast: Cast, csm: Client, lead: Client) -> None:
    row = kept(cast, name="p.png", content=papers.picture())
    path = cast.at(f"files/{row.pk}/thumbnail.png")
    assert csm.get(path).status_code == 404
    with tenant_scope(cast.tenant.pk):
        store_thumbnail(row.stored_as, b"\x89PNG small")
        StoredFile.objects.filter(pk=row.pk).update(has_thumbnail=True)
    response = csm.get(path)
    assert (response.content, response["Content-Type"]) == (b"\x89PNG small", "image/png")
    assert lead.get(path).status_code == 404
    with tenant_scope(cast.tenant.pk):
        StoredFile.objects.filter(pk=row.pk).update(deleted_at=timezone.now())
    assert csm.get(path).status_code == 404


def test_nothing_in_a_file_is_shown_in_place(cast: Cast, csm: Client) -> None:
    """Whatever the bytes are, the browser is told to save them, and what they are."""
    for name, content in (
        ("a.pdf", papers.PDF + b"<script>x()</script>"),
        ("b.gif", papers.picture("GIF") + b"<script>x()</script>"),
        ("c.txt", b"a & b"),
    ):
        row: Any = keep(cast, name=name, content=content).kept[0]
        response = csm.get(path_of(cast, row))
        response.getvalue()
        assert response["Content-Disposition"].startswith("attachment")
        assert "html" not in response["Content-Type"]
