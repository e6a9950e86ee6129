"""A mail server that does what a test tells it to, and keeps what it is sent."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any, cast


@dataclass
class Post:
    """What the server answers to each recipient, and what reached it."""

    port: int = 0
    # By the beginning of an address; whoever is not named is taken.
    answers: dict[str, str] = field(default_factory=dict)
    answer_to_data: str = "250 kept"
    # Accepts connections and then says nothing.
    silent: bool = False
    may_go_on: threading.Event = field(default_factory=threading.Event)
    kept: list[EmailMessage] = field(default_factory=list)

    @property
    def addressees(self) -> list[str]:
        return [str(message["To"]) for message in self.kept]


class _Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        if self.post.silent:
            self.post.may_go_on.wait(30)
            return
        self.say("220 here")
        while line := self.rfile.readline():
            if not self.answer(line.decode().strip()):
                return

    def answer(self, line: str) -> bool:
        word = line.split(":")[0].split(" ")[0].upper()
        if word == "QUIT":
            self.say("221 bye")
            return False
        if word == "DATA":
            self.take()
        elif word == "RCPT":
            address = line.partition("<")[2].rpartition(">")[0]
            self.say(
                next((a for n, a in self.post.answers.items() if address.startswith(n)), "250 ok")
            )
        else:
            self.say("250 ok")
        return True

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if self.post.answer_to_data.startswith("2"):
            message = email.message_from_bytes(b"".join(lines), policy=policy.default)
            self.post.kept.append(cast(EmailMessage, message))
        self.say(self.post.answer_to_data)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def mail_server(settings: Any) -> Iterator[Post]:
    """A server on a port of its own, which the settings point at for the length of the block."""
    post = Post()
    talk = type("Talk", (_Talk,), {"post": post})
    with _Server(("127.0.0.1", 0), talk) as server:
        post.port = server.server_address[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        settings.EMAIL_TIMEOUT = 1
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            post.may_go_on.set()
            server.shutdown()
            thread.join()
