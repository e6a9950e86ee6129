"""What belongs to no customer is nothing for members on a customer's side."""

from django.db import migrations
from tenancy.rls import KeepToStaff


class Migration(migrations.Migration):
    dependencies = [("usage", "0002_events")]

    operations = [
        KeepToStaff("Source"),
        KeepToStaff("Quarantined"),
        KeepToStaff("UsageImport"),
        KeepToStaff("RowFault"),
        KeepToStaff("Receipt"),
    ]
