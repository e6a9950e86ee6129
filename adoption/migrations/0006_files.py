"""Plan files on their way in, and addresses for calendar programs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import ProtectTable


def own_id():
    return models.UUIDField(
        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
    )


def key_to(model):
    return tenancy.fields.TenantForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=model,
    )


def own_tenant():
    return models.ForeignKey(
        db_index=False,
        default=tenancy.scope.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="tenancy.tenant",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("adoption", "0005_resources"),
        ("engagements", "0008_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StagedPlan",
            fields=[
                ("id", own_id()),
                ("file_name", models.CharField(max_length=255)),
                ("content", models.BinaryField()),
                ("names", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("customer", key_to("engagements.customer")),
                ("engagement", key_to("engagements.engagement")),
                ("tenant", own_tenant()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        ProtectTable("StagedPlan"),
        migrations.CreateModel(
            name="PlanFeed",
            fields=[
                ("id", own_id()),
                (
                    "with_own_packages",
                    models.BooleanField(default=False, verbose_name="my own work packages as well"),
                ),
                ("secret_hash", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("customer", key_to("engagements.customer")),
                ("engagement", key_to("engagements.engagement")),
                ("tenant", own_tenant()),
            ],
            options={
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "engagement", "user"),
                        name="one_feed_a_person_and_engagement",
                    )
                ],
            },
        ),
        ProtectTable("PlanFeed"),
    ]
