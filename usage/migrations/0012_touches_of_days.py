"""A touch names all customers a request brought events of on one day: one row, not one for each.

The version before writes `customer_id` for as long as it still runs; the column goes with a later one.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

from tenancy.rls import KeepToStaff

# Filled by a change of type, for row security shows a migration no rows. Keys cannot be packed, so
# nobody is to try.
MANY = """
ALTER TABLE usage_touch ADD COLUMN customers uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE usage_touch ALTER COLUMN customers TYPE uuid[] USING ARRAY[customer_id];
ALTER TABLE usage_touch ALTER COLUMN customer_id DROP NOT NULL;
ALTER TABLE usage_touch ALTER COLUMN customers SET STORAGE EXTERNAL;
"""
# As before but for touches.
KEEP = """
CREATE OR REPLACE FUNCTION usage_keep(
    workspace uuid, sender uuid, received timestamptz, keys uuid[], customers uuid[],
    end_users uuid[], instants bigint[], names text[], name_places integer[],
    features text[], feature_places integer[]
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO usage_event (tenant_id, id, source_id, customer_id, end_user_id, occurred_at,
        received_at, name, feature)
    SELECT workspace, a.key, sender, a.customer, a.end_user,
        'epoch'::timestamptz + a.instant * interval '1 microsecond', received,
        names[a.name_place], features[a.feature_place]
    FROM unnest(keys, customers, end_users, instants, name_places, feature_places)
        AS a(key, customer, end_user, instant, name_place, feature_place);
    INSERT INTO usage_touch (tenant_id, customers, first_at, last_at)
    SELECT workspace, array_agg(d.customer),
        'epoch'::timestamptz + min(d.first) * interval '1 microsecond',
        'epoch'::timestamptz + max(d.last) * interval '1 microsecond'
    FROM (
        SELECT a.customer, a.instant / 86400000000 AS day, min(a.instant) AS first,
            max(a.instant) AS last
        FROM unnest(customers, instants) AS a(customer, instant)
        GROUP BY 1, 2
    ) d
    GROUP BY d.day;
    RETURN cardinality(keys);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("usage", "0011_taking")]

    operations = [
        migrations.RunSQL(
            MANY,
            state_operations=[
                migrations.RemoveField("Touch", "customer"),
                migrations.AddField(
                    "Touch",
                    "customers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                    preserve_default=False,
                ),
            ],
        ),
        KeepToStaff("Touch"),
        migrations.RunSQL(KEEP),
    ]
