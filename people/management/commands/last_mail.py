import email
from email import policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Show the mail that this copy wrote into its folder instead of sending it, last first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--number", type=int, default=1, help="how many, 1 unless told")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.EMAIL_FILE_PATH)
        files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        if not files:
            raise CommandError("No mail was written yet.")
        for path in files[: options["number"]]:
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            self.stdout.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{text}")
