"""Fields of a workspace's own, views that are kept, merges, covers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0005_imports")]

    operations = []
