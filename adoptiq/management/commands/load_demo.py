from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from adoptiq.demo import loading


class Command(BaseCommand):
    help = "Load the demo workspaces, or take them out again with --remove."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            loading.remove_demo()
            return
        try:
            loading.load_demo(now=timezone.now(), report=self.stderr.write)
        except loading.DemoIsLoaded:
            self.stderr.write("The demo is loaded already; --remove takes it out.")
