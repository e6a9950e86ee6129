"""Limits and counts of sources, how long events stay, erasures, and the months of the events."""

import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import (
    CUSTOMER_IN_FORCE,
    STAFF_IN_FORCE,
    TENANT_IN_FORCE,
    KeepToStaff,
    ProtectTable,
)

COUNTED = ("requests", "accepted", "repeated", "put_aside", "left_out", "told", "refused")
OPTIONS = {"abstract": False, "base_manager_name": "objects"}

# With the owner's rights: the app may not make tables. It can make nothing here but a month that
# is missing, guarded as the others are. The policies are those of tenancy.rls.
MAKE_MONTHS = f"""
CREATE FUNCTION usage_make_months(first_month date, months integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    starts date;
    part text;
    tenant_rule text := $rule$tenant_id = {TENANT_IN_FORCE}$rule$;
    customer_rule text := $rule${STAFF_IN_FORCE} OR customer_id = {CUSTOMER_IN_FORCE}$rule$;
BEGIN
    IF months NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'At most ten years are made ahead.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('usage_event partitions'));
    FOR step IN 0..months LOOP
        starts := (date_trunc('month', first_month) + make_interval(months => step))::date;
        part := 'usage_event_' || to_char(starts, 'YYYY_MM');
        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I (LIKE public.usage_event INCLUDING DEFAULTS'
            ' INCLUDING CONSTRAINTS)', part);
        EXECUTE format('ALTER TABLE public.%I ADD PRIMARY KEY'
            ' (tenant_id, customer_id, occurred_at, id)', part);
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY tenant_isolation ON public.%I USING (%s) WITH CHECK (%s)',
            part, tenant_rule, tenant_rule);
        EXECUTE format('CREATE POLICY customer_isolation ON public.%I AS RESTRICTIVE'
            ' USING (%s) WITH CHECK (%s)', part, customer_rule, customer_rule);
        EXECUTE format('ALTER TABLE public.usage_event ATTACH PARTITION public.%I'
            ' FOR VALUES FROM (%L) TO (%L)', part, starts::text || ' 00:00+00',
            (starts + interval '1 month')::date::text || ' 00:00+00');
        RETURN NEXT part;
    END LOOP;
END $$;
"""
DROP_MAKER = "DROP FUNCTION usage_make_months(date, integer)"


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


class Migration(migrations.Migration):
    dependencies = [("usage", "0005_identity")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="requests_a_second",
            field=models.PositiveIntegerField(
                default=1000,
                help_text="Whatever is beyond is asked to wait a second and is then sent again.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="requests a second at most",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="events_a_day",
            field=models.PositiveIntegerField(
                default=20000000,
                help_text=(
                    "Counted by the workspace's calendar. Beyond it, senders are asked to wait."
                ),
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="events a day at most",
            ),
        ),
        migrations.AddField(
            model_name="sourcekey",
            name="last_used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="IntakeHour",
            fields=[
                ("id", own_id()),
                ("starts_at", models.DateTimeField()),
                ("epoch", models.CharField(max_length=32)),
                *((name, models.BigIntegerField(default=0)) for name in COUNTED),
                (
                    "source",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="usage.source",
                    ),
                ),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["starts_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "source", "starts_at", "epoch"), name="one_count_an_epoch"
                    )
                ],
            },
        ),
        ProtectTable("IntakeHour"),
        KeepToStaff("IntakeHour"),
        migrations.CreateModel(
            name="Retention",
            fields=[
                ("id", own_id()),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="one_retention_a_workspace")
                ]
            },
        ),
        ProtectTable("Retention"),
        KeepToStaff("Retention"),
        migrations.CreateModel(
            name="SpentReceipts",
            fields=[
                ("id", own_id()),
                ("ids", ArrayField(base_field=models.UUIDField(), size=None)),
                ("spent_at", models.DateTimeField()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS | {"ordering": ["spent_at"]},
        ),
        ProtectTable("SpentReceipts"),
        KeepToStaff("SpentReceipts"),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", own_id()),
                ("digest", models.BinaryField(max_length=32)),
                ("erased_at", models.DateTimeField()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["erased_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "digest"), name="one_erasure_a_person"
                    )
                ],
            },
        ),
        ProtectTable("Erasure"),
        KeepToStaff("Erasure"),
        migrations.RunSQL(MAKE_MONTHS, DROP_MAKER),
    ]
