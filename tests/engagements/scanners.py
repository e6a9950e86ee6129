"""A scanner to test with: a server that speaks clamd's protocol and knows one virus."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
STREAM_LIMIT = 2 * 1024 * 1024


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND ERROR\0")
            return
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > STREAM_LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"Eicar-Test-Signature FOUND" if VIRUS in content else b"OK"
        self.server.seen.append(content)  # type: ignore[attr-defined]
        self.wfile.write(b"stream: " + found + b"\0")


@contextmanager
def scanner(path: str = "") -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what it was given so far; over TCP, or at a path of the machine."""
    server: Any
    if path:
        server = socketserver.ThreadingUnixStreamServer(path, Handler)
        address = f"clamd://{path}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        address = f"clamd://127.0.0.1:{server.server_address[1]}"
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield address, server.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
