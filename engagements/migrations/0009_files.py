"""Files and what is attached to what."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0008_log")]

    operations = []
