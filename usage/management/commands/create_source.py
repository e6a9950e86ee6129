"""manage.py create_source: a sender of events, and the key it sends with."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenancy.models import Tenant
from tenancy.queries import get_tenant
from tenancy.scope import tenant_scope
from usage.operations import create_source


class Command(BaseCommand):
    help = "Add a source of usage events and print its key, which is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--create-customers",
            action="store_true",
            help="create customers from group ids not known yet, instead of putting events aside",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["workspace"]
        try:
            with tenant_scope(get_tenant(slug=slug).pk):
                _source, key = create_source(
                    name=options["name"], creates_customers=options["create_customers"]
                )
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no workspace {slug}.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(key.text)
