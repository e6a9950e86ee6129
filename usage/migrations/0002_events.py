"""The large tables: made by hand, since Django knows neither partitions nor keys of this shape.

The role that migrates owns them. Rows carry no foreign key to the workspace, which row security
already checks, and events none at all: `operations.recording` resolves what they point at.
"""

from datetime import UTC, datetime

import django.db.models.deletion
import tenancy.fields
import tenancy.models.base
import tenancy.scope
from django.db import migrations, models
from tenancy.rls import policies

FIRST_MONTH = (2024, 1)
MONTHS_AHEAD = 24

TABLES = """
CREATE TABLE usage_receipt (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE usage_event (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    end_user_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    name text NOT NULL,
    feature text NOT NULL,
    properties jsonb,
    PRIMARY KEY (tenant_id, customer_id, occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE usage_touch (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    customer_id uuid NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE usage_userday (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    day date NOT NULL,
    end_user_id uuid NOT NULL,
    events integer NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, day, end_user_id),
    CONSTRAINT usage_userday_end_user_id_fk FOREIGN KEY (tenant_id, customer_id, end_user_id)
        REFERENCES engagements_enduser (tenant_id, customer_id, id)
);
CREATE INDEX user_days_of_end_user ON usage_userday (tenant_id, end_user_id, day);
CREATE TABLE usage_dailyuse (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    day date NOT NULL,
    dau integer NOT NULL,
    wau integer NOT NULL,
    mau integer NOT NULL,
    events integer NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, day),
    CONSTRAINT usage_dailyuse_customer_id_fk FOREIGN KEY (tenant_id, customer_id)
        REFERENCES engagements_customer (tenant_id, id)
);
"""
DROPPED = "DROP TABLE usage_dailyuse, usage_userday, usage_touch, usage_event, usage_receipt"
GUARDED = {
    "usage_receipt": None,
    "usage_event": "customer_id",
    "usage_touch": "customer_id",
    "usage_userday": "customer_id",
    "usage_dailyuse": "customer_id",
}


def guard_tables(apps, schema_editor):
    for table, customer_column in GUARDED.items():
        for statement in policies(table, customer_column):
            schema_editor.execute(statement)


def make_first_partitions(apps, schema_editor):
    """One for the past, then a month each; later months are made by the night."""
    year, month = FIRST_MONTH
    bounds = [(y, m) for y in range(year, 9999) for m in range(1, 13)]
    now = datetime.now(UTC)
    count = (now.year - year) * 12 + now.month - month + MONTHS_AHEAD + 1
    partition(schema_editor, "usage_event_past", "MINVALUE", _day(bounds[0]))
    for (y, m), following in zip(bounds[:count], bounds[1:], strict=False):
        partition(schema_editor, f"usage_event_{y}_{m:02}", _day((y, m)), _day(following))


def _day(bound):
    return f"'{bound[0]}-{bound[1]:02}-01 00:00+00'"


def partition(schema_editor, name, start, end):
    schema_editor.execute(
        f"CREATE TABLE {name} PARTITION OF usage_event FOR VALUES FROM ({start}) TO ({end})"
    )
    for statement in policies(name, "customer_id"):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("usage", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLES, DROPPED),
                migrations.RunPython(guard_tables, migrations.RunPython.noop),
                migrations.RunPython(make_first_partitions, migrations.RunPython.noop),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Receipt",
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
                    ],
                    options={
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Event",
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
                        ("occurred_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("name", models.TextField()),
                        ("feature", models.TextField()),
                        ("properties", models.JSONField(null=True)),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                to="engagements.enduser",
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
                            "source",
                            tenancy.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                to="usage.source",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-occurred_at", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Touch",
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
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
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
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="UserDay",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "tenant_id",
                                "customer_id",
                                "day",
                                "end_user_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("day", models.DateField()),
                        ("events", models.IntegerField()),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="user_days",
                                to="engagements.enduser",
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
                    },
                ),
                migrations.CreateModel(
                    name="DailyUse",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "tenant_id",
                                "customer_id",
                                "day",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("day", models.DateField()),
                        ("dau", models.IntegerField()),
                        ("wau", models.IntegerField()),
                        ("mau", models.IntegerField()),
                        ("events", models.IntegerField()),
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
                        "ordering": ["day"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.AddIndex(
                    model_name="userday",
                    index=models.Index(
                        fields=["tenant", "end_user", "day"], name="user_days_of_end_user"
                    ),
                ),
            ],
        ),
    ]
