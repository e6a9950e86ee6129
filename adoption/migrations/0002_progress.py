"""Durations of three points; how far plans were, day by day, and where they would finish."""

import django.db.models.deletion
from django.db import migrations, models

import adoption.models.plans
import tenancy.fields
import tenancy.models.base
import tenancy.rls
import tenancy.scope


class Migration(migrations.Migration):
    dependencies = [("adoption", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workpackage",
            name="optimistic",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="pessimistic",
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name="PlanProgress",
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
                ("day", models.DateField()),
                ("planned_percent", models.FloatField()),
                ("done_percent", models.FloatField()),
                ("finish", adoption.models.plans.LocalDateTimeField()),
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
                (
                    "plan",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to="adoption.plan",
                    ),
                ),
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
            ],
            options={
                "ordering": ["day"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "plan", "day"), name="one_progress_a_plan_and_day"
                    )
                ],
            },
        ),
        tenancy.rls.ProtectTable("PlanProgress"),
    ]
