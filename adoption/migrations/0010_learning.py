"""Tests with what people reached before and after, and barriers in their way."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import ProtectTable
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("adoption", "0009_nights"),
        ("engagements", "0008_files"),
        ("tenancy", "0006_stored_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
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
                ("name", models.CharField(max_length=160, verbose_name="test")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("knowledge", "Knowledge test"),
                            ("simulation", "Simulation"),
                            ("observation", "Observation at work"),
                        ],
                        default="knowledge",
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                (
                    "highest",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("100"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(Decimal("10000")),
                        ],
                        verbose_name="highest score",
                    ),
                ),
                (
                    "minimum",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("65"),
                        help_text="The score after training that is enough for the work.",
                        max_digits=7,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="minimum standard",
                    ),
                ),
                (
                    "package_uid",
                    models.CharField(blank=True, max_length=60, verbose_name="work package"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "impact_group",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.impactgroup",
                        verbose_name="impact group",
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
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AssessmentResult",
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
                ("people", models.PositiveIntegerField(null=True, verbose_name="people")),
                (
                    "stage",
                    models.CharField(
                        choices=[("before", "Before training"), ("after", "After training")],
                        max_length=6,
                        verbose_name="when",
                    ),
                ),
                (
                    "score",
                    models.DecimalField(decimal_places=2, max_digits=7, verbose_name="score"),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("hand", "By hand"),
                            ("file", "From a file"),
                            ("api", "Over the API"),
                        ],
                        default="hand",
                        max_length=4,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "assessment",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="adoption.assessment",
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
                    "end_user",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.enduser",
                    ),
                ),
                (
                    "impact_group",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.impactgroup",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["-recorded_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Barrier",
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
                            ("no_time", "No time to learn"),
                            ("workload", "Competing workload"),
                            ("rewards", "Rewards that penalise use"),
                            ("access", "Wrong access rights"),
                            ("process", "Undefined process"),
                            ("fault", "Technical fault"),
                            ("data", "Poor data quality"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        help_text="In words: who cannot do what, and how it shows.",
                        max_length=300,
                        verbose_name="what it keeps people from",
                    ),
                ),
                ("since_date", models.DateField(verbose_name="since")),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1, a nuisance"),
                            (2, "2, low"),
                            (3, "3, medium"),
                            (4, "4, high"),
                            (5, "5, nobody can work"),
                        ],
                        default=3,
                        help_text="1 is the lowest, 5 the highest.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="severity",
                    ),
                ),
                (
                    "package_uid",
                    models.CharField(blank=True, max_length=60, verbose_name="work package"),
                ),
                (
                    "due_date",
                    models.DateField(blank=True, null=True, verbose_name="to be removed by"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("worked_on", "Being worked on")],
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "removed_date",
                    models.DateField(blank=True, null=True, verbose_name="removed on"),
                ),
                (
                    "removed_how",
                    models.CharField(blank=True, max_length=300, verbose_name="what removed it"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="barriers",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_at_customer",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.stakeholder",
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
                "ordering": ["-severity", "since_date", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="BarrierGroup",
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
                    "barrier",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stops",
                        to="adoption.barrier",
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
                    "impact_group",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stopped_by",
                        to="engagements.impactgroup",
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
                "ordering": ["impact_group__name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("engagement"),
                django.db.models.functions.text.Lower("name"),
                name="one_assessment_a_name",
                violation_error_message="Another test has this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__lte", models.F("highest"))),
                name="a_standard_can_be_reached",
                violation_error_message="The standard lies above the highest score.",
            ),
        ),
        migrations.AddIndex(
            model_name="assessmentresult",
            index=models.Index(fields=["tenant", "assessment"], name="results_of_assessment"),
        ),
        migrations.AddConstraint(
            model_name="assessmentresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_user__isnull", False), ("people__isnull", True)),
                    models.Q(
                        ("end_user__isnull", True),
                        ("impact_group__isnull", False),
                        ("people__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_result_is_of_a_person_or_of_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentresult",
            constraint=models.UniqueConstraint(
                condition=models.Q(("end_user__isnull", False), ("replaced_at", None)),
                fields=("tenant", "assessment", "end_user", "stage"),
                name="one_result_of_a_person_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentresult",
            constraint=models.UniqueConstraint(
                condition=models.Q(("end_user__isnull", True), ("replaced_at", None)),
                fields=("tenant", "assessment", "impact_group", "stage"),
                name="one_result_of_a_group_counts",
            ),
        ),
        migrations.AddIndex(
            model_name="barrier",
            index=models.Index(fields=["tenant", "engagement"], name="barriers_of_engagement"),
        ),
        migrations.AddConstraint(
            model_name="barrier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", True), ("owner_at_customer__isnull", True), _connector="OR"
                ),
                name="a_barrier_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="barrier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_date__isnull", True),
                    models.Q(("removed_how", ""), _negated=True),
                    _connector="OR",
                ),
                name="what_removed_a_barrier_is_said",
                violation_error_message="Say what removed it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="barriergroup",
            constraint=models.UniqueConstraint(
                fields=("tenant", "barrier", "impact_group"), name="a_barrier_stops_a_group_once"
            ),
        ),
        ProtectTable("Assessment"),
        ProtectTable("AssessmentResult"),
        ProtectTable("Barrier"),
        ProtectTable("BarrierGroup"),
    ]
