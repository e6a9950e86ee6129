"""Surveys, interviews and what became of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0006_portfolio")]

    operations = []
