"""What a file may bring in: ids of other systems, calendars, remembered columns."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import engagements.models.customers
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import KeepToStaff, ProtectTable

KINDS = [("customers", "Customers"), ("roster", "Roster")]


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


def person():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0003_promise")]

    operations = [
        migrations.AddField(
            "customer",
            "working_days",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                null=True,
                size=None,
                validators=[engagements.models.customers.is_week],
                verbose_name="working days",
            ),
        ),
        migrations.AddField(
            "customer",
            "holiday_region",
            models.CharField(
                blank=True,
                max_length=12,
                null=True,
                validators=[engagements.models.customers.is_known_region],
                verbose_name="public holidays",
            ),
        ),
        migrations.CreateModel(
            name="CustomerReference",
            fields=[
                ("id", own_id()),
                (
                    "system",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]{0,39}$",
                                "Name a system in lower-case letters and digits, such as salesforce.",
                            )
                        ],
                        verbose_name="system",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="id there")),
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
            ],
            options={
                "ordering": ["system"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "system", "value"), name="one_customer_a_reference"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "customer", "system"), name="one_reference_a_system"
                    ),
                ],
            },
        ),
        ProtectTable("CustomerReference"),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", own_id()),
                ("kind", models.CharField(choices=KINDS, max_length=9)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("columns", models.JSONField(default=dict)),
                ("forgotten_at", models.DateTimeField(editable=False, null=True)),
                ("created_by", person()),
                ("tenant", own_tenant()),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("kind"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("forgotten_at", None)),
                        name="one_column_mapping_a_name",
                        violation_error_message="Columns are kept under this name already.",
                    )
                ],
            },
        ),
        ProtectTable("ColumnMapping"),
        KeepToStaff("ColumnMapping"),
        migrations.CreateModel(
            name="StagedImport",
            fields=[
                ("id", own_id()),
                ("kind", models.CharField(choices=KINDS, max_length=9)),
                ("file_name", models.CharField(max_length=255)),
                (
                    "sheets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), default=list, size=None
                    ),
                ),
                ("sheet", models.PositiveSmallIntegerField(default=0)),
                ("content", models.BinaryField(null=True)),
                ("table", models.BinaryField()),
                ("row_count", models.PositiveIntegerField()),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "headings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("mapping", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", person()),
                (
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                ("tenant", own_tenant()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        ProtectTable("StagedImport"),
        KeepToStaff("StagedImport"),
    ]
