"""What the database looks up whenever a package goes: what stands below it and what waits for it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("adoption", "0007_taken_back")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="workpackage",
            index=models.Index(fields=["tenant", "parent"], name="packages_below"),
        ),
        migrations.AddIndex(
            model_name="dependency",
            index=models.Index(fields=["tenant", "before"], name="followers_of_package"),
        ),
    ]
