"""Nights go part by part: a plan knows the last day it has met. And rows whose dates every night moves
leave room on their pages, so that no index has to follow."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("adoption", "0008_packages_above")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="plan",
            name="met_date",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL(
            "ALTER TABLE adoption_workpackage SET (fillfactor = 50);"
            "ALTER TABLE adoption_plan SET (fillfactor = 50)",
            "ALTER TABLE adoption_workpackage RESET (fillfactor);"
            "ALTER TABLE adoption_plan RESET (fillfactor)",
        ),
    ]
