"""manage.py make_partitions: room for the events of the months to come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from usage.operations import make_partitions


class Command(BaseCommand):
    help = "Make the monthly partitions of this month and the 24 after it; needs the owner's role."

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_partitions(today=timezone.localdate())
        self.stdout.write("\n".join(made) if made else "all there")
