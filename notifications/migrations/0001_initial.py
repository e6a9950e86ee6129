"""One table: what happened, for one person."""

import django.db.models.deletion
import tenancy.models.base
import tenancy.scope
from django.conf import settings
from django.db import migrations, models

from tenancy.rls import ProtectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("customer_id", models.UUIDField(editable=False, null=True)),
                ("kind", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=400)),
                ("url", models.CharField(max_length=400)),
                ("key", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "user", "-id"], name="inbox_newest_first"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["tenant", "user"],
                        name="inbox_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "user", "key"), name="told_once")
                ],
            },
        ),
        ProtectTable("Notification"),
    ]
