"""Compressed input, opened with bounds: a small file must not become a large problem."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO

from usage.adapters.canonical import MAX_REQUEST_BYTES, TooLarge, UnreadableBody

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CHUNK_BYTES = 4 * 1024 * 1024
MAX_FILE_BYTES = 16 * 1024**3
RATIO_FREE_BYTES = 64 * 1024 * 1024
MAX_RATIO = 200
_WINDOW_WITH_GZIP_HEADER = 31


class UnreadableFile(ValueError):
    """The file as a whole can not be read; the text says why and what to do, in plain words."""


def inflate_body(body: bytes, *, limit: int = MAX_REQUEST_BYTES) -> bytes:
    """The request body, gunzipped when it begins like gzip. Raises `UnreadableBody`."""
    inflated = _gunzip(body, limit) if body.startswith(GZIP_MAGIC) else body
    if len(inflated) > limit:
        raise TooLarge(f"the request is larger than {limit // 1024**2} MB")
    return inflated


def _gunzip(body: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(_WINDOW_WITH_GZIP_HEADER)
    try:
        inflated = stream.decompress(body, limit + 1)
    except zlib.error:
        raise UnreadableBody("the gzip data is damaged") from None
    if not stream.eof and len(inflated) <= limit:
        raise UnreadableBody("the gzip data ends too early")
    return inflated


class BoundedReader:
    """A plain or gzip file as a stream of plain bytes that refuses to grow without end.

    A file that is open already is read from its beginning, and left open.
    """

    def __init__(self, source: Path | IO[bytes], *, max_bytes: int = MAX_FILE_BYTES) -> None:
        self._raw: IO[bytes] = source.open("rb") if isinstance(source, Path) else source
        self._is_own = isinstance(source, Path)
        self.size = self._raw.seek(0, 2)
        self.inflated = 0
        self._max_bytes = max_bytes
        self._raw.seek(0)
        head = self._raw.read(4)
        self._raw.seek(0)
        self._is_gzip = head.startswith(GZIP_MAGIC)
        self._stream: IO[bytes] | gzip.GzipFile = (
            gzip.GzipFile(fileobj=self._raw) if self._is_gzip else self._raw
        )

    def __enter__(self) -> BoundedReader:
        return self

    def __exit__(self, *details: object) -> None:
        if self._is_own:
            self._raw.close()

    @property
    def consumed(self) -> int:
        """Bytes of the file itself read so far, for progress against `size`."""
        return self._raw.tell()

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """The next bytes, empty at the end. Raises `UnreadableFile`."""
        try:
            chunk = self._stream.read(size)
        except EOFError:
            raise UnreadableFile(
                "the gzip file ends too early: it was cut off, fetch it again"
            ) from None
        except (OSError, zlib.error):
            raise UnreadableFile("the gzip file is damaged: fetch it again") from None
        self.inflated += len(chunk)
        self._check_growth()
        return chunk

    def _check_growth(self) -> None:
        if self.inflated > self._max_bytes:
            raise UnreadableFile(
                f"the file unpacks to more than {self._max_bytes // 1024**2:,} MB: split it"
            )
        past_free = self.inflated > RATIO_FREE_BYTES
        if self._is_gzip and past_free and self.inflated > MAX_RATIO * max(self.consumed, 1):
            raise UnreadableFile(
                f"the file unpacks to more than {MAX_RATIO} times its size, which no usage log "
                "does; nothing was read from it"
            )


def check_whole(path: Path, *, max_bytes: int = MAX_FILE_BYTES) -> int:
    """Read the file to its end and return how many bytes it holds unpacked.

    Done before the first row is stored, so that a damaged file is refused as a whole.
    """
    with BoundedReader(path, max_bytes=max_bytes) as reader:
        while reader.read():
            pass
        return reader.inflated
