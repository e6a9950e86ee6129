import email
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Show the mail that this copy wrote into its folder instead of sending it, last first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--number", type=int, default=1, help="how many, 1 unless told")
        parser.add_argument("--to", default="", metavar="ADDRESS", help="only mail to this address")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.EMAIL_FILE_PATH)
        files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        messages = [_read(path) for path in files]
        found = [one for one in messages if options["to"] in str(one["To"])]
        if not found:
            raise CommandError("No mail was written yet.")
        for message in found[: options["number"]]:
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            self.stdout.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{text}")


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=policy.default)
