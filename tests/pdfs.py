"""The words of a PDF as reportlab writes it: enough to say what stands on its pages."""

import base64
import re
import zlib

STREAM = re.compile(rb"<<(?P<head>[^>]*?/Length[^>]*?)>>\s*stream\r?\n(?P<body>.*?)endstream", re.S)
OBJECT = re.compile(rb"(?P<id>\d+) 0 obj(?P<body>.*?)endobj", re.S)
CODES = re.compile(r"<([0-9A-F]{2})> <([0-9A-F]{4,})>")
SHOWN = re.compile(rb"/(F\d+\+\d+|F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj|(T\*)")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)


def words_of(pdf: bytes) -> str:
    """All that is written, in the order in which it is drawn, each line after a space."""
    letters = _letters(pdf)
    return " ".join(" ".join(_drawn(body, letters) for body in _pages(pdf)).split())


def _streams(pdf: bytes) -> dict[bytes, bytes]:
    found = {}
    for match in OBJECT.finditer(pdf):
        stream = STREAM.search(match["body"])
        if stream is not None:
            found[match["id"]] = _plain(stream["head"], stream["body"])
    return found


def _plain(head: bytes, body: bytes) -> bytes:
    if b"ASCII85Decode" in head:
        body = base64.a85decode(body.strip().removesuffix(b"~>"))
    return zlib.decompress(body) if b"FlateDecode" in head else body


def _pages(pdf: bytes) -> list[bytes]:
    return [body for body in _streams(pdf).values() if b" Tf" in body and b" Tj" in body]


def _letters(pdf: bytes) -> dict[bytes, dict[int, str]]:
    """What each code of each font stands for."""
    streams = _streams(pdf)
    found = {}
    for match in OBJECT.finditer(pdf):
        name = re.search(rb"/Name /(F\d+\+\d+)", match["body"])
        words = re.search(rb"/ToUnicode (\d+) 0 R", match["body"])
        if name and words:
            found[name[1]] = _codes(streams[words[1]].decode())
    return found


def _codes(text: str) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(sign).decode("utf-16-be") for code, sign in CODES.findall(text)
    }


def _drawn(body: bytes, letters: dict[bytes, dict[int, str]]) -> str:
    font, text = b"", ""
    for name, shown, _line in SHOWN.findall(body):
        if name:
            font = name
        elif shown:
            codes = ESCAPED.sub(_unescaped, shown)
            known = letters.get(font, {})
            text += "".join(known.get(code, chr(code)) for code in codes)
        text += " " if not shown else ""
    return text


def _unescaped(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    if sign[:1].isdigit():
        return bytes([int(sign, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(sign, sign)
