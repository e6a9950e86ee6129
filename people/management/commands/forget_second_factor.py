from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import operations
from people.models import User


class Command(BaseCommand):
    help = (
        "Take every second factor of a person away and sign them out, for somebody who lost both "
        "device and recovery codes. Make sure first who asks. Written into the audit log of each "
        "of their workspaces."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        count = operations.forget_second_factor(user=user)
        self.stdout.write(f"{user.email}: {count} taken away; the password alone signs in now.")
