"""Surveys, interviews and what became of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import engagements.models.answers
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from django.conf import settings
from django.db import migrations, models
from tenancy.rls import KeepToStaff, ProtectTable, ShareByRow


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0005_portfolio"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
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
                        related_name="surveys",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "instrument",
                    models.CharField(
                        choices=[
                            ("sentiment", "Sentiment at go-live: usability and effectiveness"),
                            ("csat", "Satisfaction (CSAT)"),
                            ("nps", "Recommendation (NPS)"),
                            ("ces", "Effort (CES)"),
                            ("sus", "System usability (SUS)"),
                            ("team", "Our own team before a transition: five topics"),
                            ("free", "Questions of your own"),
                        ],
                        max_length=9,
                        verbose_name="what it asks",
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("kick_off", "Kick-off"),
                            ("go_live", "Go-live"),
                            ("hypercare", "Hypercare"),
                            ("transition", "Before a transition"),
                            ("sign_off", "Sign-off"),
                            ("quarter", "Quarterly"),
                            ("other", "Another time"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="when",
                    ),
                ),
                ("wave", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "title",
                    models.CharField(
                        help_text="Those who are asked read it in their mail.",
                        max_length=160,
                        verbose_name="title",
                    ),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True,
                        help_text="Why you ask, and what happens with the answers.",
                        max_length=2000,
                        verbose_name="introduction",
                    ),
                ),
                (
                    "anonymous",
                    models.BooleanField(
                        default=False,
                        help_text="Nothing is kept that leads from an answer to a person. Cannot be changed later.",
                        verbose_name="anonymous",
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=True,
                        help_text="Never for feedback of the team among itself.",
                        verbose_name="the customer’s side sees the results",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=9,
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
                ("invited", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "closes_date",
                    models.DateField(blank=True, null=True, verbose_name="last day to answer"),
                ),
                ("opened_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "engagement"], name="surveys_of_engagement")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instrument", "team"), _negated=True),
                            ("shared", False),
                            _connector="OR",
                        ),
                        name="team_feedback_is_not_shared",
                        violation_error_message="Feedback of the team stays within the team.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["open", "closed"]), _negated=True),
                            ("opened_at__isnull", False),
                            _connector="OR",
                        ),
                        name="an_open_survey_was_opened",
                    ),
                ],
            },
        ),
        ProtectTable("Survey"),
        ShareByRow("Survey"),
        migrations.CreateModel(
            name="SurveyQuestion",
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
                    "survey",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="engagements.survey",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Scale"),
                            ("yes_no", "Yes or no"),
                            ("single", "One of several"),
                            ("several", "Any of several"),
                            ("text", "Free words"),
                        ],
                        max_length=7,
                        verbose_name="kind of answer",
                    ),
                ),
                ("topic", models.CharField(blank=True, editable=False, max_length=24)),
                ("text", models.CharField(max_length=400, verbose_name="question")),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="choices",
                    ),
                ),
                ("low", models.SmallIntegerField(default=1, verbose_name="scale from")),
                ("high", models.SmallIntegerField(default=5, verbose_name="scale to")),
                (
                    "low_label",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="what the low end means"
                    ),
                ),
                (
                    "high_label",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="what the high end means"
                    ),
                ),
                ("required", models.BooleanField(default=True, verbose_name="has to be answered")),
                ("shared", models.BooleanField(default=True, editable=False)),
                ("removed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__gte", 0), ("low__lt", models.F("high")), ("high__lte", 10)
                        ),
                        name="a_scale_has_two_ends",
                        violation_error_message="A scale goes up, from 0 or more to 10 at most.",
                    )
                ],
                "indexes": [],
            },
        ),
        ProtectTable("SurveyQuestion"),
        ShareByRow("SurveyQuestion"),
        migrations.CreateModel(
            name="Invitee",
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
                    "survey",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitees",
                        to="engagements.survey",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "impact_group",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.impactgroup",
                    ),
                ),
                (
                    "roster_entry",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.rosterentry",
                    ),
                ),
                (
                    "stakeholder",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.stakeholder",
                    ),
                ),
                (
                    "team_member",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.teammember",
                    ),
                ),
                (
                    "due",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("invitation", "The invitation"),
                            ("reminder", "A reminder"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("opted_out_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["email"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due", ""), _negated=True),
                        fields=["tenant", "survey"],
                        name="survey_mail_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("survey"),
                        django.db.models.functions.text.Lower("email"),
                        name="asked_once_in_a_survey",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminders__lte", 2)), name="two_reminders_at_most"
                    ),
                ],
            },
        ),
        ProtectTable("Invitee"),
        KeepToStaff("Invitee"),
        migrations.CreateModel(
            name="Response",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=engagements.models.answers.untimed_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "survey",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="engagements.survey",
                    ),
                ),
                ("anonymous", models.BooleanField()),
                ("shared", models.BooleanField()),
                (
                    "way",
                    models.CharField(
                        choices=[("link", "By link"), ("interview", "In an interview")],
                        default="link",
                        max_length=9,
                    ),
                ),
                (
                    "invitee",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="engagements.invitee",
                    ),
                ),
                (
                    "impact_group",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.impactgroup",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anonymous", False),
                            models.Q(
                                ("answered_at__isnull", True),
                                ("invitee__isnull", True),
                                ("way", "link"),
                            ),
                            _connector="OR",
                        ),
                        name="anonymous_is_anonymous",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("invitee__isnull", False)),
                        fields=("tenant", "invitee"),
                        name="one_answer_a_person",
                    ),
                ],
                "indexes": [],
            },
        ),
        ProtectTable("Response"),
        ShareByRow("Response"),
        migrations.CreateModel(
            name="Answer",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=engagements.models.answers.untimed_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "response",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="engagements.response",
                    ),
                ),
                (
                    "question",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="engagements.surveyquestion",
                    ),
                ),
                ("number", models.SmallIntegerField(null=True)),
                ("text", models.TextField(blank=True, max_length=4000)),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("shared", models.BooleanField()),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "response", "question"), name="one_answer_a_question"
                    )
                ],
                "indexes": [],
            },
        ),
        ProtectTable("Answer"),
        ShareByRow("Answer"),
        migrations.CreateModel(
            name="Interview",
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
                        related_name="interviews",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "response",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interviews",
                        to="engagements.response",
                    ),
                ),
                ("interviewee", models.CharField(max_length=200, verbose_name="who was asked")),
                (
                    "interviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "notes",
                    models.TextField(
                        blank=True,
                        help_text="What was said beyond the questions. Only your own side reads it.",
                        max_length=10000,
                        verbose_name="notes",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [],
                "constraints": [],
            },
        ),
        ProtectTable("Interview"),
        KeepToStaff("Interview"),
        migrations.CreateModel(
            name="Concern",
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
                        related_name="concerns",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="What is wrong, for whom, in a sentence.",
                        max_length=400,
                        verbose_name="concern",
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
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("doing", "Being looked into"),
                            ("solved", "Solved"),
                        ],
                        default="open",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                (
                    "resolution",
                    models.TextField(
                        blank=True,
                        help_text="Needed to call it solved.",
                        max_length=2000,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="With owner, day and outcome.",
                        verbose_name="the customer’s side sees it",
                    ),
                ),
                (
                    "answer",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="concerns",
                        to="engagements.answer",
                    ),
                ),
                (
                    "interview",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="concerns",
                        to="engagements.interview",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("solved_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "engagement"], name="concerns_of_engagement")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", True),
                            ("owner_at_customer__isnull", True),
                            _connector="OR",
                        ),
                        name="a_concern_has_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "solved"), _negated=True),
                            models.Q(
                                models.Q(("resolution", ""), _negated=True),
                                ("solved_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_solved_concern_says_how",
                        violation_error_message="Say what was done about it.",
                    ),
                ],
            },
        ),
        ProtectTable("Concern"),
        ShareByRow("Concern"),
        migrations.CreateModel(
            name="AnswerLink",
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
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                ("invitee_id", models.UUIDField()),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("secret_hash", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "invitee_id"], name="links_of_invitee")],
                "constraints": [],
            },
        ),
        # An answer cannot say of itself whether it is anonymous: the key carries the survey's word.
        migrations.RunSQL(
            sql=[
                "ALTER TABLE engagements_survey ADD CONSTRAINT engagements_survey_word UNIQUE (tenant_id, id, anonymous)",
                "ALTER TABLE engagements_response ADD CONSTRAINT engagements_response_word FOREIGN KEY (tenant_id, survey_id, anonymous) REFERENCES engagements_survey (tenant_id, id, anonymous) DEFERRABLE INITIALLY DEFERRED",
            ],
            reverse_sql=[
                "ALTER TABLE engagements_response DROP CONSTRAINT engagements_response_word",
                "ALTER TABLE engagements_survey DROP CONSTRAINT engagements_survey_word",
            ],
        ),
    ]
