"""Comments and lines of checklists that were taken back and may return; who a comment mentions."""

from typing import ClassVar

import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("adoption", "0006_files")]

    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="checkitem",
            options={
                "base_manager_name": "every",
                "default_manager_name": "objects",
                "ordering": ["position", "id"],
            },
        ),
        migrations.AlterModelOptions(
            name="packagecomment",
            options={
                "base_manager_name": "every",
                "default_manager_name": "objects",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AlterModelManagers(
            name="checkitem",
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("every", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="packagecomment",
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("every", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="checkitem",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="packagecomment",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="packagecomment",
            name="mentions",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
