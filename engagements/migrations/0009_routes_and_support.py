"""Routes of requests with what was counted on them, and contacts with the help desk."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from django.conf import settings
from django.db import migrations, models
from tenancy.rls import ProtectTable


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_files"),
        ("tenancy", "0006_stored_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkRoute",
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
                    "name",
                    models.CharField(
                        help_text="Such as “Mailbox orders@” or “Paper form 12”.",
                        max_length=120,
                        verbose_name="route",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "The new software"),
                            ("email", "E-mail"),
                            ("phone", "Telephone"),
                            ("paper", "Paper form"),
                            ("old_system", "Old system"),
                            ("sheet", "Spreadsheet"),
                            ("in_person", "In person"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "shut_off_date",
                    models.DateField(blank=True, null=True, verbose_name="to be shut off on"),
                ),
                (
                    "shut_date",
                    models.DateField(blank=True, null=True, verbose_name="shut off since"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
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
                        related_name="routes",
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
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        ProtectTable("WorkRoute"),
        migrations.CreateModel(
            name="RouteVolume",
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
                    "period",
                    models.CharField(
                        choices=[("week", "Week"), ("month", "Month")],
                        max_length=5,
                        verbose_name="counted by",
                    ),
                ),
                ("day", models.DateField(verbose_name="last day of the period")),
                ("amount", models.PositiveIntegerField(verbose_name="requests")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("hand", "by hand"),
                            ("file", "from a file"),
                            ("api", "over the API"),
                        ],
                        default="hand",
                        max_length=4,
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now=True)),
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
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
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
                (
                    "route",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="volumes",
                        to="engagements.workroute",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        ProtectTable("RouteVolume"),
        migrations.CreateModel(
            name="SupportContact",
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
                ("day", models.DateField(verbose_name="day")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("coached", "Coached"),
                            ("did_for", "Did it for the user"),
                            ("fault", "Fault"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                        verbose_name="what became of it",
                    ),
                ),
                (
                    "count",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="More than one for a day’s sum.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                        verbose_name="contacts",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("chat", "Chat"),
                            ("portal", "Portal"),
                            ("in_person", "In person"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                        verbose_name="channel",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        help_text="The feature it was about.",
                        max_length=120,
                        verbose_name="topic",
                    ),
                ),
                (
                    "ticket",
                    models.CharField(
                        blank=True,
                        help_text="Its id in the help desk’s system. Sent again, it is the same contact.",
                        max_length=100,
                        verbose_name="ticket",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("hand", "by hand"),
                            ("file", "from a file"),
                            ("api", "over the API"),
                        ],
                        default="hand",
                        max_length=4,
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
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
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="engagements.enduser",
                        verbose_name="end user",
                    ),
                ),
                (
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="support_contacts",
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
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
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
                "ordering": ["-day", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["tenant", "engagement", "-day"], name="contacts_of_engagement"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ticket", ""), _negated=True),
                        fields=("tenant", "engagement", "ticket"),
                        name="one_contact_a_ticket",
                        violation_error_message="Another contact has this ticket already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ticket", ""), ("count", 1), _connector="OR"),
                        name="a_ticket_is_one_contact",
                        violation_error_message="A ticket is one contact.",
                    ),
                ],
            },
        ),
        ProtectTable("SupportContact"),
        migrations.AddConstraint(
            model_name="workroute",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("engagement"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("deleted_at", None)),
                name="one_route_a_name",
                violation_error_message="Another route has this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workroute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", True), ("owner_at_customer__isnull", True), _connector="OR"
                ),
                name="a_route_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="workroute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "new"), _negated=True),
                    models.Q(("shut_date__isnull", True), ("shut_off_date__isnull", True)),
                    _connector="OR",
                ),
                name="the_new_route_stays_open",
                violation_error_message="The new software is not shut off.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routevolume",
            constraint=models.UniqueConstraint(
                fields=("tenant", "route", "day"),
                name="one_volume_a_period",
                violation_error_message="This period is counted already.",
            ),
        ),
    ]
