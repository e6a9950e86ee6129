from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from adoptiq import wording

FILE = Path("en") / "LC_MESSAGES" / "django.po"


class Command(BaseCommand):
    help = "Write the sentences of the product to locale/en, for translators to start from."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether it is current")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / FILE
        text = wording.written(wording.gather(Path(settings.BASE_DIR)))
        if options["check"]:
            if not path.is_file() or path.read_text() != text:
                raise CommandError("locale/en is not current; `make messages` writes it anew.")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
