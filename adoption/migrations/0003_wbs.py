"""What a work package is for and whose it is; checklists, comments, and each change of a plan."""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import AddTenantKey, ProtectTable


class Migration(migrations.Migration):
    dependencies = [
        ("adoption", "0002_progress"),
        ("engagements", "0008_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plan", name="version", field=models.PositiveIntegerField(default=1)
        ),
        migrations.RemoveConstraint(model_name="workpackage", name="one_row_a_position"),
        migrations.AddField(
            model_name="workpackage",
            name="owner_member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="owner_stakeholder",
            field=tenancy.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="engagements.stakeholder",
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("programme_manager", "Programme manager"),
                    ("project_manager", "Project manager"),
                    ("service_designer", "Service designer"),
                    ("technical_support", "Technical support"),
                    ("executive_sponsor", "Executive sponsor"),
                    ("trainer", "Trainer"),
                    ("support_agent", "Support agent"),
                    ("other", "Other"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="impact_group",
            field=tenancy.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="engagements.impactgroup",
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("communication", "Communication"),
                    ("training", "Training"),
                    ("support", "Support"),
                    ("technical", "Technical"),
                    ("process", "Process"),
                    ("change_management", "Change management"),
                    ("governance", "Governance"),
                    ("other", "Other"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="deliverable",
            field=models.CharField(blank=True, max_length=300, verbose_name="deliverable"),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="acceptance_test",
            field=models.TextField(blank=True, max_length=2000, verbose_name="acceptance test"),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="budget",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="budget"
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="cost",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost"
            ),
        ),
        migrations.AddField(
            model_name="workpackage",
            name="priority",
            field=models.PositiveSmallIntegerField(default=500, verbose_name="priority"),
        ),
        migrations.AddConstraint(
            model_name="workpackage",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("tenant", "plan", "position"),
                name="one_row_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="workpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner_member__isnull", True),
                    ("owner_stakeholder__isnull", True),
                    _connector="OR",
                ),
                name="a_package_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="workpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__lte", 1000)), name="priority_is_at_most_a_thousand"
            ),
        ),
        AddTenantKey("WorkPackage", "owner_stakeholder"),
        AddTenantKey("WorkPackage", "impact_group"),
        migrations.CreateModel(
            name="CheckItem",
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
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=300, verbose_name="to check")),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "package",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checklist",
                        to="adoption.workpackage",
                    ),
                ),
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
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        ProtectTable("CheckItem"),
        migrations.CreateModel(
            name="PackageComment",
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
                ("text", models.TextField(max_length=4000, verbose_name="comment")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "package",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="adoption.workpackage",
                    ),
                ),
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
            options={"ordering": ["at", "id"], "abstract": False, "base_manager_name": "objects"},
        ),
        ProtectTable("PackageComment"),
        migrations.CreateModel(
            name="PlanChange",
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
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=30)),
                ("text", models.CharField(max_length=500)),
                ("rows", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="adoption.plan",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "ordering": ["-version"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "plan", "version"), name="one_change_a_version"
                    )
                ],
            },
        ),
        ProtectTable("PlanChange"),
    ]
