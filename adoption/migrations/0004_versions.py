"""Baselines, and what-ifs: copies of a plan to try things on."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import adoption.models.plans
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import AddTenantKey, ProtectTable


class Migration(migrations.Migration):
    dependencies = [
        ("adoption", "0003_wbs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="plan",
            options={"base_manager_name": "every", "default_manager_name": "objects"},
        ),
        migrations.AlterModelManagers(
            name="plan",
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("every", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(model_name="plan", name="one_plan_an_engagement"),
        migrations.AddField(
            model_name="plan",
            name="what_if_of",
            field=tenancy.fields.TenantForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="what_ifs",
                to="adoption.plan",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="copied_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plan", name="copied_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="plan",
            name="copied_version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="dropped_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        AddTenantKey("Plan", "what_if_of"),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("what_if_of", None)),
                fields=("tenant", "engagement"),
                name="one_plan_an_engagement",
            ),
        ),
        migrations.CreateModel(
            name="Baseline",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hand", "by hand"),
                            ("sign_off", "when sign-off was agreed"),
                            ("adopt", "when adoption began"),
                            ("before", "before the plan was replaced"),
                            ("week", "end of the week"),
                        ],
                        default="hand",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("day", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("chosen", models.BooleanField(default=False)),
                ("start", adoption.models.plans.LocalDateTimeField()),
                ("finish", adoption.models.plans.LocalDateTimeField()),
                ("packages", models.IntegerField()),
                ("contents", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("dropped_at", models.DateTimeField(editable=False, null=True)),
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
                        related_name="baselines",
                        to="adoption.plan",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["-taken_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "plan"], name="baselines_of_plan"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("chosen", True)),
                        fields=("tenant", "plan"),
                        name="one_chosen_baseline_a_plan",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "week")),
                        fields=("tenant", "plan", "day"),
                        name="one_weekly_copy_a_plan_and_day",
                    ),
                ],
            },
        ),
        ProtectTable("Baseline"),
    ]
