"""Putting off and being done with; mail that is due, and how people want it."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from django.conf import settings
from django.db import migrations, models

from tenancy.rls import ProtectTable

TENANT = {
    "db_index": False,
    "on_delete": django.db.models.deletion.CASCADE,
    "related_name": "+",
    "to": "tenancy.tenant",
}


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("tenancy", "0005_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="notification", name="inbox_newest_first"),
        migrations.AddField(
            model_name="notification",
            name="digested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="done_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="snoozed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                models.F("tenant"),
                models.F("user"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("snoozed_until", "created_at"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="inbox_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)),
                fields=["tenant", "done_at"],
                name="inbox_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("read_at__isnull", False), _connector="OR"),
                name="done_is_read",
            ),
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("customer_id", models.UUIDField(editable=False, null=True)),
                ("day", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("failed", "Not delivered"),
                            ("skipped", "Not needed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("address", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "notification",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.notification",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        default=tenancy.scope.current_tenant_id, editable=False, **TENANT
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="mail_newest_first"),
                    models.Index(fields=["tenant", "user", "-id"], name="mail_of_a_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "notification"), name="one_mail_for_one"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "user", "day"), name="one_digest_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day", None), ("notification__isnull", False)),
                            models.Q(("day__isnull", False), ("notification", None)),
                            _connector="OR",
                        ),
                        name="a_mail_is_about_something",
                    ),
                ],
            },
        ),
        ProtectTable("Delivery"),
        # A notification goes with its customer, by the database's own key; its mail goes with it.
        migrations.RunSQL(
            """
            ALTER TABLE notifications_delivery
                DROP CONSTRAINT notifications_delivery_notification_id_fk,
                ADD CONSTRAINT notifications_delivery_notification_id_fk
                FOREIGN KEY (tenant_id, notification_id)
                REFERENCES notifications_notification (tenant_id, id)
                ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="DueMail",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(db_index=True)),
                ("tenant", models.ForeignKey(**TENANT)),
            ],
        ),
        migrations.CreateModel(
            name="MailChoice",
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
                ("ways", models.JSONField(default=dict)),
                (
                    "wants_digest",
                    models.BooleanField(default=True, verbose_name="a digest each working day"),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="at",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, max_length=64, verbose_name="time zone"),
                ),
                (
                    "mail_format",
                    models.CharField(
                        choices=[("both", "Text and HTML"), ("text", "Text only")],
                        default="both",
                        max_length=4,
                        verbose_name="mail as",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            """
            ALTER TABLE notifications_mailchoice
                ADD CONSTRAINT notifications_mailchoice_user_id_fk
                FOREIGN KEY (user_id) REFERENCES people_user (id)
                ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            migrations.RunSQL.noop,
        ),
    ]
