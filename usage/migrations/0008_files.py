"""How a file of usage is read, columns kept for the next one, and counts of days."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import KeepToStaff, ProtectTable

OPTIONS = {"abstract": False, "base_manager_name": "objects"}
KINDS = [("events", "One thing one person did"), ("daily", "Counts of a customer's day")]
STATES = [
    ("new", "Columns not confirmed yet"),
    ("waiting", "Waiting"),
    ("checking", "Checking the file"),
    ("reading", "Reading rows"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("cancelled", "Stopped"),
]
ORIGINS = [
    ("upload", "Uploaded"),
    ("command", "By command"),
    ("folder", "From the drop folder"),
]


def own_id():
    return models.UUIDField(
        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
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


def added(name, field):
    return migrations.AddField(model_name="usageimport", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0007_adoption"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="usageimport",
            name="state",
            field=models.CharField(choices=STATES, default="waiting", max_length=9),
        ),
        added("origin", models.CharField(choices=ORIGINS, default="upload", max_length=7)),
        added("kind", models.CharField(choices=KINDS, default="events", max_length=6)),
        added("options", models.JSONField(default=dict)),
        added("looked", models.JSONField(default=dict)),
        added("is_exact", models.BooleanField(default=True)),
        added("is_mendable", models.BooleanField(default=False)),
        added("rows_changed", models.BigIntegerField(default=0)),
        added("begun_at", models.DateTimeField(null=True)),
        added("rows_before", models.BigIntegerField(default=0)),
        migrations.AddField(
            model_name="rowfault",
            name="column",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name="FileLayout",
            fields=[
                ("id", own_id()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("kind", models.CharField(choices=KINDS, default="events", max_length=6)),
                (
                    "header",
                    ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("options", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("forgotten_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS | {"ordering": ["name", "id"]},
        ),
        migrations.AddConstraint(
            model_name="filelayout",
            constraint=models.UniqueConstraint(
                "tenant",
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("forgotten_at", None)),
                name="one_file_layout_a_name",
                violation_error_message="Columns are kept under this name already.",
            ),
        ),
        ProtectTable("FileLayout"),
        KeepToStaff("FileLayout"),
        migrations.CreateModel(
            name="DailyCount",
            fields=[
                ("id", own_id()),
                ("day", models.DateField()),
                ("feature", models.CharField(blank=True, max_length=200)),
                ("active_users", models.BigIntegerField(null=True)),
                ("events", models.BigIntegerField()),
                ("read_at", models.DateTimeField()),
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.customer",
                    ),
                ),
                ("tenant", own_tenant()),
                (
                    "usage_import",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="usage.usageimport",
                    ),
                ),
            ],
            options=OPTIONS
            | {
                "ordering": ["day", "feature"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "customer", "day", "feature"),
                        name="one_count_a_day_and_feature",
                    )
                ],
            },
        ),
        ProtectTable("DailyCount"),
    ]
