"""The timeline, questions, and tasks outside the plan."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0007_feedback")]

    operations = []
