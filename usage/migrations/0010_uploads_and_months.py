"""Files of a source, refused keys counted, and months of events that nobody keeps gone at once."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.fields
from tenancy.rls import AddTenantKey

ORIGINS = [
    ("upload", "Uploaded"),
    ("api", "Over the API"),
    ("command", "By command"),
    ("folder", "From the drop folder"),
]

# The workspaces with events in a month, or NULL when one of them keeps it.
LET_GO = """
CREATE FUNCTION usage_month_owners(part text, ends timestamptz) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    owners uuid[] := '{}';
    workspace uuid;
    there boolean;
    kept smallint;
BEGIN
    FOR workspace IN SELECT id FROM public.tenancy_tenant LOOP
        PERFORM set_config('app.tenant_id', workspace::text, true);
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE tenant_id = %L)',
            part, workspace) INTO there;
        CONTINUE WHEN NOT there;
        SELECT months INTO kept FROM public.usage_retention WHERE tenant_id = workspace;
        IF kept IS NULL OR ends > date_trunc('month', now(), 'UTC')
            - make_interval(months => kept) THEN
            RETURN NULL;
        END IF;
        owners := owners || workspace;
    END LOOP;
    RETURN owners;
END $$;
"""
# With the owner's rights: the app may not empty tables. By the database's own clock, so that nobody
# can ask for more than every workspace has let go.
EMPTY_MONTHS = """
CREATE FUNCTION usage_empty_months() RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    patience text := current_setting('lock_timeout');
    asking text := current_setting('app.tenant_id', true);
    month record;
    owners uuid[];
    workspace uuid;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('usage_event partitions')) THEN
        RETURN;
    END IF;
    PERFORM set_config('lock_timeout', '2s', true);
    FOR month IN
        SELECT c.relname::text AS part, substring(
            pg_get_expr(c.relpartbound, c.oid) FROM $re$TO \\('([^']+)'\\)$re$)::timestamptz AS ends
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.usage_event'::regclass AND pg_relation_size(c.oid) > 0
        ORDER BY ends
    LOOP
        -- Asked before anybody has to wait, and again once nothing can come in.
        CONTINUE WHEN public.usage_month_owners(month.part, month.ends) IS NULL;
        BEGIN
            EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', month.part);
            owners := public.usage_month_owners(month.part, month.ends);
            IF owners IS NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'lock_not_available';
            END IF;
            FOREACH workspace IN ARRAY owners LOOP
                -- Whoever counts these days must not find them gone half way.
                IF NOT pg_try_advisory_xact_lock(
                    hashtext('usage.close_days'), hashtext(workspace::text)) THEN
                    RAISE EXCEPTION USING ERRCODE = 'lock_not_available';
                END IF;
                PERFORM set_config('app.tenant_id', workspace::text, true);
                EXECUTE format('INSERT INTO public.usage_spentreceipts (tenant_id, id, ids, spent_at)'
                    ' SELECT tenant_id, uuidv7(), array_agg(id), now() FROM (SELECT tenant_id, id,'
                    ' (row_number() OVER () - 1) / 5000 AS block FROM public.%I'
                    ' WHERE tenant_id = %L) e GROUP BY tenant_id, block', month.part, workspace);
                INSERT INTO public.usage_droppedevents (tenant_id, id, before_at)
                VALUES (workspace, uuidv7(), month.ends)
                ON CONFLICT (tenant_id) DO UPDATE SET before_at =
                    greatest(usage_droppedevents.before_at, excluded.before_at);
            END LOOP;
            EXECUTE format('TRUNCATE public.%I', month.part);
            RETURN NEXT month.part;
        EXCEPTION WHEN lock_not_available THEN
            -- Somebody is at it, and its locks are given back: another night will come.
            NULL;
        END;
    END LOOP;
    PERFORM set_config('app.tenant_id', coalesce(asking, ''), true);
    PERFORM set_config('lock_timeout', patience, true);
END $$;
"""
KEEP_MONTHS = (
    "DROP FUNCTION usage_empty_months(); DROP FUNCTION usage_month_owners(text, timestamptz)"
)


class Migration(migrations.Migration):
    dependencies = [("usage", "0009_names_remembered")]

    operations = [
        migrations.AlterField(
            model_name="usageimport",
            name="origin",
            field=models.CharField(choices=ORIGINS, default="upload", max_length=7),
        ),
        migrations.AddField(
            model_name="usageimport",
            name="source",
            field=tenancy.fields.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="usage.source",
            ),
        ),
        AddTenantKey("UsageImport", "source"),
        migrations.AddField(
            model_name="intakehour",
            name="wrong_key",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunSQL(LET_GO + EMPTY_MONTHS, KEEP_MONTHS),
    ]
