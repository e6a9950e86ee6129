"""manage.py health: what /healthz says, for people and container health checks."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from adoptiq import health


class Command(BaseCommand):
    help = (
        "Prints whether database, broker, worker and beat are alive; exit code 1 when one is not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="?", choices=health.PARTS, help="look at one part only")

    def handle(self, *args: Any, part: str | None = None, **options: Any) -> None:
        parts = health.check().parts
        wanted = {part: parts[part]} if part else parts
        self.stdout.write(json.dumps({name: asdict(found) for name, found in wanted.items()}))
        if not all(found.ok for found in wanted.values()):
            sys.exit(1)
