"""A request's events taken in by functions, whose plans each connection keeps.

Planning the same statements anew took about as long as storing a hundred events. The arrays hold an
element for each event, in the order of the keys; no key is there twice.
"""

from django.db import migrations

# A touch bears the key of one of its events: to make one up takes longer than all else about it.
KEEP = """
CREATE FUNCTION usage_keep(
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
    INSERT INTO usage_touch (tenant_id, id, customer_id, first_at, last_at)
    SELECT workspace, (array_agg(a.key))[1], a.customer,
        'epoch'::timestamptz + min(a.instant) * interval '1 microsecond',
        'epoch'::timestamptz + max(a.instant) * interval '1 microsecond'
    FROM unnest(keys, customers, instants) AS a(key, customer, instant)
    GROUP BY a.customer, a.instant / 604800000000;
    RETURN cardinality(keys);
END $$;
"""
# Receipts are first written as if all were new; a clash goes back to that point and keeps what
# nobody has a receipt for.
TAKE = """
CREATE FUNCTION usage_take(
    workspace uuid, sender uuid, received timestamptz, keys uuid[], customers uuid[],
    end_users uuid[], instants bigint[], names text[], name_places integer[],
    features text[], feature_places integer[]
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fresh uuid[];
BEGIN
    BEGIN
        INSERT INTO usage_receipt (tenant_id, id) SELECT workspace, unnest(keys);
    EXCEPTION WHEN unique_violation THEN
        WITH taken AS (
            INSERT INTO usage_receipt (tenant_id, id) SELECT workspace, unnest(keys)
            ON CONFLICT DO NOTHING RETURNING id
        )
        SELECT array_agg(id) INTO fresh FROM taken;
        SELECT array_agg(a.key), array_agg(a.customer), array_agg(a.end_user),
            array_agg(a.instant), array_agg(a.name_place), array_agg(a.feature_place)
        INTO keys, customers, end_users, instants, name_places, feature_places
        FROM unnest(keys, customers, end_users, instants, name_places, feature_places)
            AS a(key, customer, end_user, instant, name_place, feature_place)
        WHERE a.key = ANY (fresh);
        IF keys IS NULL THEN
            RETURN 0;
        END IF;
    END;
    RETURN usage_keep(workspace, sender, received, keys, customers, end_users, instants, names,
        name_places, features, feature_places);
END $$;
"""
# All that a process may remember of a source between two requests, as one text that is another one
# as soon as any of it changes: the source, how long events stay, whether anybody was erased, and
# how often names were changed. NULL when the source is gone or its workspace closed.
STAMP = """
CREATE FUNCTION usage_stamp(workspace uuid, sender uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT concat_ws(' ', s.xmin,
            coalesce((SELECT r.xmin::text FROM usage_retention r WHERE r.tenant_id = workspace), '-'),
            EXISTS (SELECT FROM usage_erasure e WHERE e.tenant_id = workspace),
            (SELECT count(*) FROM usage_namechange n WHERE n.tenant_id = workspace),
            (SELECT coalesce(max(n.id), 0) FROM usage_namechange n WHERE n.tenant_id = workspace))
        FROM usage_source s JOIN tenancy_tenant t ON t.id = s.tenant_id
        WHERE s.tenant_id = workspace AND s.id = sender AND t.delete_after IS NULL
    );
END $$;
"""
# -1 when it is no longer as remembered: nothing is taken in then. A receipt that is there already is
# an error: who repeats a message goes the way above, and nobody else pays for a point to go back to.
TAKE_KNOWN = """
CREATE FUNCTION usage_take_known(
    stamp text, workspace uuid, sender uuid, received timestamptz, keys uuid[], customers uuid[],
    end_users uuid[], instants bigint[], names text[], name_places integer[],
    features text[], feature_places integer[]
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF usage_stamp(workspace, sender) IS DISTINCT FROM stamp THEN
        RETURN -1;
    END IF;
    INSERT INTO usage_receipt (tenant_id, id) SELECT workspace, unnest(keys);
    RETURN usage_keep(workspace, sender, received, keys, customers, end_users, instants, names,
        name_places, features, feature_places);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("usage", "0010_uploads_and_months")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION usage_keep;"),
        migrations.RunSQL(TAKE, "DROP FUNCTION usage_take;"),
        migrations.RunSQL(STAMP, "DROP FUNCTION usage_stamp;"),
        migrations.RunSQL(TAKE_KNOWN, "DROP FUNCTION usage_take_known;"),
    ]
