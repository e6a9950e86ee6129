"""What a file may bring in: ids of other systems, calendars, remembered columns."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0004_windows")]

    operations = []
