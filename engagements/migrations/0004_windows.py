"""Hypercare as a window with people and money of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0003_promise")]

    operations = []
