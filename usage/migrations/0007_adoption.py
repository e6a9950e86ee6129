"""What features were used, since when people come, and the rules that numbers follow.

Counted tables are made by hand, as their neighbours are: Django knows no keys of this shape.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import KeepToStaff, ProtectTable, policies

TABLES = """
CREATE TABLE usage_featureuserday (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    day date NOT NULL,
    end_user_id uuid NOT NULL,
    feature text NOT NULL,
    events integer NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, day, end_user_id, feature)
);
CREATE INDEX user_days_of_feature
    ON usage_featureuserday (tenant_id, customer_id, feature, day, end_user_id);
CREATE TABLE usage_userspan (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    end_user_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, end_user_id),
    CONSTRAINT usage_userspan_end_user_id_fk FOREIGN KEY (tenant_id, customer_id, end_user_id)
        REFERENCES engagements_enduser (tenant_id, customer_id, id) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE TABLE usage_pastclock (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    until_day date NOT NULL,
    until_at timestamptz NOT NULL,
    time_zone varchar(64) NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, until_day),
    CONSTRAINT usage_pastclock_customer_id_fk FOREIGN KEY (tenant_id, customer_id)
        REFERENCES engagements_customer (tenant_id, id)
);
"""
DROPPED = "DROP TABLE usage_pastclock, usage_userspan, usage_featureuserday"
GUARDED = ("usage_featureuserday", "usage_userspan", "usage_pastclock")
OPTIONS = {"abstract": False, "base_manager_name": "objects"}
ADOPTED = ("deep", "habitual", "features_tried", "features_adopted", "adopters")


def guard_tables(apps, schema_editor):
    for table in GUARDED:
        for statement in policies(table, "customer_id"):
            schema_editor.execute(statement)


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


def key_to(target, on_delete=django.db.models.deletion.CASCADE):
    return tenancy.fields.TenantForeignKey(
        db_constraint=False, db_index=False, on_delete=on_delete, related_name="+", to=target
    )


def composite(*columns):
    return models.CompositePrimaryKey(
        "tenant_id",
        "customer_id",
        *columns,
        blank=True,
        editable=False,
        primary_key=True,
        serialize=False,
    )


def owned(*fields):
    return [*fields, ("customer", key_to("engagements.customer")), ("tenant", own_tenant())]


def number(label, default, low=1, high=90, field=models.PositiveSmallIntegerField, **more):
    bounds = [django.core.validators.MinValueValidator(low)] if low else []
    if high:
        bounds.append(django.core.validators.MaxValueValidator(high))
    return field(default=default, validators=bounds, verbose_name=label, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_files"),
        ("tenancy", "0006_stored_answers"),
        ("usage", "0006_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLES, DROPPED),
                migrations.RunPython(guard_tables, migrations.RunPython.noop),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="FeatureUserDay",
                    fields=owned(
                        ("pk", composite("day", "end_user_id", "feature")),
                        ("day", models.DateField()),
                        ("feature", models.TextField()),
                        ("events", models.IntegerField()),
                        (
                            "end_user",
                            key_to("engagements.enduser", django.db.models.deletion.DO_NOTHING),
                        ),
                    ),
                    options=OPTIONS
                    | {
                        "indexes": [
                            models.Index(
                                fields=["tenant", "customer", "feature", "day", "end_user"],
                                name="user_days_of_feature",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UserSpan",
                    fields=owned(
                        ("pk", composite("end_user_id")),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField()),
                        ("end_user", key_to("engagements.enduser")),
                    ),
                    options=OPTIONS,
                ),
                migrations.CreateModel(
                    name="PastClock",
                    fields=owned(
                        ("pk", composite("until_day")),
                        ("until_day", models.DateField()),
                        ("until_at", models.DateTimeField()),
                        ("time_zone", models.CharField(max_length=64)),
                    ),
                    options=OPTIONS | {"ordering": ["until_day"]},
                ),
            ],
        ),
        *(
            migrations.AddField("dailyuse", name, models.IntegerField(default=0, db_default=0))
            for name in (*ADOPTED, "rules_version")
        ),
        migrations.AddField(
            "usagestate", "rules_version", models.IntegerField(default=0, db_default=0)
        ),
        *(
            migrations.AddField(
                model, "definition_version", models.SmallIntegerField(default=0, db_default=0)
            )
            for model in ("dailyuse", "usagestate")
        ),
        migrations.CreateModel(
            name="DroppedEvents",
            fields=[
                ("id", own_id()),
                ("before_at", models.DateTimeField()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="one_end_of_the_past")
                ]
            },
        ),
        ProtectTable("DroppedEvents"),
        KeepToStaff("DroppedEvents"),
        migrations.CreateModel(
            name="UsageRules",
            fields=[
                ("id", own_id()),
                ("version", models.PositiveIntegerField()),
                (
                    "window",
                    number(
                        "days of a month’s count",
                        28,
                        low=7,
                        help_text="28 days hold four of every weekday, so that no month looks longer.",
                    ),
                ),
                (
                    "with_weekends",
                    models.BooleanField(
                        default=True, verbose_name="use is expected on weekends too"
                    ),
                ),
                ("adopted_days", number("a feature is adopted from so many days of use", 3)),
                ("adopted_weeks", number("in so many different weeks", 2, high=13)),
                ("deep_days", number("use is deep from so many active days", 10)),
                (
                    "habit_weeks",
                    number("use is a habit in so many of the last four weeks", 3, high=4),
                ),
                (
                    "habit_percent",
                    number("on so many percent of the days it is expected", 50, low=0, high=100),
                ),
                (
                    "alarm_percent",
                    number("alarm at a fall over four weeks of so many percent", 20, high=100),
                ),
                (
                    "alarm_users",
                    number("from so many users", 5, high=0, field=models.PositiveIntegerField),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "version"), name="one_set_of_rules_a_version"
                    )
                ],
            },
        ),
        ProtectTable("UsageRules"),
        migrations.CreateModel(
            name="FirstValueRule",
            fields=owned(
                ("id", own_id()),
                (
                    "feature",
                    models.CharField(
                        blank=True,
                        help_text="As it is called where it is used. Left empty: any use.",
                        max_length=200,
                        verbose_name="feature",
                    ),
                ),
                ("uses", number("used so often", 1, high=0, field=models.PositiveIntegerField)),
                ("within_days", number("within days", 14, high=730)),
                (
                    "start",
                    models.CharField(
                        choices=[
                            ("access", "the day each user was given access"),
                            ("kickoff", "the start of the engagement"),
                            ("contract", "the first day of the licence"),
                        ],
                        default="access",
                        max_length=8,
                        verbose_name="counted from",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("engagement", key_to("engagements.engagement")),
            ),
            options=OPTIONS
            | {
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "engagement"), name="one_first_value_an_engagement"
                    )
                ],
            },
        ),
        ProtectTable("FirstValueRule"),
    ]
