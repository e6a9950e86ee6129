from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from adoption.adapters import UnreadablePlan
from adoption.adapters.schedule_report import ScheduledFile, as_json, as_table, schedule_file
from adoption.scheduling import ALWAYS


class Command(BaseCommand):
    help = (
        "Schedule plan files (Microsoft Project XML, XLSX or CSV) from scratch and print the "
        "result. Dates and progress stored in a file are ignored; no database is used."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="one JSON object a file and line")
        parser.add_argument("--start", type=_moment, metavar="DATE", help="begin here instead")
        parser.add_argument("--calendar", choices=["always"], help="always: seven days of 24 hours")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for file in options["files"]:
            try:
                scheduled = _schedule(file, options)
            except (UnreadablePlan, OSError) as error:
                failed += 1
                self.stderr.write(f"{file}: {_reason(error)}")
                continue
            for warning in scheduled.plan_file.warnings:
                self.stderr.write(f"{file}: {warning}")
            self.stdout.write(as_json(scheduled) if options["json"] else as_table(scheduled))
            self.stdout.flush()
        if failed:
            sys.exit(1)


def _schedule(file: str, options: dict[str, Any]) -> ScheduledFile:
    today = datetime.combine(datetime.now().astimezone().date(), time())
    with Path(file).open("rb") as source:
        return schedule_file(
            source,
            file,
            start=options["start"],
            calendar=ALWAYS if options["calendar"] == "always" else None,
            today=today,
        )


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _moment(text: str) -> datetime:
    try:
        if "T" in text or " " in text:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        return datetime.combine(date.fromisoformat(text), time())
    except ValueError:
        raise ArgumentTypeError(_("“%s” is not a date like 2026-03-31.") % text) from None
