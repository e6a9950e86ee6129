"""The bytes of a file on their way out: always to be saved, never to be shown or run."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

PIECE_BYTES = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})$")
# Whatever stands in a file: as a page it could load nothing, run nothing and ask nothing.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Portion:
    """Some bytes of an open file, a piece at a time; closes it, read to its end or not.

    It needs no workspace: what it reads was opened while one was in force.
    """

    def __init__(self, source: Any, first: int, length: int) -> None:
        self._source, self._left = source, length
        source.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0:
            piece = self._source.read(min(PIECE_BYTES, self._left))
            if not piece:
                return
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        self._source.close()


def download(
    request: HttpRequest, source: Any, *, name: str, content_type: str, size: int, sha256: str
) -> HttpResponseBase:
    """An open file as a download, whole or the one range that was asked for."""
    etag = f'"{sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        source.close()
        return _guarded(unchanged)
    wanted = asked_range(request, size, etag)
    if wanted is None:
        source.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _guarded(refused)
    first, last = wanted
    length = last - first + 1
    response = StreamingHttpResponse(Portion(source, first, length), content_type=content_type)
    if length < size:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(length)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _guarded(response)


def asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte; everything without a range that makes sense to us, None for one that
    begins behind the end."""
    found = RANGE.match(request.headers.get("Range", "").strip())
    if found is None or not any(found.groups()):
        return 0, size - 1
    if request.headers.get("If-Range", etag) != etag:
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end else None


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
