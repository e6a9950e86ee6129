"""A client for clamd: the bytes of a file go to it in pieces, its verdict comes back in a line."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

ASK, END = b"zINSTREAM\0", struct.pack(">I", 0)
LONGEST_ANSWER = 4096
USUAL_PORT = 3310


class ScannerAway(RuntimeError):
    """Nobody could say whether the file is clean; to be asked again later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said: clean, or what it found."""

    clean: bool
    finding: str = ""


def scan(address: str, pieces: Iterable[bytes], *, seconds: float) -> Verdict:
    """Ask the clamd at `clamd://host:port` or `clamd:///path/of/its.socket` about these bytes.

    Raises ScannerAway when it does not answer in that time, or answers with an error.
    """
    try:
        with _connected(address, seconds) as line:
            _send(line, pieces)
            return _read(_answer(line))
    except OSError as error:
        raise ScannerAway(f"{type(error).__name__}: {error}") from error


def _connected(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or USUAL_PORT), seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    try:
        line.sendall(ASK)
        for piece in pieces:
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(END)
    except (BrokenPipeError, ConnectionResetError):
        # It stops listening when a file is larger than it takes; why stands in its answer.
        return


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _read(answer: str) -> Verdict:
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Verdict(clean=True)
    if said.endswith(" FOUND"):
        return Verdict(clean=False, finding=said.removesuffix(" FOUND").strip()[:200])
    raise ScannerAway(said or "no answer")
