"""A request's events taken in by one function, whose plans each connection keeps.

Planning the same statements anew took about as long as storing a hundred events. The arrays hold an
element for each event, in the order of the keys; no key is there twice.
"""

from django.db import migrations

# Receipts are first written as if all were new, which is the common case and needs no look-up; a
# clash goes back to that point and keeps what nobody has a receipt for. A touch bears the key of
# one of its events: to make one up takes longer than all else about it.
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
        SELECT coalesce(array_agg(id), '{}') INTO fresh FROM taken;
        SELECT coalesce(array_agg(a.key), '{}'), array_agg(a.customer), array_agg(a.end_user),
            array_agg(a.instant), array_agg(a.name_place), array_agg(a.feature_place)
        INTO keys, customers, end_users, instants, name_places, feature_places
        FROM unnest(keys, customers, end_users, instants, name_places, feature_places)
            AS a(key, customer, end_user, instant, name_place, feature_place)
        WHERE a.key = ANY (fresh);
    END;
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


class Migration(migrations.Migration):
    dependencies = [("usage", "0010_uploads_and_months")]

    operations = [migrations.RunSQL(TAKE, "DROP FUNCTION usage_take;")]
