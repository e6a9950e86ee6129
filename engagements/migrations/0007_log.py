"""The timeline, questions, and tasks outside the plan."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import ProtectTable, ShareByRow


class Migration(migrations.Migration):
    dependencies = [("engagements", "0006_feedback")]

    operations = [
        migrations.CreateModel(
            name="TimelineEntry",
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
                ("kind", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=4000)),
                ("details", models.TextField(blank=True, max_length=12000)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("mentions", models.JSONField(default=dict)),
                ("by_name", models.CharField(blank=True, max_length=200)),
                (
                    "happened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "shared",
                    models.BooleanField(default=False, verbose_name="shown to the customer"),
                ),
                ("key", models.CharField(blank=True, max_length=200)),
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
                        related_name="timeline",
                        to="engagements.engagement",
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
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["tenant", "engagement", "-happened_at", "-id"],
                        name="timeline_newest_first",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("tenant", "engagement", "key"),
                        name="on_the_timeline_once",
                    )
                ],
            },
        ),
        ProtectTable("TimelineEntry"),
        ShareByRow("TimelineEntry"),
        migrations.CreateModel(
            name="ExpertQuestion",
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
                    "shared",
                    models.BooleanField(
                        default=False, verbose_name="The customer’s side may read it"
                    ),
                ),
                ("mentions", models.JSONField(default=dict, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("text", models.TextField(max_length=2000, verbose_name="question")),
                (
                    "expert_role",
                    models.CharField(
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
                        verbose_name="or of the",
                    ),
                ),
                (
                    "due_date",
                    models.DateField(blank=True, null=True, verbose_name="answer needed by"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("closed", "Closed")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("remind_at", models.DateTimeField(editable=False, null=True)),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
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
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked of",
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
            name="ExpertAnswer",
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
                ("text", models.TextField(max_length=4000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                ("shared", models.BooleanField(default=False, editable=False)),
                ("mentions", models.JSONField(default=dict, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
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
                (
                    "question",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="engagements.expertquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["answered_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Interaction",
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
                    "shared",
                    models.BooleanField(
                        default=False, verbose_name="The customer’s side may read it"
                    ),
                ),
                ("mentions", models.JSONField(default=dict, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("usage", "Usage discussion"),
                            ("need", "Need understood"),
                            ("education", "Education"),
                            ("meeting", "Meeting"),
                            ("call", "Call"),
                            ("email", "E-mail"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "happened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("summary", models.CharField(max_length=300, verbose_name="in one line")),
                ("notes", models.TextField(blank=True, max_length=8000, verbose_name="notes")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes spent",
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Separated by commas.",
                        size=None,
                        verbose_name="features talked about",
                    ),
                ),
                (
                    "sentiment",
                    models.CharField(
                        blank=True,
                        choices=[("good", "Good"), ("mixed", "Mixed"), ("bad", "Bad")],
                        max_length=5,
                        verbose_name="mood",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
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
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
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
                "ordering": ["-happened_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="InteractionPerson",
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
                ("shared", models.BooleanField(default=False)),
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
                    "interaction",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="engagements.interaction",
                    ),
                ),
                (
                    "stakeholder",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interactions",
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
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                    "shared",
                    models.BooleanField(
                        default=False, verbose_name="The customer’s side may read it"
                    ),
                ),
                ("mentions", models.JSONField(default=dict, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("text", models.TextField(max_length=4000, verbose_name="note")),
                ("pinned", models.BooleanField(default=False, verbose_name="pinned on top")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
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
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
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
            name="Task",
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
                ("title", models.CharField(max_length=200, verbose_name="task")),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                ("due_date", models.DateField(blank=True, null=True, verbose_name="due")),
                ("due_time", models.TimeField(blank=True, null=True, verbose_name="at")),
                (
                    "remind_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="remind at"),
                ),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "High"), (2, "Normal"), (3, "Low")],
                        default=2,
                        verbose_name="priority",
                    ),
                ),
                ("source_url", models.CharField(blank=True, editable=False, max_length=400)),
                ("source_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "shared",
                    models.BooleanField(
                        default=False, verbose_name="The customer’s side may read it"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="engagements.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="engagements.engagement",
                        verbose_name="engagement",
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
                        verbose_name="who does it",
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
                "ordering": [
                    models.OrderBy(models.F("due_date"), nulls_last=True),
                    "priority",
                    "created_at",
                    "id",
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="expertquestion",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["tenant", "engagement"],
                name="questions_open",
            ),
        ),
        migrations.AddIndex(
            model_name="expertquestion",
            index=models.Index(
                condition=models.Q(("reminded_at", None), ("state", "open")),
                fields=["tenant", "remind_at"],
                name="questions_to_remind_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="expertquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("expert__isnull", True), ("expert_role", ""), _connector="OR"),
                name="a_question_is_asked_of_somebody",
                violation_error_message="Ask one person or one role, not both.",
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                fields=["tenant", "customer", "-happened_at"], name="talks_by_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="interactionperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stakeholder__isnull", True), ("user__isnull", False)),
                    models.Q(("stakeholder__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="a_participant_is_one_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="interactionperson",
            constraint=models.UniqueConstraint(
                fields=("tenant", "interaction", "stakeholder", "user"),
                name="takes_part_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("pinned", True)),
                fields=["tenant", "engagement"],
                name="notes_pinned",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("done_at", None)),
                fields=["tenant", "owner", "due_date"],
                name="tasks_of_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("done_at", None), ("reminded_at", None)),
                fields=["tenant", "remind_at"],
                name="tasks_to_remind_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", True), ("owner_at_customer__isnull", True), _connector="OR"
                ),
                name="a_task_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("customer__isnull", False),
                    models.Q(
                        ("engagement__isnull", True),
                        ("owner_at_customer__isnull", True),
                        ("shared", False),
                    ),
                    _connector="OR",
                ),
                name="a_task_of_an_engagement_names_the_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_time__isnull", True), ("due_date__isnull", False), _connector="OR"
                ),
                name="a_time_belongs_to_a_day",
                violation_error_message="Give the day as well as the time.",
            ),
        ),
        ProtectTable("ExpertQuestion"),
        ShareByRow("ExpertQuestion"),
        ProtectTable("ExpertAnswer"),
        ShareByRow("ExpertAnswer"),
        ProtectTable("Interaction"),
        ShareByRow("Interaction"),
        ProtectTable("InteractionPerson"),
        ShareByRow("InteractionPerson"),
        ProtectTable("Note"),
        ShareByRow("Note"),
        ProtectTable("Task"),
        ShareByRow("Task"),
        # A task need not be about a customer, so that its own keys do not carry one. What it is
        # about belongs to its customer all the same.
        migrations.RunSQL(
            """
            ALTER TABLE engagements_task
                ADD CONSTRAINT engagements_task_engagement_of_customer_fk
                    FOREIGN KEY (tenant_id, customer_id, engagement_id)
                    REFERENCES engagements_engagement (tenant_id, customer_id, id)
                    DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT engagements_task_owner_of_customer_fk
                    FOREIGN KEY (tenant_id, customer_id, owner_at_customer_id)
                    REFERENCES engagements_stakeholder (tenant_id, customer_id, id)
                    DEFERRABLE INITIALLY DEFERRED
            """,
            """
            ALTER TABLE engagements_task
                DROP CONSTRAINT engagements_task_engagement_of_customer_fk,
                DROP CONSTRAINT engagements_task_owner_of_customer_fk
            """,
        ),
    ]
