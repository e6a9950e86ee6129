from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import operations
from people.letters import password_path


class Command(BaseCommand):
    help = "Create a workspace and, with --admin, its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name, as it stands in addresses")
        parser.add_argument("--name", required=True)
        parser.add_argument("--time-zone", required=True, help="IANA name, such as Europe/Oslo")
        parser.add_argument("--admin", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"{options['time_zone']} is no IANA time zone.")
        try:
            tenant, admin = operations.create_workspace(
                slug=options["slug"],
                name=options["name"],
                time_zone=options["time_zone"],
                admin_email=options["admin"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{settings.PUBLIC_URL}/w/{tenant.slug}/")
        if admin is not None and not admin.has_usable_password():
            self.stderr.write(f"{admin.email} sets a password here:")
            self.stdout.write(f"{settings.PUBLIC_URL}{password_path(admin)}")
